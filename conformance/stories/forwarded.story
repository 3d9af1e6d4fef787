# A message that waits can be handed on, across generations of phones
# CSP 9.1.10 IMPS-CSP-IMSE-S-010

Romeo logs in with 1.2 WBXML
Juliet logs in with 1.1 XML to be notified

Romeo sends "Can I go forward when my heart is here?" to Juliet
Juliet is notified of "Can I go forward when my heart is here?"
Juliet forwards "Can I go forward when my heart is here?" to Romeo
Romeo receives "Can I go forward when my heart is here?" from Juliet

Juliet receives nothing more
Romeo receives nothing more
