# program: python3
# sees: receiving sending
"$DOCTOR" setup apple-devices you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/icloud-mail.mobileconfig 2> /dev/null
cat > ~/check.py <<'PYTHON'
# No device of Apple's is here: what its documentation asks of a profile, and a sign-in by what the profile says.
import imaplib, os, plistlib, smtplib, ssl, subprocess, uuid

profile = plistlib.load(open("icloud-mail.mobileconfig", "rb"), fmt=plistlib.FMT_XML)
(mail,) = profile["PayloadContent"]
assert profile["PayloadType"] == "Configuration" and mail["PayloadType"] == "com.apple.mail.managed"
assert mail["PayloadIdentifier"].startswith(profile["PayloadIdentifier"] + ".")
assert profile["PayloadUUID"] != mail["PayloadUUID"]
for payload in (profile, mail):
    assert payload["PayloadVersion"] == 1 and uuid.UUID(payload["PayloadUUID"]).version == 4

REQUIRED = {
    "EmailAccountType": str,
    "IncomingMailServerAuthentication": str, "IncomingMailServerHostName": str,
    "OutgoingMailServerAuthentication": str, "OutgoingMailServerHostName": str,
}
OPTIONAL = {
    "EmailAccountDescription": str, "EmailAccountName": str, "EmailAddress": str,
    "IncomingMailServerPortNumber": int, "IncomingMailServerUseSSL": bool, "IncomingMailServerUsername": str,
    "OutgoingMailServerPortNumber": int, "OutgoingMailServerUseSSL": bool, "OutgoingMailServerUsername": str,
    "OutgoingPasswordSameAsIncomingPassword": bool,
}
COMMON = {"PayloadType", "PayloadVersion", "PayloadIdentifier", "PayloadUUID", "PayloadDisplayName"}
assert set(REQUIRED) <= set(mail) <= set(REQUIRED) | set(OPTIONAL) | COMMON, "also: no password"
for key, kind in (REQUIRED | OPTIONAL).items():
    assert type(mail[key]) is kind, key
assert mail["EmailAccountType"] == "EmailTypeIMAP" and mail["EmailAddress"] == "you@icloud.com"
for way in ("Incoming", "Outgoing"):
    assert mail[f"{way}MailServerUseSSL"] and mail[f"{way}MailServerAuthentication"] == "EmailAuthPassword"

command = os.environ["PASSWORD_COMMAND"]
password = subprocess.run(command, shell=True, capture_output=True, text=True, check=True).stdout
roots = ssl.create_default_context()
inbox = imaplib.IMAP4_SSL(mail["IncomingMailServerHostName"], mail["IncomingMailServerPortNumber"], ssl_context=roots)
inbox.login(mail["IncomingMailServerUsername"], password)
inbox.select("INBOX", readonly=True)
assert b"Subject: The only message" in inbox.fetch("1", "BODY.PEEK[]")[1][0][1]
inbox.logout()
# On this port Apple's Mail takes the switch for SSL as STARTTLS.
with smtplib.SMTP(mail["OutgoingMailServerHostName"], mail["OutgoingMailServerPortNumber"]) as outbox:
    outbox.starttls(context=roots)
    outbox.login(mail["OutgoingMailServerUsername"], password)
    outbox.sendmail(mail["EmailAddress"], ["you@icloud.com"], "Subject: Sent\r\n\r\nSent.\r\n")
PYTHON
python3 ~/check.py
