# program: go python3 /usr/share/gocode/src/github.com/emersion/go-imap
# sees: receiving sending
export ICLOUD_APP_PASSWORD="$($PASSWORD_COMMAND)"
"$DOCTOR" setup go you@icloud.com --password-command "$PASSWORD_COMMAND" --output icloud.go
# Debian puts the libraries of Go where only the older way of building looks for them.
export GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$TOOLS/go"
go vet icloud.go
go run icloud.go | python3 "$(dirname "$0")/snippet.py" "Sent with Go"
