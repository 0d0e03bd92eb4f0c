# program: offlineimap
# sees: receiving
"$DOCTOR" setup offlineimap you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/.offlineimaprc
mkdir -p ~/Mail/icloud
offlineimap --info
offlineimap -o
grep -rq "Subject: The only message" ~/Mail/icloud/INBOX
for folder in Sent Trash Archive Drafts Junk; do test -d ~/Mail/icloud/"$folder"/cur; done
for folder in Notes "Sent Messages" "Deleted Messages"; do test ! -e ~/Mail/icloud/"$folder"; done
# What is written on this side arrives on the other, and a folder of this side alone does not.
printf 'From: you@icloud.com\nSubject: Sent\n\nSent.\n' > ~/Mail/icloud/Sent/cur/1.here:2,S
mkdir -p ~/Mail/icloud/Mine/{cur,new,tmp}
offlineimap -o
rm -r ~/Mail/icloud ~/.offlineimap
mkdir -p ~/Mail/icloud
offlineimap -o
grep -rq "Subject: Sent" ~/Mail/icloud/Sent
test ! -e ~/Mail/icloud/Mine

source "$(dirname "$0")/broken.bash"
is_mended ~/.offlineimaprc wrong-server-name 's/^remotehost = .*/remotehost = smtp.mail.me.com/' offlineimap -o
is_mended ~/.offlineimaprc wrong-port 's/^remoteport = .*/remoteport = 995/' offlineimap -o
