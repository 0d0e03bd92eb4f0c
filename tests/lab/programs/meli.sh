# program: meli tmux
# sees: receiving sending
mkdir -p ~/.config/meli
"$DOCTOR" setup meli you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/.config/meli/config.toml
meli test-config ~/.config/meli/config.toml
screen="tmux -S $HOME/socket"
sees() {
    for _ in $(seq 300); do
        if $screen capture-pane -p -t meli > pane && grep -q -- "$1" pane; then return; fi
        sleep 0.1
    done
    echo "meli never shows $1:"
    grep . pane
    exit 1
}
trap '$screen kill-server' EXIT
EDITOR=true $screen new-session -d -s meli -x 160 -y 40 meli
sees "The only message"
for folder in Archive Drafts Junk "Sent Messages"; do sees "$folder"; done
$screen send-keys -t meli Enter
sees "Subject: The only message"
$screen send-keys -t meli i
$screen send-keys -t meli :
sees "COMMAND |"
$screen send-keys -t meli -l "mailto mailto:you@icloud.com?subject=Sent%20by%20meli"
$screen send-keys -t meli Enter
sees "COMPOSING MESSAGE"
$screen send-keys -t meli s
sees "send mail?"
$screen send-keys -t meli j
sleep 1
$screen send-keys -t meli Enter
sees "Message saved"
sees "you .*Sent by meli"
