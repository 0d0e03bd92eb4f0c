# program: node python3 $TOOLS/node/done
# sees: receiving sending
export ICLOUD_APP_PASSWORD="$($PASSWORD_COMMAND)"
mkdir icloud
cd icloud
ln -s "$TOOLS/node/node_modules" .
"$DOCTOR" setup nodejs you@icloud.com --password-command "$PASSWORD_COMMAND" --output icloud.mjs
node icloud.mjs | python3 "$(dirname "$0")/snippet.py" "Sent with Node.js"
