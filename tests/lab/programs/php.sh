# program: php python3
# sees: receiving sending
export ICLOUD_APP_PASSWORD="$($PASSWORD_COMMAND)"
"$DOCTOR" setup php you@icloud.com --password-command "$PASSWORD_COMMAND" --output icloud.php
php icloud.php | python3 "$(dirname "$0")/snippet.py" "Sent with PHP"
