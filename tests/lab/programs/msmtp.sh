# program: msmtp
# sees: sending
"$DOCTOR" setup msmtp you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/.msmtprc
printf 'From: you@icloud.com\nTo: friend@example.org\nSubject: Test\n\nIt works.\n' | msmtp friend@example.org
grep -q 'host=smtp.mail.me.com tls=on auth=on user=you@icloud.com from=you@icloud.com .*exitcode=EX_OK' ~/.msmtp.log
# As `sendmail -t` is called, and as a program that writes a sender of its own calls it once the step's lines are in.
printf 'From: you@icloud.com\nTo: friend@example.org\nSubject: Test\n\nIt works.\n' | msmtp -t
(umask 077; { cat ~/.msmtprc; printf 'set_from_header on\nallow_from_override off\n'; } > ~/for-cron)
printf 'From: root (Cron Daemon)\nTo: friend@example.org\nSubject: Test\n\nIt works.\n' | msmtp -C ~/for-cron -f root -t
test "$(grep -c 'from=you@icloud.com .*exitcode=EX_OK' ~/.msmtp.log)" = 3

source "$(dirname "$0")/broken.bash"
send() { printf 'From: you@icloud.com\nTo: friend@example.org\nSubject: Test\n\nIt works.\n' | msmtp friend@example.org; }
is_mended ~/.msmtprc wrong-server-name 's/smtp.mail.me.com/imap.mail.me.com/' send
is_mended ~/.msmtprc wrong-port 's/^port .*/port 25/' send
is_mended ~/.msmtprc tls-on-starttls-port 's/^tls_starttls .*/tls_starttls off/' send
is_mended ~/.msmtprc encryption-off 's/^tls .*/tls off/' send
