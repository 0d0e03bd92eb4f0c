# program: python3
# sees: receiving sending
"$DOCTOR" setup k9 you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/icloud.k9s 2> /dev/null
cat > ~/check.py <<'PYTHON'
# No Android is here: what the app's importer asks of a file (SettingsFileParser.kt and the validators beside it, version 95
# of its settings), and a sign-in by what the file says.
import imaplib, os, smtplib, ssl, subprocess, uuid
import xml.etree.ElementTree as xml

root = xml.parse("icloud.k9s").getroot()
assert root.tag == "k9settings" and root.attrib == {"version": "95", "format": "1"}
(accounts,) = root
(account,) = accounts
assert (accounts.tag, account.tag) == ("accounts", "account")
assert uuid.UUID(account.attrib["uuid"]).version == 4
parts = {part.tag: part for part in account}
assert list(parts) == ["name", "incoming-server", "outgoing-server", "settings", "identities"]

SECURITY = {"NONE", "STARTTLS_REQUIRED", "SSL_TLS_REQUIRED"}
AUTHENTICATION = {"PLAIN", "CRAM_MD5", "EXTERNAL", "XOAUTH2", "NONE"}

def server(name, kind):
    fields = {field.tag: field.text for field in parts[name]}
    assert list(fields) == ["host", "port", "connection-security", "authentication-type", "username"], "also: no password"
    assert parts[name].attrib == {"type": kind}
    assert fields["connection-security"] in SECURITY and fields["authentication-type"] in AUTHENTICATION
    return fields

incoming, outgoing = server("incoming-server", "IMAP"), server("outgoing-server", "SMTP")
assert (incoming["connection-security"], outgoing["connection-security"]) == ("SSL_TLS_REQUIRED", "STARTTLS_REQUIRED")
assert incoming["authentication-type"] == outgoing["authentication-type"] == "PLAIN"

# An unknown key or value is passed over without a word, and the app's default taken.
ALLOWED = {
    "automaticCheckIntervalMinutes": {"-1", "15", "30", "60", "120", "180", "360", "720", "1440"},
    "displayCount": {"10", "25", "50", "100", "250", "500", "1000", "2500", "5000", "10000", "0"},
    "notifyNewMail": {"true", "false"},
    "deletePolicy": {"NEVER", "DELETE", "MARK_AS_READ"},
}
folders = {}
for value in parts["settings"]:
    key = value.attrib["key"]
    if key.endswith("FolderName"):
        folders[key.removesuffix("FolderName")] = value.text
    elif key.endswith("FolderSelection"):
        assert value.text == "MANUAL" and key.removesuffix("FolderSelection") in folders
    else:
        assert value.text in ALLOWED[key], key
assert set(folders) == {"archive", "drafts", "sent", "spam", "trash"}
(identity,) = parts["identities"]
assert {field.tag: field.text for field in identity} == {"name": "you", "email": "you@icloud.com"}

command = os.environ["PASSWORD_COMMAND"]
password = subprocess.run(command, shell=True, capture_output=True, text=True, check=True).stdout
roots = ssl.create_default_context()
inbox = imaplib.IMAP4_SSL(incoming["host"], int(incoming["port"]), ssl_context=roots)
inbox.login(incoming["username"], password)
for name in folders.values():
    assert inbox.select(f'"{name}"', readonly=True)[0] == "OK", name
inbox.select("INBOX", readonly=True)
assert b"Subject: The only message" in inbox.fetch("1", "BODY.PEEK[]")[1][0][1]
inbox.logout()
with smtplib.SMTP(outgoing["host"], int(outgoing["port"])) as outbox:
    outbox.starttls(context=roots)
    outbox.login(outgoing["username"], password)
    outbox.sendmail("you@icloud.com", ["you@icloud.com"], "Subject: Sent\r\n\r\nSent.\r\n")
PYTHON
python3 ~/check.py
