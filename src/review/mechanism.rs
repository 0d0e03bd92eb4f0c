//! Sign-in mechanisms, by the names that mail programs use.

/// Returns whether it hides the password in the answer to a challenge, which iCloud does not support.
pub(crate) fn is_refused(name: &str) -> bool {
    let name = name.to_lowercase().replace('_', "-");
    name == "ntlm" || ["cram-", "digest-", "scram-"].iter().any(|beginning| name.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::is_refused;

    #[test]
    fn a_password_is_taken_as_it_is_and_in_no_other_form() {
        assert_eq!(["cram_md5", "CRAM-MD5", "scram-sha-256", "NTLM"].map(is_refused), [true; 4]);
        assert_eq!(["plain", "LOGIN", "xoauth2", "on", ""].map(is_refused), [false; 5]);
    }
}
