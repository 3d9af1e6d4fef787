# Phones of two generations talk to each other
# CSP 9.1.1 IMPS-CSP-IMSE-S-002 IMPS-CSP-IMSE-S-006

Romeo logs in with 1.3 XML
Juliet logs in with 1.1 WBXML

Romeo sends "But soft, what light through yonder window breaks?" to Juliet
Romeo is told 200
Juliet receives "But soft, what light through yonder window breaks?" from Romeo

Juliet sends "O Romeo, Romeo! wherefore art thou Romeo?" to Romeo
Juliet is told 200
Romeo receives "O Romeo, Romeo! wherefore art thou Romeo?" from Juliet

Romeo receives nothing more
Juliet receives nothing more
