//! The look at a mailbox, against servers made for it.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::VecDeque;
use std::time::Duration;

use super::*;
use crate::network::Broken;
use crate::network::clock::pause;
use crate::protocol::Line;
use crate::talk::Talk;
use crate::transcript::Transcript;

/// Answers each command, and keeps what was asked.
struct Server<A> {
    answer: A,
    asked: Vec<String>,
    waiting: VecDeque<u8>,
    /// What it says after IDLE unasked, and how many milliseconds after what came before.
    says: VecDeque<(u64, &'static str)>,
}

impl<A: FnMut(&str, &str) -> String> Server<A> {
    fn of(answer: A) -> Self {
        Self { answer, asked: Vec::new(), waiting: VecDeque::new(), says: VecDeque::new() }
    }
}

impl<A: FnMut(&str, &str) -> String> Stream for &mut Server<A> {
    async fn send(&mut self, lines: &[Line]) -> Result<(), Broken> {
        for line in lines {
            let line = String::from_utf8(line.wire().to_vec()).unwrap();
            let line = line.trim_end();
            let (tag, command) = line.split_once(' ').unwrap_or((line, ""));
            self.asked.push(command.to_owned());
            let said = (self.answer)(tag, command);
            self.waiting.extend(said.bytes());
        }
        Ok(())
    }

