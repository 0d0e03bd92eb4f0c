# program: mbsync msmtp neomutt mutt getmail offlineimap git postmap postconf aerc tmux python3 php node go setpriv
# sees: receiving sending
# Addresses, names and commands full of quotation, through every program that reads a file: each reads them as they were
# given, runs nothing of them, and talks to nobody but the two servers.
canary=ran
host="'\$(touch\${IFS}$canary)"
email="o'b|touch\${IFS}$canary|&#{a}\$HOME@example.com"
name="Jo \"O\" \`touch $canary\` \$(touch $canary), #1; <x> \\ '' </string> \${HOME}"
# The right password comes out only where every sign of the command has come through.
command="test \"\$(printf %s '\"it'\\''s\" 100% \\ #')\" = \"\\\"it's\\\" 100% \\\\ #\" && \`echo cat\` $HOME/secret # ) \" '"
test "$(sh -c "$command")" = "$(cat secret)"
# Mutt has no way to write some of these, and says so.
simple="test \"it's\" = 'it'\"'\"'s' && cat $HOME/secret; : # ) ' \" ;"

settings() {
    local program=$1 given=$2
    "$DOCTOR" setup "$program" "$email" --login you@icloud.com --name "$name" --password-command "$given" 2> words
}
nothing_ran() {
    if find ~ -name "$canary" | grep .; then
        echo "$1 ran what it should have read"
        exit 1
    fi
}

# What no address can be is refused, whatever the program, and not a line is written.
for program in $("$DOCTOR" setup --list | cut -d ' ' -f 1); do
    for address in "a;touch\${IFS}$canary;@icloud.com" '127.0.0.1:993/x@icloud.com' 'x,tcp:127.0.0.1:99,static:y@icloud.com' \
        '$myhostname@icloud.com' "$host@icloud.com" $'a\nHost 127.0.0.1\n@icloud.com' '"a" b@icloud.com' '-Fx@example.com'; do
        for arguments in "" "--login=you@icloud.com"; do
            "$DOCTOR" setup "$program" $arguments -- "$address" > refused 2> words && exit 1
            test ! -s refused
        done
    done
done

# Whoever listens here stands for every server that is not Apple's.
python3 - > listened << 'PYTHON' &
import selectors, socket
listening = selectors.DefaultSelector()
for port in (25, 99, 143, 465, 587, 993):
    server = socket.create_server(("127.0.0.1", port))
    listening.register(server, selectors.EVENT_READ)
print("listening", flush=True)
while True:
    for key, _ in listening.select():
        key.fileobj.accept()
        print("a connection to", key.fileobj.getsockname(), flush=True)
PYTHON
listener=$!
screen="tmux -S $HOME/socket"
trap 'kill $listener; $screen kill-server 2> /dev/null || true' EXIT
until test -s listened; do sleep 0.1; done
# It hears: this one is ours.
(exec 3<> /dev/tcp/127.0.0.1/993)
heard=2
until test "$(wc -l < listened)" = "$heard"; do sleep 0.1; done

settings mbsync "$command" > ~/.mbsyncrc
mkdir -p ~/Mail/icloud
mbsync icloud
grep -rq "Subject: The only message" ~/Mail/icloud/INBOX
nothing_ran mbsync

settings offlineimap "$command" > ~/.offlineimaprc
rm -r ~/Mail/icloud
mkdir -p ~/Mail/icloud
offlineimap -o
grep -rq "Subject: The only message" ~/Mail/icloud/INBOX
nothing_ran offlineimap

# Its sender has to be the account's for the server to take the message; the other is looked at.
settings msmtp "$command" > ~/hostile.msmtprc
"$DOCTOR" setup msmtp you@icloud.com --password-command "$command" > ~/.msmtprc 2> words
chmod 600 ~/.msmtprc ~/hostile.msmtprc
printf 'Subject: Test\n\nIt works.\n' | msmtp friend@example.org
msmtp -C ~/hostile.msmtprc -P friend@example.org > read
grep -qxF "from = $email" read
grep -qxF "passwordeval = $command" read
grep -qxF "host = smtp.mail.me.com" read
nothing_ran msmtp

settings neomutt "$command" > refused && exit 1
test ! -s refused
mkdir -p ~/.cache/mutt/{headers,messages}
settings neomutt "$simple" > ~/.neomuttrc
cp ~/.neomuttrc ~/.muttrc
quoted=$(printf %s "$name" | sed 's/[\\"]/\\&/g')
for program in mutt neomutt; do
    for variable in from realname imap_pass smtp_url folder; do $program -Q $variable; done < /dev/null > read 2> words
    grep -qF "\"$quoted\"" read
    grep -qF "\"$email\"" read
    grep -qF "\"$(cat secret)\"" read
    grep -qF '"smtp://you%40icloud.com@smtp.mail.me.com:587/"' read
    grep -qF '"imaps://imap.mail.me.com:993/"' read
    # It sends: the login in the URL is read as it is meant.
    echo "It works." | $program -e 'set from=you@icloud.com' -s Test friend@example.org
done
nothing_ran mutt

