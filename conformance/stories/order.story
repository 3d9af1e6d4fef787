# Messages arrive in the order in which they were sent, online or not
# CSP 9.1.5 IMPS-CSP-IMSE-S-006

Romeo logs in with 1.1 XML
Romeo sends "one" to Juliet
Romeo sends "two" to Juliet

Juliet logs in with 1.3 WBXML
Romeo sends "three" to Juliet
Romeo sends "four" to Juliet

Juliet receives "one" from Romeo
Juliet receives "two" from Romeo
Juliet receives "three" from Romeo
Juliet receives "four" from Romeo
Juliet receives nothing more
