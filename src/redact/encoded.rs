//! Words that look like base64, which sign-ins are sent in.

use checks::secret::HIDDEN;

/// How the names of files begin on which programs report: no base64 does.
const FOLDERS: [&str; 9] = ["/var/", "/usr/", "/opt/", "/home/", "/etc/", "/srv/", "/Users/", "/Library/", "/nix/"];

/// The word, or its replacement if it looks like base64: letters of both cases and digits, mixed as in no ordinary
/// word.
pub(super) fn unless_encoded(word: &[u8], shortest: usize) -> Vec<u8> {
    if FOLDERS.iter().any(|folder| word.starts_with(folder.as_bytes())) {
        return word.to_vec();
    }
    let is_long = word.len() >= 24;
    let has = |is: fn(&u8) -> bool| word.iter().any(is);
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_whole = word.len().is_multiple_of(4);
    let is_mixed = has(u8::is_ascii_lowercase) && word[1..].iter().any(u8::is_ascii_uppercase);
    let is_encoded = match is_long {
        true => is_mixed && (digits > 0 || word.ends_with(b"=")),
        false => is_whole && (is_mixed || word.ends_with(b"=")),
    };
    match word.len() >= shortest && is_encoded {
        true => HIDDEN.as_bytes().to_vec(),
        false => word.to_vec(),
    }
}
