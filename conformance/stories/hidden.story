# Who hides is watched in vain, and seen again afterwards
# CSP 8.2.4 IMPS-CSP-PRSE-S-005 IMPS-CSP-PRSE-S-010 IMPS-CSP-PRSE-S-012

Romeo logs in with 1.1 XML
Juliet logs in with 1.3 XML
Juliet lets Romeo see her
Juliet says of herself "My only love"
Romeo watches Juliet
Romeo reads "My only love" of Juliet

Juliet hides from Romeo
Juliet says of herself "Sprung from my only hate"
Romeo does not read "Sprung from my only hate" of Juliet

Juliet lets Romeo see her
Romeo reads "Sprung from my only hate" of Juliet

Romeo stops watching Juliet
Juliet says of herself "Too early seen unknown, and known too late"
Romeo receives nothing more
