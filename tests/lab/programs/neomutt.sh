# program: neomutt mutt script
# sees: receiving sending
"$DOCTOR" setup neomutt you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/.neomuttrc
cp ~/.neomuttrc ~/.muttrc
mkdir -p ~/.cache/mutt/headers ~/.cache/mutt/messages
export TERM=xterm EDITOR="$HOME/editor"
printf '#!/bin/sh\necho "It works." >> "$1"\n' > ~/editor
chmod +x ~/editor

# The keys that a person would press in a folder, in a terminal; the last one leaves the program.
press() {
    timeout 40 script -qec "stty rows 40 columns 120; $1 -f '$2' -e 'set sleep_time=0' -e 'push \"$3<exit>\"'" /dev/null < /dev/null > ~/screen ||
        { cat -v ~/screen; exit 1; }
}
# Every message of a folder, as it is fetched.
read_all() {
    press "$1" "$2" "<tag-pattern>~A<enter><tag-prefix><copy-message><kill-line>$3<enter>y"
}
for program in mutt neomutt; do
    echo "It works." | "$program" -s Test you@icloud.com
    read_all "$program" =INBOX ~/"$program-inbox"
    grep -q "^Subject: The only message" ~/"$program-inbox"
    press "$program" =INBOX "<mail>friend@example.org<enter>Written in $program<enter><send-message>"
    read_all "$program" "=Sent Messages" ~/"$program-sent"
    grep -q "^From: you <you@icloud.com>" ~/"$program-sent"
    grep -q "^Subject: Written in $program" ~/"$program-sent"
    grep -q "^It works." ~/"$program-sent"
done
press neomutt =INBOX "<mail>friend@example.org<enter>For later<enter><postpone-message>"
read_all neomutt =Drafts ~/drafts
grep -q "^Subject: For later" ~/drafts
# Filed where s says, and thrown away from there.
press neomutt =INBOX "<save-message><enter>y<sync-mailbox>y"
read_all neomutt =Archive ~/archive
grep -q "^Subject: The only message" ~/archive
press neomutt =Archive "<delete-message><sync-mailbox>y"
read_all neomutt "=Deleted Messages" ~/deleted
grep -q "^Subject: The only message" ~/deleted

source "$(dirname "$0")/broken.bash"
send() { echo "It works." | neomutt -s Test friend@example.org; }
is_mended ~/.neomuttrc wrong-server-name 's/@smtp.mail.me.com/@imap.mail.me.com/' send
is_mended ~/.neomuttrc wrong-port 's/@smtp.mail.me.com:587/@smtp.mail.me.com:465/' send
is_mended ~/.neomuttrc tls-on-starttls-port 's|smtp_url = "smtp://|smtp_url = "smtps://|' send
