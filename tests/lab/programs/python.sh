# program: python3
# sees: receiving sending
export ICLOUD_APP_PASSWORD="$($PASSWORD_COMMAND)"
"$DOCTOR" setup python you@icloud.com --password-command "$PASSWORD_COMMAND" --output icloud.py
python3 icloud.py | python3 "$(dirname "$0")/snippet.py" "Sent with Python"
