# A message to somebody who is offline waits
# CSP 5.6.4.2 IMPS-CSP-IMSE-S-006

Juliet logs in with 1.2 XML
Juliet sends "Goodnight, goodnight!" to Romeo
Juliet is told 200
Juliet logs out

Romeo logs in with 1.2 WBXML
Romeo receives "Goodnight, goodnight!" from Juliet
Romeo receives nothing more
Romeo logs out

# What was fetched is gone.
Romeo logs in with 1.1 XML
Romeo receives nothing
