# program: himalaya
# sees: receiving sending
mkdir -p ~/.config/himalaya
"$DOCTOR" setup himalaya you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/.config/himalaya/config.toml
himalaya account check
himalaya envelope list | grep "The only message"
himalaya message read 1
himalaya mailbox list | tee folders
for folder in Archive "Deleted Messages" Drafts Junk "Sent Messages"; do grep -q "$folder" folders; done
printf 'From: you@icloud.com\r\nTo: you@icloud.com\r\nSubject: Sent by Himalaya\r\n\r\nSent.\r\n' | himalaya message send
himalaya envelope list --mailbox sent | grep "Sent by Himalaya"
himalaya message move --from inbox --to trash 1
himalaya envelope list --mailbox "Deleted Messages" | grep "The only message"

source "$(dirname "$0")/broken.bash"
send() { printf 'From: you@icloud.com\r\nTo: you@icloud.com\r\nSubject: Test\r\n\r\nTest.\r\n' | himalaya message send; }
is_mended ~/.config/himalaya/config.toml wrong-server-name 's/imaps:\/\/imap.mail.me.com/imaps:\/\/smtp.mail.me.com/' himalaya envelope list
is_mended ~/.config/himalaya/config.toml wrong-port 's/smtp.mail.me.com:587/smtp.mail.me.com:25/' send
is_mended ~/.config/himalaya/config.toml tls-on-starttls-port 's|smtp://smtp|smtps://smtp|' send
