#!/bin/sh
# Installs a released icloud-mail-doctor into ~/.local/bin, after comparing its checksum. Nothing else is changed.
#
#   sh install.sh            the newest release
#   sh install.sh 0.1.0      that one
#
# BIN is the folder to install into. RELEASES is where releases are: an address, or a folder with one in it.
set -eu

name=icloud-mail-doctor
releases=${RELEASES:-@REPOSITORY@/releases}
bin=${BIN:-$HOME/.local/bin}
version=${1:-}

fail() {
    echo "install.sh: $1" >&2
    exit 1
}

case $releases in
    @*) fail "this script does not know where releases are: set RELEASES" ;;
esac
case $(uname -s)-$(uname -m) in
    Linux-x86_64 | Linux-amd64) target=x86_64-unknown-linux-musl ;;
    Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
    Darwin-arm64) target=aarch64-apple-darwin ;;
    Darwin-x86_64) target=x86_64-apple-darwin ;;
    *) fail "there is no release for $(uname -s) on $(uname -m): see README, \"Build it yourself\"" ;;
esac

# The file at an address, or in a folder.
get() {
    case $1 in
        https://*)
            if command -v curl > /dev/null; then
                curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --output "$2" "$1"
            elif command -v wget > /dev/null; then
                wget --https-only --quiet --output-document="$2" "$1"
            else
                fail "neither curl nor wget is here"
            fi ;;
        /*) cp "$1" "$2" ;;
        *) fail "$1 is neither an https address nor a folder" ;;
    esac || fail "$1 cannot be fetched"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
from=$releases
case $releases in
    https://*) if [ -n "$version" ]; then from=$releases/download/v$version; else from=$releases/latest/download; fi ;;
esac
get "$from/SHA256SUMS" "$work/SHA256SUMS"
archive=$(sed -n "s/^[0-9a-f]\{64\}  \($name-${version:-[^ ]*}-$target\.tar\.gz\)\$/\1/p" "$work/SHA256SUMS" | head -n 1)
[ -n "$archive" ] || fail "the release has nothing for $target${version:+ in version $version}"
get "$from/$archive" "$work/$archive"
expected=$(sed -n "s/^\([0-9a-f]\{64\}\)  $archive\$/\1/p" "$work/SHA256SUMS")
if command -v sha256sum > /dev/null; then
    actual=$(sha256sum "$work/$archive" | cut -d ' ' -f 1)
else
    actual=$(shasum -a 256 "$work/$archive" | cut -d ' ' -f 1)
fi
[ "$actual" = "$expected" ] || fail "$archive is not what its release says it is: nothing was installed"

tar -xzf "$work/$archive" -C "$work"
mkdir -p "$bin"
# Under another name first: a program that runs is replaced at once or not at all.
cp "$work/${archive%.tar.gz}/$name" "$bin/.$name.new"
chmod 755 "$bin/.$name.new"
mv "$bin/.$name.new" "$bin/$name"
"$bin/$name" --version
echo "installed as $bin/$name; to uninstall it, delete that file"
case ":$PATH:" in
    *":$bin:"*) ;;
    *) echo "$bin is not in PATH: start it with its full name, or add the folder to PATH" ;;
esac
