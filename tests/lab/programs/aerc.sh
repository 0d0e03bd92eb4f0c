# program: aerc tmux
# sees: receiving sending
mkdir -p ~/.config/aerc
"$DOCTOR" setup aerc you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/.config/aerc/accounts.conf
screen="tmux -S $HOME/socket"
sees() {
    for poll in $(seq 300); do
        # On a slow machine aerc 0.14 forgets to draw what it says; another width makes it draw.
        $screen resize-window -t aerc -x $((160 + poll % 2))
        if $screen capture-pane -p -t aerc > pane && grep -q -- "$1" pane; then return; fi
        sleep 0.1
    done
    echo "aerc never shows $1:"
    grep . pane
    exit 1
}
trap '$screen kill-server' EXIT
EDITOR=true $screen new-session -d -s aerc -x 160 -y 40 aerc
sees "The only message"
for folder in Archive "Deleted Messages" Drafts Junk "Sent Messages"; do sees "$folder"; done
$screen send-keys -t aerc Enter
sees "Subject: The only message"
$screen send-keys -t aerc q
$screen send-keys -t aerc -l ':compose -H "To: you@icloud.com" -H "Subject: Sent by aerc"'
$screen send-keys -t aerc Enter
sees "Send this email"
$screen send-keys -t aerc y
sees "Message sent"
# Sent, and kept in the folder that iCloud has for it.
$screen send-keys -t aerc -l ':cf "Sent Messages"'
$screen send-keys -t aerc Enter
sees "you.*Sent by aerc"
# The other way to throw away, which the page proposes.
$screen send-keys -t aerc -l ':move "Deleted Messages"'
$screen send-keys -t aerc Enter
sees "moved to Deleted Messages"
