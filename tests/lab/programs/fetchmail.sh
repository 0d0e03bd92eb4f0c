# program: fetchmail tmux
# sees: receiving
mkdir -p ~/Mail/icloud/{cur,new,tmp}
touch log
"$DOCTOR" setup fetchmail you@icloud.com --output ~/.fetchmailrc
own="--pidfile $HOME/pid"
screen="tmux -S $HOME/socket"
trap 'cat log; fetchmail $own --quit || true; $screen kill-server' EXIT
wait_for() {
    for _ in $(seq 200); do
        if "$@"; then return; fi
        sleep 0.1
    done
    echo "never so: $*"
    $screen capture-pane -p -t fetchmail | grep .
    exit 1
}
shows() { $screen capture-pane -p -t fetchmail | grep -q "$1"; }
# It asks at the terminal, and goes to the background.
$screen new-session -d -s fetchmail -x 160 -y 40 sh
$screen send-keys -t fetchmail -l "fetchmail $own --logfile $HOME/log --verbose"
$screen send-keys -t fetchmail Enter
wait_for shows "assword for you@imap.mail.me.com"
$screen send-keys -t fetchmail -l "$(cat secret)"
$screen send-keys -t fetchmail Enter
wait_for grep -q "poll completed" log
grep -rq "Subject: The only message" ~/Mail/icloud/new
grep -rq "^To: you@icloud.com" ~/Mail/icloud/new
# The whole message is never asked for as RFC822, to which iCloud answers with nothing.
grep -q "FETCH 1 BODY.PEEK\[TEXT\]" log
! grep -q "FETCH 1 RFC822$" log

# For what follows nobody sits at the terminal: the password comes from the file that other programs use too.
fetchmail $own --quit
wait_for test ! -e pid
source "$(dirname "$0")/broken.bash"
for host in imap smtp; do echo "machine $host.mail.me.com login you password $(cat secret)"; done > ~/.netrc
chmod 600 ~/.netrc
# 1 says that there was no new mail.
fetch() { fetchmail $own --daemon 0 --nodetach --nosyslog || (($? == 1)); }
fetch
is_mended ~/.fetchmailrc wrong-server-name 's/imap.mail.me.com/smtp.mail.me.com/' fetch
is_mended ~/.fetchmailrc wrong-port 's/993/995/' fetch
rm ~/.netrc
