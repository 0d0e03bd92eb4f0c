# program: cargo python3 $TOOLS/rust/done
# sees: receiving sending
export ICLOUD_APP_PASSWORD="$($PASSWORD_COMMAND)"
mkdir -p icloud/src
cd icloud
"$DOCTOR" setup rust you@icloud.com --password-command "$PASSWORD_COMMAND" --output src/main.rs
cp "$TOOLS"/rust/Cargo.{toml,lock} .
# The file says which crates it needs, and .ci/programs has built just these.
diff <(sed -n '/^\[dependencies\]$/,/^$/{/ = /p}' Cargo.toml) <(sed -n 's|^//     \(.* = .*\)|\1|p' src/main.rs)
source "$TOOLS/rust/env"
cargo run --offline --locked --target-dir "$TOOLS/rust/target" |
    python3 "$(dirname "$0")/snippet.py" "Sent with Rust"
