//! The times that are far apart in two runs, of steps that succeeded in both.

use checks::evidence::Evidence;
use checks::plan::Protocol;

use super::ways::{End, Step, Way};

/// How long a step took in each run, in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Time {
    pub(crate) of: Protocol,
    pub(crate) step: Step,
    pub(crate) a_ms: u64,
    pub(crate) b_ms: u64,
}

/// Less far apart are also two runs of one minute on one network.
const TIMES: u64 = 3;
const APART_MS: u64 = 200;

/// The steps whose times are far apart.
pub(super) fn apart(a: &Evidence, b: &Evidence, ways: &[Way]) -> Vec<Time> {
    let both = ways.iter().filter(|way| way.server.is_some());
    let times = both.flat_map(|way| {
        [Step::Name, Step::Connection, Step::Encryption, Step::Conversation].into_iter().filter_map(|step| {
            // What is asked in a conversation depends on what was wanted, and where it ended.
            let is_comparable = step != Step::Conversation || (way.a == End::Works && asks_alike(a, b));
            let (a_ms, b_ms) = (took(a, way.of, step)?, took(b, way.of, step)?);
            is_comparable.then_some(Time { of: way.of, step, a_ms, b_ms })
        })
    });
    times.filter(|time| is_apart(time.a_ms, time.b_ms)).collect()
}

fn is_apart(one: u64, other: u64) -> bool {
    let (shorter, longer) = (one.min(other), one.max(other));
    longer >= shorter.saturating_mul(TIMES) && longer - shorter >= APART_MS
}

/// Whether both runs asked the same in their conversations.
fn asks_alike(a: &Evidence, b: &Evidence) -> bool {
    let wishes = |evidence: &Evidence| {
        let (imap, smtp) = (evidence.first.imap.spoken.as_ref(), evidence.first.smtp.spoken.as_ref());
        let message = imap.is_some_and(|asked| asked.facts.mailbox.message.is_some());
        let from = smtp.is_some_and(|asked| asked.facts.from.is_some());
        (evidence.first.settings.sign_in, message, from, evidence.first.mailbox.is_some())
    };
    wishes(a) == wishes(b)
}

/// How long a step took that succeeded, in milliseconds.
fn took(evidence: &Evidence, of: Protocol, step: Step) -> Option<u64> {
    let first = &evidence.first;
    let (dns, tls) = match of {
        Protocol::Imap => (first.imap.dns.as_ref(), first.imap.tls.as_ref()),
        Protocol::Smtp => (first.smtp.dns.as_ref(), first.smtp.tls.as_ref()),
    };
    match step {
        Step::Name => dns.filter(|asked| !asked.facts.is_troubled()).map(|asked| asked.duration_ms),
        Step::Connection => first.tcp(of)?.open().map(|attempt| attempt.duration_ms),
        Step::Encryption => tls.filter(|asked| !asked.facts.is_troubled()).map(|asked| asked.duration_ms),
        _ => {
            let is_clean = first.conversation(of).is_some_and(|spoken| !spoken.is_troubled());
            let took = match of {
                Protocol::Imap => first.imap.spoken.as_ref().map(|asked| asked.duration_ms),
                Protocol::Smtp => first.smtp.spoken.as_ref().map(|asked| asked.duration_ms),
            };
            took.filter(|_| is_clean)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_apart_by_three_times_and_by_a_fifth_of_a_second() {
        for (one, other, expected) in
            [(0, 0, false), (1, 200, false), (0, 200, true), (100, 300, true), (101, 300, false), (900, 300, true)]
        {
            assert_eq!(is_apart(one, other), expected, "{one} and {other}");
        }
    }
}