mkdir -p ~/.config/getmail ~/Got/{cur,new,tmp}
settings getmail "$command" | sed "s|^path = .*|path = $HOME/Got/|" > ~/.config/getmail/getmailrc
# It delivers nothing to root.
chown -R 65534:65534 ~
setpriv --reuid=65534 --regid=65534 --clear-groups getmail
grep -rq "Subject: The only message" ~/Got/new
nothing_ran getmail

settings git-send-email "$command" > ~/.gitconfig
export PATH=/usr/bin:$PATH
test "$(git config --get sendemail.from)" = "\"$(printf %s "$name" | sed 's/[\\"]/\\&/g')\" <$email>"
test "$(git config --get sendemail.smtpserver)" = smtp.mail.me.com
printf 'protocol=smtp\nhost=smtp.mail.me.com:587\nusername=you@icloud.com\n\n' | git credential fill > read
grep -qxF "password=$(cat secret)" read
rm read
nothing_ran git

settings postfix "$command" > icloud.cf
mkdir machine
cp /etc/postfix/master.cf machine
echo 'compatibility_level = 3.6' > machine/main.cf
grep = icloud.cf | while read -r line; do postconf -c machine -e "$line"; done
test "$(postmap -c machine -q root "$(postconf -c machine -xh sender_canonical_maps)")" = "$email"
test "$(postconf -c machine -h relayhost)" = "[smtp.mail.me.com]:587"
nothing_ran postfix

mkdir -p ~/.config/aerc
settings aerc "$command" > ~/.config/aerc/accounts.conf
chmod 600 ~/.config/aerc/accounts.conf
sees() {
    for poll in $(seq 300); do
        $screen resize-window -t aerc -x $((300 + poll % 2))
        if $screen capture-pane -p -t aerc > pane && grep -qF -- "$1" pane; then return; fi
        sleep 0.1
    done
    echo "aerc never shows $1:"
    grep . pane
    exit 1
}
EDITOR=true $screen new-session -d -s aerc -x 300 -y 40 aerc
sees "The only message"
$screen send-keys -t aerc -l ':compose -H "To: you@icloud.com" -H "Subject: Looked at"'
$screen send-keys -t aerc Enter
sees "Send this email"
sees "<$email>"
nothing_ran aerc

# Those that are not here, or read no settings of their own: by what they read with.
for program in himalaya meli python php nodejs go apple-devices k9 thunderbird; do settings $program "$command" > $program.file; done
NAME=$name EMAIL=$email COMMAND=$command python3 << 'PYTHON'
import ast, os, plistlib, tomllib
from xml.etree import ElementTree

name, email, command = os.environ["NAME"], os.environ["EMAIL"], os.environ["COMMAND"]
read = lambda program: open(f"{program}.file").read()

account = tomllib.loads(read("himalaya"))["accounts"]["icloud"]
assert (account["email"], account["display-name"]) == (email, name)
assert account["imap"]["server"] == "imaps://imap.mail.me.com:993"
for way in ("imap", "smtp"):
    assert account[way]["sasl"]["plain"]["password"]["command"] == ["sh", "-c", command]
account = tomllib.loads(read("meli"))["accounts"]["icloud"]
assert (account["identity"], account["display_name"]) == (email, name)
assert account["server_password"]["command"] == account["send_mail"]["auth"]["password"]["command"] == command
profile = plistlib.loads(read("apple-devices").encode())["PayloadContent"][0]
assert (profile["EmailAddress"], profile["EmailAccountName"]) == (email, name)
assert profile["IncomingMailServerHostName"] == "imap.mail.me.com"
identity = ElementTree.fromstring(read("k9")).find(".//identity")
assert (identity.find("email").text, identity.find("name").text) == (email, name)
ElementTree.fromstring(read("thunderbird"))
strings = {node.value for node in ast.walk(ast.parse(read("python"))) if isinstance(node, ast.Constant)}
assert {name, email} <= strings
PYTHON
# The two lines of each program, run by its own language.
NAME=$name EMAIL=$email php -r '
$lines = file("php.file");
eval(current(preg_grep("/^.address = /", $lines)));
$mail = new class { public $name; public function setFrom($address, $name) { $this->name = $name; } };
eval(current(preg_grep("/setFrom/", $lines)));
exit($address === getenv("EMAIL") && $mail->name === getenv("NAME") ? 0 : 1);'
php -l php.file
cp nodejs.file icloud.mjs
node --check icloud.mjs
NAME=$name EMAIL=$email node -e '
const lines = require("fs").readFileSync("nodejs.file", "utf8").split("\n");
const address = eval(lines.find((line) => line.startsWith("const address")).slice("const address = ".length));
const { from } = eval(`({${lines.find((line) => line.startsWith("  from: {"))}})`);
process.exit(address === process.env.EMAIL && from.name === process.env.NAME ? 0 : 1);'
mkdir literals
{
    printf 'package main\nimport "os"\n'
    grep '^const address' go.file
    printf 'func main() {\n name := '
    sed -n 's/.*mail.Address{Name: \(".*"\), Address.*/\1/p' go.file
    printf ' if address != os.Getenv("EMAIL") || name != os.Getenv("NAME") { os.Exit(1) }\n}\n'
} > literals/main.go
NAME=$name EMAIL=$email GO111MODULE=off GOCACHE="$TOOLS/go" go run literals/main.go
nothing_ran "a language"
if test "$(wc -l < listened)" != "$heard"; then
    cat listened
    exit 1
fi
