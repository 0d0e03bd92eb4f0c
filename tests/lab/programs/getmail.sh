# program: getmail setpriv openssl
# sees: receiving
mkdir -p ~/.config/getmail ~/Mail/icloud/{cur,new,tmp}
"$DOCTOR" setup getmail you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/.config/getmail/getmailrc
# It delivers nothing to root.
as_somebody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
chown -R 65534:65534 ~
as_somebody getmail
grep -rq "Subject: The only message" ~/Mail/icloud/new
# What was fetched is not fetched again.
as_somebody getmail
test "$(find ~/Mail/icloud/new -type f | wc -l)" = 1
# Signed by nobody who stands in the list: no password is sent.
openssl req -x509 -newkey ed25519 -nodes -subj /CN=somebody -keyout /dev/null -out ~/others.pem 2> /dev/null
sed "s|^ca_certs = .*|ca_certs = $HOME/others.pem|" ~/.config/getmail/getmailrc > ~/.config/getmail/others
as_somebody getmail --rcfile others 2>&1 | tee refused || true
grep -q "certificate verify failed" refused

# It ends with 0 whatever happens, and says what did.
source "$(dirname "$0")/broken.bash"
fetch() {
    as_somebody getmail 2>&1 | tee ~/said
    ! grep -qi "error" ~/said
}
is_mended ~/.config/getmail/getmailrc wrong-server-name 's/^server = .*/server = smtp.mail.me.com/' fetch
is_mended ~/.config/getmail/getmailrc wrong-port 's/^port = .*/port = 995/' fetch
