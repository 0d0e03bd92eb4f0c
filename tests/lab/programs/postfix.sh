# program: postfix
# sees: sending
# The machine's own Postfix, as it is installed, in the mounts of this script alone.
mkdir -p ~/machine/etc ~/machine/queue ~/machine/data
cp -a /etc/postfix/. ~/machine/etc
test -e ~/machine/etc/main.cf || echo 'compatibility_level = 3.6' > ~/machine/etc/main.cf
chown postfix ~/machine/data
mount --bind ~/machine/etc /etc/postfix
mount --bind ~/machine/queue /var/spool/postfix
mount --bind ~/machine/data /var/lib/postfix
log=~/machine/log
postconf -e "maillog_file = $log" "maillog_file_prefixes = $HOME" 'smtp_tls_loglevel = 1'
# Who takes in what sendmail left is woken once more after a while, should it have missed the call.
postconf -F pickup/unix/wakeup=2

# The commands of the steps, as they are told; whoever runs this is root.
"$DOCTOR" setup postfix you@icloud.com --password-command "$PASSWORD_COMMAND" --output icloud.cf > ~/words
told() {
    tr -s '\n ' ' ' < ~/words | grep -o "\`$1[^\`]*" | cut -c 2-
}
sudo() {
    "$@"
}
eval "$(told 'grep = icloud.cf')"
eval "$(told "printf '\[smtp")"
test "$(stat -c '%a %U' /etc/postfix/sasl_passwd)" = "600 root"
# As the system starts it: with the names and the resolver where its processes look.
/usr/lib/postfix/configure-instance.sh -
eval "$(told 'sudo postfix check')"
postfix start

logged() {
    for _ in $(seq 300); do
        grep -qE "$1" "$log" && return
        sleep 0.1
    done
    cat "$log"
    return 1
}
eval "$(told "printf 'Subject: Test")"
logged 'to=<you@icloud.com>, relay=smtp\.mail\.me\.com\[.*\]:587, .*status=sent'
grep -q 'Verified TLS connection established to smtp\.mail\.me\.com\[' "$log"
grep -q 'from=<you@icloud.com>' "$log"

# A program that names senders of its own; the message is held back, and looked at.
postconf -e defer_transports=smtp
postfix reload
submit() {
    printf 'From: Cron Daemon <root@here>\nReply-To: visitor@example.org\nSubject: Of its own\n\nIt works.\n' |
        /usr/sbin/sendmail -f root "$1"
}
submit friend@example.org
logged 'to=<friend@example.org>, .*status=deferred'
held=$(sed -n 's/.* \([0-9A-F]*\): to=<friend@example.org>.*/\1/p' "$log" | head -1)
postcat -q "$held" | tee ~/held
grep -q '^sender: you@icloud.com' ~/held
grep -q '^From: Cron Daemon <you@icloud.com>' ~/held
grep -q '^Reply-To: you@icloud.com' ~/held
postconf -X defer_transports
postfix reload
eval "$(told 'sudo postqueue -f')"
logged 'to=<friend@example.org>, .*status=sent'

# As the last step says: the message keeps where it wants its answers.
told sender_canonical_classes >> /etc/postfix/main.cf
told smtp_header_checks >> /etc/postfix/main.cf
eval "$(told "echo '/\^From:/")"
postfix reload
submit nobody@example.org
logged 'to=<nobody@example.org>, .*status=sent'
grep -q 'replace: header From: Cron Daemon <root@here>: From: you@icloud.com' "$log"

source "$(dirname "$0")/broken.bash"
sends() {
    local to=$RANDOM@example.org
    postfix reload
    submit "$to"
    logged "to=<$to>, .*status="
    grep -q "to=<$to>, .*status=sent" "$log"
}
is_mended /etc/postfix/main.cf wrong-server-name 's/^relayhost = .*/relayhost = [imap.mail.me.com]:587/' sends
is_mended /etc/postfix/main.cf wrong-port 's/^relayhost = .*/relayhost = [smtp.mail.me.com]:25/' sends
is_mended /etc/postfix/main.cf encryption-off 's/^smtp_tls_security_level = .*/smtp_tls_security_level = none/' sends
postfix stop
