# Who is known gets the message, who is not is named to the sender
# CSP 6.1 IMPS-CSP-TRACT-S-009 IMPS-CSP-TRACT-S-011

Romeo logs in with 1.2 WBXML
Juliet logs in with 1.2 XML

Romeo sends "Is anybody there?" to Juliet and Nobody
Romeo is told 201, with 531 for Nobody
Juliet receives "Is anybody there?" from Romeo

Romeo sends "Nobody at all?" to Nobody
Romeo is told 531
Juliet receives nothing more
