# program: git /usr/lib/git-core/git-send-email
# sees: sending
"$DOCTOR" setup git-send-email you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/.gitconfig
# Debian's git before any other, for its package git-email is the one that is installed.
export PATH=/usr/bin:$PATH
git init --quiet project
cd project
# Who commits under another address, for the sender has to be the account's all the same.
git config user.name Author
git config user.email author@example.org
git commit --quiet --allow-empty --message "Begin"
echo "It works." > readme
git add readme
git commit --quiet --message "Say that it works"
git send-email --confirm never --suppress-cc all --to friend@example.org -1 | tee ~/said
grep -q "^From: you <you@icloud.com>" ~/said
grep -q "^MAIL FROM:<you@icloud.com>" ~/said
grep -q "^Result: 250" ~/said

source "$(dirname "$0")/broken.bash"
send() { git send-email --confirm never --suppress-cc all --to friend@example.org -1; }
is_mended ~/.gitconfig wrong-server-name 's/smtpServer = smtp.mail.me.com/smtpServer = imap.mail.me.com/' send
is_mended ~/.gitconfig wrong-port 's/smtpServerPort = 587/smtpServerPort = 25/' send
is_mended ~/.gitconfig tls-on-starttls-port 's/smtpEncryption = tls/smtpEncryption = ssl/' send
is_mended ~/.gitconfig encryption-off '/smtpEncryption/d' send
