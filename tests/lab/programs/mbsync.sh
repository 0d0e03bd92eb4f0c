# program: mbsync
# sees: receiving
"$DOCTOR" setup mbsync you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/.mbsyncrc
mkdir -p ~/Mail/icloud
mbsync icloud
grep -rq "Subject: The only message" ~/Mail/icloud/INBOX
for folder in Sent Trash Archive Drafts Junk; do test -d ~/Mail/icloud/"$folder"/cur; done
test ! -e ~/Mail/icloud/Notes
# What is written on this side arrives on the other.
printf 'From: you@icloud.com\nSubject: Sent\n\nSent.\n' > ~/Mail/icloud/Sent/cur/1.here:2,S
mbsync icloud

# The laboratory's root is in the machine's store and in no public list, which the doctor remarks upon.
"$DOCTOR" setup mbsync you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/again --check > told || (($? == 1))
grep -q 'the IMAP server accepted the sign-in' told
grep -q 'the SMTP server accepted the sign-in' told

source "$(dirname "$0")/broken.bash"
is_mended ~/.mbsyncrc wrong-server-name 's/imap.mail.me.com/smtp.mail.me.com/' mbsync icloud
is_mended ~/.mbsyncrc wrong-port 's/^Port 993/Port 995/' mbsync icloud
# It waits for a greeting that never comes unencrypted.
sed -i 's/^SSLType IMAPS/SSLType IMAPS\nTimeout 3/' ~/.mbsyncrc
is_mended ~/.mbsyncrc plaintext-on-tls-port 's/^SSLType IMAPS/SSLType STARTTLS/' mbsync icloud
is_mended ~/.mbsyncrc wrong-port '/^Port/d; /^SSLType/d' mbsync icloud

# An archive has every message, and keeps what is gone on the server. Without the ledger, which lets a minute pass between
# sign-ins.
"$DOCTOR" setup mbsync you@icloud.com --archive --password-command "$PASSWORD_COMMAND" --output ~/.mbsyncrc-archive
mkdir -p ~/Mail/icloud-archive
mbsync -c ~/.mbsyncrc-archive icloud-archive
"$DOCTOR" archive verify --no-ledger you@icloud.com ~/Mail/icloud-archive --hash all --password-command "$PASSWORD_COMMAND" > told
grep -q 'here; .* compared byte for byte\.$' told
"$DOCTOR" archive pull --no-ledger you@icloud.com ~/Mail/pulled --password-command "$PASSWORD_COMMAND" > told
"$DOCTOR" archive verify --no-ledger you@icloud.com ~/Mail/pulled --hash all --password-command "$PASSWORD_COMMAND" > told
(cd ~/Mail/pulled && sha256sum --quiet -c SHA256SUMS)
rm ~/Mail/pulled/INBOX/cur/*
"$DOCTOR" archive verify --no-ledger you@icloud.com ~/Mail/pulled --password-command "$PASSWORD_COMMAND" > told || (($? == 1))
grep -q 'archive-incomplete' told
