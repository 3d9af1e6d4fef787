# A sender is told when the message has arrived, even much later
# CSP 9.1.9 IMPS-CSP-IMSE-S-009

Romeo logs in with 1.3 WBXML
Romeo sends "Art thou not Romeo, and a Montague?" to Juliet and asks for a report
Romeo is told 200
Romeo receives nothing
Romeo logs out

Juliet logs in with 1.2 XML
Juliet receives "Art thou not Romeo, and a Montague?" from Romeo

Romeo logs in with 1.3 XML
Romeo receives a report on "Art thou not Romeo, and a Montague?"
Romeo receives nothing more
