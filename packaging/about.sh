# What every script here needs to know: `source packaging/about.sh` from the project's root.
name=icloud-mail-doctor
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
# The one place of the repository's address, empty until there is one.
repository=${REPOSITORY:-$(sed -n 's/^repository = "\(.*\)"/\1/p' Cargo.toml | head -n 1)}
summary="Finds out why iCloud Mail will not sign in, send or sync over IMAP and SMTP, and says how to fix it"
out=${OUT:-$PWD/target/packages}
# The same input gives the same bytes: no file is newer than the commit.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C

# The binary of a system, built by packaging/binary.
binary() {
    local ending=
    [[ $1 == *windows* ]] && ending=.exe
    echo "$out/bin/$1/$name$ending"
}

# A binary that runs on this machine: it writes the manual pages and the completions.
runnable() {
    local each
    for each in "$out"/bin/*/"$name"; do
        if "$each" --version > /dev/null 2>&1; then
            echo "$each"
            return
        fi
    done
    echo "packaging: no binary in $out/bin runs here: build one for this system too" >&2
    return 1
}

# Everything beside the binary that a person may want: licences, manual pages, completions.
documents() {
    local into=$1 doctor
    doctor=$(runnable)
    mkdir -p "$into/man" "$into/completions"
    cp LICENSE-* README.md CHANGELOG.md "$into"
    "$doctor" man --dir "$into/man"
    "$doctor" completions bash > "$into/completions/$name.bash"
    "$doctor" completions zsh > "$into/completions/_$name"
    "$doctor" completions fish > "$into/completions/$name.fish"
}

# Where Debian and Fedora look for them.
installed() {
    local root=$1 target=$2 documents
    documents=$(mktemp -d)
    documents "$documents"
    install -D -m 755 "$(binary "$target")" "$root/usr/bin/$name"
    install -D -m 644 -t "$root/usr/share/man/man1" "$documents"/man/*.1
    gzip -n -9 "$root"/usr/share/man/man1/*.1
    install -D -m 644 "$documents/completions/$name.bash" "$root/usr/share/bash-completion/completions/$name"
    install -D -m 644 "$documents/completions/$name.fish" "$root/usr/share/fish/vendor_completions.d/$name.fish"
    install -D -m 644 "$documents/completions/_$name" "$root/usr/share/zsh/site-functions/_$name"
    install -D -m 644 -t "$root/usr/share/doc/$name" "$documents"/{LICENSE-APACHE,LICENSE-MIT,README.md,CHANGELOG.md}
    rm -rf "$documents"
    settle "$root"
}

# Gives every file the time of the commit.
settle() {
    find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}
