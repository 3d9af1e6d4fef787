# Romeo sees Juliet come and go
# CSP 8.3.2 IMPS-CSP-PRSE-S-005 IMPS-CSP-PRSE-S-008 IMPS-CSP-PRSE-S-012

Juliet logs in with 1.1 WBXML
Juliet lets Romeo see her
Juliet logs out

Romeo logs in with 1.3 XML
Romeo watches Juliet
Romeo sees Juliet offline

Juliet logs in with 1.2 WBXML
Romeo sees Juliet online
Juliet says of herself "On the balcony"
Romeo reads "On the balcony" of Juliet
Juliet says of herself "O Romeo, Romeo!"
Romeo reads "O Romeo, Romeo!" of Juliet

Juliet logs out
Romeo sees Juliet offline