    async fn receive(&mut self) -> Result<Vec<u8>, Broken> {
        if let (true, Some((after, says))) = (self.waiting.is_empty(), self.says.front().copied()) {
            pause(Duration::from_millis(after)).await;
            match says {
                "CLOSED" => return Ok(Vec::new()),
                "RESET" => return Err(Broken::Reset),
                line => self.waiting.extend(line.bytes()),
            }
            self.says.pop_front();
        }
        if self.waiting.is_empty() {
            std::future::pending::<()>().await;
        }
        Ok(self.waiting.drain(..self.waiting.len().min(1000)).collect())
    }
}

const WHOLE: Survey = Survey {
    is_full: true,
    largest: 3,
    older_than: Vec::new(),
    folder: None,
    shows_names: false,
    budget: Duration::from_mins(1),
    idle: None,
};

async fn looked(wishes: &Survey, answer: impl FnMut(&str, &str) -> String) -> (Facts, Vec<String>, Transcript) {
    let mut server = Server::of(answer);
    let (mut transcript, mut kept, began) = (Transcript::default(), None, Stopwatch::start());
    let mut talk = Talk::over(&mut server, &mut transcript, began, Duration::from_secs(1));
    let asking = Asking { wishes, now: OffsetDateTime::from_unix_timestamp(1_795_953_600).unwrap(), began };
    let _ = ask(&mut talk, &["QUOTA".to_owned()], asking, &mut kept).await;
    (kept.unwrap().facts, server.asked, transcript)
}

/// A mailbox with an inbox of so many messages and a folder of the user's own with two.
fn usual(inbox: u32) -> impl FnMut(&str, &str) -> String {
    move |tag, command| {
        let said = match command.split(' ').next().unwrap() {
            "GETQUOTAROOT" => "* QUOTA \"\" (STORAGE 10 100)\r\n".to_owned(),
            "LIST" => {
                "* LIST () \"/\" INBOX\r\n* LIST () \"/\" \"Divorce\"\r\n* LIST (\\Noselect) \"/\" Up\r\n".to_owned()
            }
            "STATUS" if command.contains("INBOX") => format!("* STATUS INBOX (MESSAGES {inbox} UNSEEN 1)\r\n"),
            "STATUS" => "* STATUS \"Divorce\" (MESSAGES 2 UNSEEN 0)\r\n".to_owned(),
            "EXAMINE" => format!("* {inbox} EXISTS\r\n"),
            "FETCH" => {
                let range = command.split(' ').nth(1).unwrap().split_once(':').unwrap();
                let (first, last): (u32, u32) = (range.0.parse().unwrap(), range.1.parse().unwrap());
                let row = |number| {
                    format!(
                        "* {number} FETCH (UID {number} FLAGS () RFC822.SIZE {number} INTERNALDATE \"01-Nov-2026 00:00:00 +0000\")\r\n"
                    )
                };
                (first..=last).map(row).collect()
            }
            "UID" if command.contains("PEEK") => {
                format!("* 1 FETCH (UID {} FLAGS () BODY[]<0> \"x\")\r\n", command.split(' ').nth(2).unwrap())
            }
            _ => String::new(),
        };
        format!("{said}{tag} OK done (took 3 ms)\r\n")
    }
}

#[tokio::test]
async fn a_quick_look_takes_seven_round_trips_and_changes_nothing() {
    let wishes = Survey { is_full: false, ..WHOLE };
    let (facts, asked, transcript) = looked(&wishes, usual(30)).await;
    assert_eq!((facts.round_trips, facts.folders.len()), (7, 3));
    assert_eq!(facts.peeked, Some(Fetched::Came));
    assert_eq!(facts.timing.server_ms, [3, 3, 3]);
    let harmless = ["GETQUOTAROOT", "LIST", "STATUS", "EXAMINE", "FETCH", "UID FETCH", "SEARCH", "NOOP", "LOGOUT"];
    for command in &asked {
        assert!(harmless.iter().any(|verb| command.starts_with(verb)), "{command}");
        assert!(!command.contains("BODY["), "{command}");
    }
    let told = format!("{facts:?} {transcript:?}");
    assert!(!told.contains("Divorce") && asked.iter().any(|command| command.contains("Divorce")), "{told}");
}

#[tokio::test]
async fn every_message_is_counted_once_though_answers_come_interleaved() {
    let mut usual = usual(12_000);
    let mut late = String::new();
    // Answers all commands for the inbox with the end of each at the very end, as a server may that runs them at once.
    let server = move |tag: &str, command: &str| {
        let said = usual(tag, command);
        match command.starts_with("FETCH") && tag.starts_with("F1.") {
            true => {
                let (rows, end) = said.rsplit_once("\r\nF1.").unwrap();
                late.extend(["F1.", end]);
                let all = if tag.ends_with(".10001") { std::mem::take(&mut late) } else { String::new() };
                format!("{rows}\r\n{all}")
            }
            false => said,
        }
    };
    let (facts, ..) = looked(&WHOLE, server).await;
    let sweep = facts.sweep.unwrap();
    assert_eq!((sweep.all.messages, sweep.of), (12_002, 12_002));
    assert_eq!(sweep.largest.iter().map(|large| large.bytes).collect::<Vec<_>>(), [12_000, 11_999, 11_998]);
}

#[tokio::test]
async fn after_a_refusal_no_message_is_asked_for_again() {
    let mut usual = usual(9000);
    let (facts, asked, _) = looked(&WHOLE, move |tag, command| match command.starts_with("FETCH 5001") {
        true => format!("{tag} NO [UNAVAILABLE] Service temporarily unavailable\r\n"),
        false => usual(tag, command),
    })
    .await;
    assert!(facts.stopped_by.unwrap().contains("UNAVAILABLE"));
    assert!(!asked.iter().any(|command| command.contains("BODYSTRUCTURE")));
    assert!(facts.sweep.is_some_and(|sweep| sweep.all.messages >= 5000 && sweep.all.messages < sweep.of));
}

#[tokio::test]
async fn a_refusal_of_the_quota_ends_nothing_and_one_of_a_folder_names_it_to_nobody() {
    let mut usual = usual(30);
    let wishes = Survey { is_full: false, ..WHOLE };
    let (facts, _, transcript) = looked(&wishes, move |tag, command| match command {
        "GETQUOTAROOT INBOX" => format!("{tag} NO not here\r\n"),
        _ if command.starts_with("STATUS \"Divorce\"") => format!("{tag} NO [NOPERM] Divorce cannot be opened\r\n"),
        _ => usual(tag, command),
    })
    .await;
    assert_eq!((facts.stopped_by.as_ref(), facts.peeked.as_ref()), (None, Some(&Fetched::Came)));
    let told = format!("{facts:?} {transcript:?}");
    assert!(told.contains("cannot be opened") && !told.contains("Divorce"), "{told}");
}

#[tokio::test]
async fn a_folder_is_meant_by_its_name_or_its_number_and_a_missing_one_is_no_empty_one() {
    for (wanted, found) in [("inbox", 1), ("Divorce ", 1), ("folder 2", 1), ("Nope", 0)] {
        let wishes = Survey { is_full: false, folder: Some(wanted.to_owned()), ..WHOLE };
        let (facts, ..) = looked(&wishes, usual(30)).await;
        assert_eq!((facts.folders.len(), facts.is_without_folder()), (found, found == 0), "{wanted}");
    }
}

#[tokio::test]
async fn a_server_without_measure_is_cut_short() {
    let many = "* LIST () \"/\" \"f\"\r\n".repeat(3000);
    let (facts, asked, _) = looked(&WHOLE, move |tag, command| match command.split(' ').next().unwrap() {
        "LIST" => format!("{many}{tag} OK\r\n"),
        "STATUS" => format!("* STATUS x (MESSAGES 18446744073709551615)\r\n{tag} OK\r\n"),
        "FETCH" => format!("{}{tag} OK\r\n", "* 1 FETCH (UID 1 RFC822.SIZE 18446744073709551615)\r\n".repeat(9)),
        _ => format!("{tag} OK\r\n"),
    })
    .await;
    assert_eq!((facts.folders.len(), facts.folders_left_out), (500, 2500));
    let fetched = asked.iter().filter(|command| command.starts_with("FETCH")).count();
    assert!(fetched <= 200, "{fetched}");
}

#[tokio::test]
async fn what_is_known_is_kept_where_the_server_falls_silent() {
    let mut usual = usual(30);
    let (facts, ..) = looked(&WHOLE, move |tag, command| match command.starts_with("EXAMINE") {
        true => String::new(),
        false => usual(tag, command),
    })
    .await;
    assert_eq!(facts.folders.iter().map(|folder| folder.messages).collect::<Vec<_>>(), [Some(30), Some(2), None]);
    assert_eq!(facts.peeked, None);
}

/// What comes of a wait of five minutes with a server that says this meanwhile, and when.
async fn idled(offers: bool, says: &[(u64, &'static str)], answers_done: bool) -> (Facts, Vec<String>) {
    let wishes = Survey { is_full: false, idle: Some(Duration::from_mins(5)), ..WHOLE };
    let mut usual = usual(30);
    let answer = move |tag: &str, command: &str| match (tag, command) {
        ("DONE", _) if answers_done => "I2 OK Idle completed\r\n".to_owned(),
        ("DONE", _) => String::new(),
        (_, "IDLE") => "+ idling\r\n".to_owned(),
        _ => usual(tag, command),
    };
    let mut server = Server { says: says.iter().copied().collect(), ..Server::of(answer) };
    let (mut transcript, mut kept, began) = (Transcript::default(), None, Stopwatch::start());
    let mut talk = Talk::over(&mut server, &mut transcript, began, Duration::from_secs(5));
    let asking = Asking { wishes: &wishes, now: OffsetDateTime::UNIX_EPOCH, began };
    let offered = if offers { vec!["IDLE".to_owned()] } else { Vec::new() };
    let said_goodbye = ask(&mut talk, &offered, asking, &mut kept).await;
    let facts = kept.unwrap().facts;
    let is_open = !facts.idle.as_ref().unwrap().is_cut();
    assert_eq!(said_goodbye, Ok(is_open), "{facts:?}");
    (facts, server.asked)
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_new_mail_ends_as_the_server_or_the_network_ends_it() {
    let still = (120_000, "* OK Still here\r\n");
    let bye = "* BYE Session expired\r\n";
    for (says, answers_done, end, held_ms, last_heard_ms) in [
        (&[still][..], true, IdleEnd::Held, 300_000, 120_000),
        (&[], true, IdleEnd::Held, 300_000, 0),
        (&[(90_000, bye)], true, IdleEnd::Said { answer: bye.trim_end().to_owned() }, 90_000, 90_000),
        (&[still, (30_000, "CLOSED")], true, IdleEnd::Closed, 150_000, 120_000),
        (&[(61_000, "RESET")], true, IdleEnd::Reset, 61_000, 0),
        (&[still], false, IdleEnd::Silent, 300_000, 120_000),
        (&[(1_000, "no protocol at all\r\n")], true, IdleEnd::Broken, 1_000, 0),
    ] {
        let (facts, asked) = idled(true, says, answers_done).await;
        let idle = facts.idle.unwrap();
        let is_open = !idle.is_cut();
        assert_eq!(idle, Idle { started_ms: 0, wanted_ms: 300_000, held_ms, last_heard_ms, end });
        assert_eq!(asked.last().is_some_and(|last| last == "LOGOUT"), is_open, "{asked:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_offered_is_not_asked_for() {
    let (facts, asked) = idled(false, &[], true).await;
    assert_eq!(facts.idle.unwrap().end, IdleEnd::NotOffered);
    assert!(!asked.contains(&"IDLE".to_owned()) && asked.last().is_some_and(|last| last == "LOGOUT"), "{asked:?}");
}
