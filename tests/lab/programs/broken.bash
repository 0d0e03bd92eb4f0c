# For the scripts of programs: settings that are broken fail in the real program, `review` says why, and `--fix` mends them.

# is_mended FILE CAUSE SED-SCRIPT COMMAND…
is_mended() {
    local file=$1 cause=$2 change=$3
    shift 3
    cp "$file" "$file.good"
    sed -i "$change" "$file"
    if cmp -s "$file" "$file.good"; then
        echo "broken.bash: \"$change\" changes nothing"
        return 1
    fi
    if "$@"; then
        echo "broken.bash: with \"$change\" it works all the same"
        return 1
    fi
    "$DOCTOR" review "$file" --format json > review.json || (($? == 1))
    grep -q "\"cause\": \"$cause\"" review.json || {
        echo "broken.bash: review does not name $cause"
        cat review.json
        return 1
    }
    "$DOCTOR" review "$file" --fix || (($? == 1))
    "$@"
    cp "$file.good" "$file"
    rm -f "$file".before-review*
}
