//! What a password command printed when it failed, with every unknown word left out: such a word may be the password.

use std::fmt;

/// Stands for each run of unknown words.
const LEFT_OUT: &str = "…";

/// More words than this are not shown.
const MOST_WORDS: usize = 60;

/// The words that shells and password stores use in their error messages. Any other word may be a password.
const KNOWN: &str = "
    a able abort aborted access account add agent agreed all already an and another any app are argument arguments as at
    authenticate authenticated authentication authorization authorized available backend bad be because been before bus but
    by call called can can't cannot canceled cancelled card cause change check cipher client code collection command
    communicate config configuration configured connect connection continue corrupt could couldn't create creating
    credentials current currently daemon data database dbus decrypt decrypted decryption default denied device did directory
    display do does doesn't due empty entry env environment error errors exist exists exit expected expired export
    failed failure fatal file files first folder for format found from get given gpg has have help home id if in incorrect
    info initialized input inserted install installed instead interaction internal invalid io is it item key keychain
    keyring keys line list lock locked logged login main make master matching message missing module must name needed
    network new no non not nothing object of on once one only open operation option or other out output parse
    passphrase password path permission permitted pinentry please process prompt prompted protocol provide provided public
    read reading refused remote required response retrieve run running secret secrets secure see server service session set
    setup sh should sign signed signin smartcard socket specified start started status stdin store stored such support
    supported sync syntax system terminal that the there this time timed timeout to token too try tty unable unavailable
    undefined unexpected unknown unlock unlocked unreachable unrecognized unset unsupported update usage use used user using
    valid value vault version wait waiting warning was when while with without wrong yet you your zero
";

/// A complaint that can be shown.
pub(super) struct Complaint(String);

impl Complaint {
    /// Returns what may be shown of this output.
    pub(super) fn of(said: &[u8]) -> Self {
        let said = String::from_utf8_lossy(said);
        let mut words: Vec<String> = Vec::new();
        for word in said.split_whitespace().map(known) {
            if word != LEFT_OUT || words.last().is_none_or(|last| last != LEFT_OUT) {
                words.push(word);
            }
        }
        if words.len() > MOST_WORDS {
            words.truncate(MOST_WORDS);
            words.push(LEFT_OUT.to_owned());
        }
        Self(words.join(" "))
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.trim_matches(['…', ' ']) {
            "" if self.0.is_empty() => out.write_str("it said nothing"),
            "" => out.write_str("what it said is not repeated, because it may hold the password"),
            _ => write!(out, "it said: {}", self.0),
        }
    }
}

/// The word, if it is known and has nothing around it except a mark at its end.
fn known(word: &str) -> String {
    let bare = word.strip_suffix([',', '.', ':', ';', '!', '?']).unwrap_or(word);
    let is_known = KNOWN.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(bare));
    if is_known { word.to_owned() } else { LEFT_OUT.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(said: &str) -> String {
        Complaint::of(said.as_bytes()).to_string()
    }

    #[test]
    fn what_password_stores_say_is_understood() {
        assert_eq!(shown("the store is locked\n"), "it said: the store is locked");
        assert_eq!(shown("gpg: decryption failed: No secret key"), "it said: gpg: decryption failed: No secret key");
        assert_eq!(shown("sh: 1: pass: not found"), "it said: sh: … not found");
        assert_eq!(
            shown("Error: icloud is not in the password store."),
            "it said: Error: … is not in the password store."
        );
        assert_eq!(shown(""), "it said nothing");
    }

    #[test]
    fn a_password_in_it_is_not_shown() {
        for said in
            ["+ echo qkwe-ruvz-mbhy-xgtn", "qkweruvzmbhyxgtn", "Sommer2024!", "(geheim)", "password=geheim", "locked2"]
        {
            let shown = shown(said);
            let hidden = said.trim_start_matches("+ echo ");
            assert!(!shown.contains(hidden), "{shown}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_word_is_shown_that_is_not_known(said in r"(?s).{0,80}") {
            let shown = Complaint::of(said.as_bytes()).0;
            for word in shown.split(' ').filter(|word| !word.is_empty() && *word != LEFT_OUT) {
                let bare = word.trim_end_matches([',', '.', ':', ';', '!', '?']).to_ascii_lowercase();
                prop_assert!(KNOWN.split_ascii_whitespace().any(|known| known == bare), "{}", word);
            }
        }
    }
}
