//! What a mail program advises or supposes in its error messages, which is no symptom: "check your internet connection"
//! stands there whatever has failed.

use std::ops::Range;

use crate::pattern::searched;

/// Advice on the network and on settings, and guesses at what may have happened.
const ADVICE: &str = r"\b(check|verify|make sure|ensure|confirm)\b[^.\n]{0,50}\b(network|internet|connection|wi-?fi|firewall|settings|ports?)\b[^.\n]{0,40}|\b(may|might|could) have gone down|there (may|might|could) be a [^.\n]{0,20}problem|possible causes[^.\n]{0,120}|contact your [^.]{0,120}|\b587 (requires|needs|wants|expects) (an? )?(SSL|TLS)|Insufficient system storage\. The server response was|(possible|possibly due to a?|perhaps a?) (network|connection) (problem|issue)s?";

/// The places of advice in a text.
pub(super) struct Advice(Vec<Range<usize>>);

impl Advice {
    pub(super) fn of(text: &str) -> Self {
        Self(searched(ADVICE).find_iter(text.as_bytes()).map(|found| found.range()).collect())
    }

    /// Whether words are part of it.
    pub(super) fn has(&self, place: &Range<usize>) -> bool {
        let after = self.0.partition_point(|advice| advice.end <= place.start);
        self.0.get(after).is_some_and(|advice| advice.start <= place.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_told_from_what_happened() {
        let text = "Login failed. Check your network connection. The internet connection is down.";
        let advice = Advice::of(text);
        let place = |words: &str| text.find(words).map(|start| start..start + words.len());
        assert!(place("network connection").is_some_and(|place| advice.has(&place)));
        assert!(place("internet connection is down").is_some_and(|place| !advice.has(&place)));
        assert!(place("Login failed").is_some_and(|place| !advice.has(&place)));
    }
}
