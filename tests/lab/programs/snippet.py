"""What a program of the pages for programmers must have said, and left on the server. SUBJECT is that of its message."""

import imaplib
import os
import ssl
import sys

said = sys.stdin.read()
print(said)
for part in ["Archive", "Deleted Messages", "Sent Messages", "Newest: The only message", "Sent."]:
    assert part in said, part

with imaplib.IMAP4_SSL("imap.mail.me.com", ssl_context=ssl.create_default_context()) as imap:
    imap.login("you", os.environ["ICLOUD_APP_PASSWORD"])
    imap.select("INBOX", readonly=True)
    assert imap.search(None, "SEEN") == ("OK", [b""]), "the message in the inbox is marked as read"
    assert imap.select('"Sent Messages"', readonly=True) == ("OK", [b"1"])
    assert imap.search(None, "SEEN") == ("OK", [b"1"]), "the copy is not marked as read"
    copy = imap.fetch("1", "(BODY.PEEK[])")[1][0][1].decode()
    head, _, body = copy.partition("\r\n\r\n")
    for field in ["From: ", "To: ", f"Subject: {sys.argv[1]}", "Date: ", "Message-ID: <"]:
        assert f"\n{field.lower()}" in f"\n{head.lower()}", f"{field}\n{copy}"
    assert "It works." in body, copy
