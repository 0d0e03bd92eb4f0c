# program: fetchmail tmux
# sees: receiving
mkdir -p ~/Mail/icloud/{cur,new,tmp}
touch log
"$DOCTOR" setup fetchmail you@icloud.com --output ~/.fetchmailrc
own="--pidfile $HOME/pid"
screen="tmux -S $HOME/socket"
trap 'cat log; fetchmail $own --quit; $screen kill-server' EXIT
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
