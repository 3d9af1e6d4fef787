# Who wants to be told first decides what becomes of each message
# CSP 9.1.6 IMPS-CSP-IMSE-S-004 IMPS-CSP-IMSE-S-007 IMPS-CSP-IMSE-S-008

Romeo logs in with 1.1 XML
Juliet logs in with 1.3 WBXML to be notified

Romeo sends "My name, dear saint, is hateful to myself" to Juliet and asks for a report
Juliet is notified of "My name, dear saint, is hateful to myself"
Romeo receives nothing
Juliet fetches "My name, dear saint, is hateful to myself"
Romeo receives a report on "My name, dear saint, is hateful to myself"

Romeo sends "Lady, by yonder blessed moon I vow" to Juliet
Juliet is notified of "Lady, by yonder blessed moon I vow"
Juliet rejects "Lady, by yonder blessed moon I vow"

Juliet receives nothing more
Romeo receives nothing more
