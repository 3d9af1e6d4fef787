# A phone that repeats its request is answered alike and heard once
# CSP 5.4 IMPS-CSP-TRACT-S-001

Romeo logs in with 1.1 WBXML
Juliet logs in with 1.1 XML

Romeo sends "Parting is such sweet sorrow" to Juliet
Romeo repeats the request
Romeo repeats the request
Romeo is told the same

Juliet receives "Parting is such sweet sorrow" from Romeo
Juliet receives nothing more
