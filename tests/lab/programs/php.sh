# program: php python3 /usr/share/php/libphp-phpmailer
# sees: receiving sending
export ICLOUD_APP_PASSWORD="$($PASSWORD_COMMAND)"
"$DOCTOR" setup php you@icloud.com --password-command "$PASSWORD_COMMAND" --output icloud.php
php icloud.php | python3 "$(dirname "$0")/snippet.py" "Sent with PHP"
