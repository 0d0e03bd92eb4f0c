//! How long a command without work takes: the path and the server told apart by the time that the server itself states.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Facts;
use crate::network::Stream;
use crate::network::clock::Stopwatch;
use crate::protocol::imap::command;
use crate::tagged::{ImapTalk, until_tagged};
use crate::talk::NoAnswer;

/// The time that three NOOPs took, one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MailboxTiming")]
pub struct Timing {
    /// From the command to its answer, in milliseconds.
    pub noops_ms: Vec<u64>,
    /// How long the server says that it worked on each, in milliseconds; shorter where it does not say.
    pub server_ms: Vec<u64>,
    /// The bytes of the first of them, in both directions.
    #[serde(default)]
    pub bytes: u64,
}

impl Timing {
    /// The shortest time from a command to its answer, in milliseconds.
    pub fn round_trip_ms(&self) -> Option<u64> {
        self.noops_ms.iter().copied().min()
    }
}

/// How many are timed.
const NOOPS: u32 = 3;

/// Times the commands. The goodbye is sent with the last one where nothing comes after it; its answer is not waited for.
pub(super) async fn ask<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    leaves: bool,
    facts: &mut Facts,
) -> Result<(), NoAnswer> {
    for number in 1..=NOOPS {
        let tag = format!("N{number}");
        let goodbye = (leaves && number == NOOPS).then(|| command::logout("Z9"));
        let lines: Vec<_> = [command::noop(&tag)].into_iter().chain(goodbye).collect();
        let (said, before) = (Stopwatch::start(), talk.spent());
        talk.say(&lines).await?;
        let reply = until_tagged(talk, &tag).await?;
        facts.timing.noops_ms.push(said.milliseconds());
        if number == 1 {
            facts.timing.bytes = talk.spent().since(before).bytes;
        }
        facts.timing.server_ms.extend(own_time(&reply.tagged.line));
        facts.round_trips += 1;
    }
    Ok(())
}

/// The time at the end of an answer, in milliseconds: iCloud writes `(took 26 ms)`, Dovecot `(0.001 + 0.000 secs).`,
/// which is its own work and that of others.
pub(super) fn own_time(line: &str) -> Option<u64> {
    let inside = line.trim_end_matches(['.', ' ']).strip_suffix(')')?;
    let inside = &inside[inside.rfind('(')? + 1..];
    if let Some(taken) = inside.strip_prefix("took ") {
        return taken.strip_suffix(" ms")?.parse().ok();
    }
    let seconds = inside.strip_suffix(" secs")?.split(" + ").map(|part| part.parse::<f64>().ok());
    let seconds = seconds.sum::<Option<f64>>().filter(|seconds| (0.0..86_400.0).contains(seconds))?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between nothing and a day")]
    Some((seconds * 1000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_own_time_is_at_the_end_of_its_answer() {
        for (line, expected) in [
            ("N1 OK NOOP completed (took 26 ms)", Some(26)),
            ("N1 OK NOOP completed (0.001 + 0.000 secs).", Some(1)),
            ("S1 OK Status completed (0.010 + 0.500 + 0.005 secs).", Some(515)),
            ("N1 OK done", None),
            ("N1 OK (took long)", None),
            ("N1 OK (1e300 secs).", None),
            ("N1 OK (-4 secs)", None),
            (")", None),
            ("", None),
        ] {
            assert_eq!(own_time(line), expected, "{line}");
        }
    }
}
