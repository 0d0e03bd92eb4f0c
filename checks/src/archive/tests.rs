//! An archive against a server made for it.

#![allow(
    clippy::unwrap_used,
    clippy::format_collect,
    clippy::similar_names,
    reason = "a test says what went wrong by failing"
)]

use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

use super::digest::Digester;
use super::*;
use crate::network::Broken;
use crate::network::clock::Stopwatch;
use crate::protocol::Line;
use crate::transcript::Transcript;

/// The messages of each folder; UIDs begin with 11.
const FOLDERS: [(&str, &[&str]); 3] =
    [("INBOX", &["one", "two", "three"]), ("Archive", &["four"]), ("Notes", &["a note"])];

fn message(text: &str) -> String {
    format!("Message-ID: <{}>\r\n\r\n{text}\r\n", text.replace(' ', ""))
}

/// Answers each command; the first that begins as `refuses` says is refused.
struct Server {
    refuses: RefCell<Vec<&'static str>>,
    folder: usize,
    asked: Vec<String>,
    waiting: VecDeque<u8>,
}

impl Server {
    fn refusing(refuses: &[&'static str]) -> Self {
        Self { refuses: RefCell::new(refuses.to_vec()), folder: 0, asked: Vec::new(), waiting: VecDeque::new() }
    }

    fn answer(&mut self, command: &str) -> String {
        let rows = || FOLDERS[self.folder].1.iter().enumerate().map(|(at, text)| (at + 1, at + 11, message(text)));
        match command.split(' ').next().unwrap() {
            "LIST" => FOLDERS.map(|(name, _)| format!("* LIST () \"/\" \"{name}\"\r\n")).concat(),
            "EXAMINE" => {
                let name = command.split('"').nth(1).unwrap();
                self.folder = FOLDERS.iter().position(|(folder, _)| *folder == name).unwrap();
                format!("* {} EXISTS\r\n* OK [UIDVALIDITY 5] x\r\n", FOLDERS[self.folder].1.len())
            }
            "FETCH" => rows()
                .map(|(number, uid, text)| {
                    let id = text.lines().next().unwrap();
                    let date = "INTERNALDATE \"01-Nov-2026 00:00:00 +0000\"";
                    let ids = format!("BODY[HEADER.FIELDS (MESSAGE-ID)] {{{}}}\r\n{id}\r\n\r\n", id.len() + 4);
                    let ids = if command.contains("MESSAGE-ID") { ids } else { String::new() };
                    format!("* {number} FETCH (UID {uid} RFC822.SIZE {} {date} {ids})\r\n", text.len())
                })
                .collect(),
            "UID" => rows()
                .filter(|(_, uid, _)| command.split(' ').nth(2).unwrap().split(',').any(|one| one == uid.to_string()))
                .map(|(number, uid, text)| {
                    format!("* {number} FETCH (UID {uid} FLAGS (\\Seen) BODY[] {{{}}}\r\n{text})\r\n", text.len())
                })
                .collect(),
            _ => String::new(),
        }
    }
}

impl Stream for &mut Server {
    async fn send(&mut self, lines: &[Line]) -> Result<(), Broken> {
        for line in lines {
            let line = String::from_utf8(line.wire().to_vec()).unwrap();
            let (tag, command) = line.trim_end().split_once(' ').unwrap();
            self.asked.push(command.to_owned());
            let refused = self.refuses.borrow().iter().position(|begin| command.starts_with(begin));
            let said = match refused {
                Some(at) => {
                    self.refuses.borrow_mut().remove(at);
                    format!("{tag} NO [UNAVAILABLE] Service temporarily unavailable\r\n")
                }
                None => format!("{}{tag} OK done\r\n", self.answer(command)),
            };
            self.waiting.extend(said.bytes());
        }
        Ok(())
    }

    async fn receive(&mut self) -> Result<Vec<u8>, Broken> {
        Ok(self.waiting.drain(..self.waiting.len().min(37)).collect())
    }
}

async fn done(server: &mut Server, task: Task) -> Done {
    let wishes = Wishes { before: None, folders: Vec::new(), task, day: 0 };
    let (mut transcript, mut kept) = (Transcript::default(), None);
    let talk = Talk::over(server, &mut transcript, Stopwatch::start(), Duration::from_secs(1));
    ask(talk, &wishes, &mut kept).await.unwrap();
    assert_eq!(transcript.lines.len(), transcript.lines.iter().filter(|line| !line.text.contains("one")).count());
    kept.unwrap()
}

/// A copy that has these texts.
struct Texts(Vec<String>, Vec<Local>, Vec<String>);

impl Texts {
    fn of(texts: &[&str]) -> Rc<Self> {
        let locals = texts.iter().map(|text| {
            let id = text.lines().next().unwrap().strip_prefix("Message-ID: ").unwrap_or_default();
            let size = u32::try_from(text.len()).unwrap();
            Local { folder: 0, key: key(id.as_bytes()), sizes: [size; 3], slack: 0, is_odd: false }
        });
        Rc::new(Self(texts.iter().map(|text| (*text).to_owned()).collect(), locals.collect(), vec!["inbox".to_owned()]))
    }
}

impl Copied for Texts {
    fn folders(&self) -> &[String] {
        &self.2
    }

    fn messages(&self) -> &[Local] {
        &self.1
    }

    fn digest(&self, at: usize) -> Option<Digest> {
        let mut digester = Digester::default();
        digester.take(self.0[at].as_bytes());
        Some(digester.end())
    }
}

async fn verified(texts: &[&str], refuses: &[&'static str]) -> (Verified, Vec<String>) {
    let mut server = Server::refusing(refuses);
    let Done::Verified(verified) = done(&mut server, Task::Verify(Texts::of(texts), Hash::Sample)).await else {
        panic!("another task")
    };
    (verified, server.asked)
}

#[tokio::test]
async fn a_copy_is_compared_and_nothing_that_changes_anything_is_asked() {
    let texts = ["one", "two", "three", "four"].map(message);
    let texts = texts.each_ref().map(String::as_str);
    let (found, asked) = verified(&texts, &[]).await;
    assert_eq!((found.here(), found.lacks(), found.compared, found.is_complete()), ((4, 4), (0, 0), 4, true));
    assert_eq!(found.folders.iter().map(|folder| folder.elsewhere).collect::<Vec<_>>(), [0, 1]);
    for command in &asked {
        let harmless = ["LIST", "EXAMINE", "FETCH", "UID FETCH", "LOGOUT"];
        assert!(harmless.iter().any(|verb| command.starts_with(verb)), "{command}");
        assert!(!command.contains("BODY["), "{command}");
    }
}

#[tokio::test]
async fn what_is_missing_or_damaged_is_named() {
    let (found, _) = verified(&[&message("one"), &message("two").replace("\r\ntwo", "\r\ntwO")], &[]).await;
    assert_eq!((found.lacks(), found.folders[0].differing_uids.as_slice()), ((2, 1), [12].as_slice()));
    assert_eq!(found.folders[0].missing_uids, [13]);
}

#[tokio::test]
async fn a_refusal_is_no_proof() {
    let texts = ["one", "two", "three", "four"].map(message);
    let texts = texts.each_ref().map(String::as_str);
    for refused in ["LIST", "EXAMINE", "FETCH", "UID FETCH"] {
        let (found, _) = verified(&texts, &[refused]).await;
        assert!(!found.is_complete(), "{refused}");
    }
}

/// A copy in memory.
#[derive(Default)]
struct Memory {
    begun: RefCell<Vec<u8>>,
    kept: RefCell<Vec<(String, Kept, String)>>,
    is_full: bool,
}

impl Store for Memory {
    fn kept(&self, folder: &str) -> Result<Vec<Kept>, String> {
        Ok(self.kept.borrow().iter().filter(|(of, ..)| of == folder).map(|(_, kept, _)| *kept).collect())
    }

    fn identities(&self, folder: &str, kept: &[Kept]) -> Result<Vec<u64>, String> {
        let all = self.kept.borrow();
        let text = |one: &Kept| all.iter().find(|(of, kept, _)| of == folder && kept == one).unwrap().2.clone();
        let id = |text: String| key(text.lines().next().unwrap().strip_prefix("Message-ID: ").unwrap().as_bytes());
        Ok(kept.iter().map(|kept| id(text(kept))).collect())
    }

    fn renumber(&self, folder: &str, from: Kept, to: Kept) -> Result<(), String> {
        let mut all = self.kept.borrow_mut();
        all.iter_mut().filter(|(of, kept, _)| of == folder && *kept == from).for_each(|(_, kept, _)| *kept = to);
        Ok(())
    }

    fn take(&self, bytes: &[u8]) -> Result<(), String> {
        self.begun.borrow_mut().extend(bytes);
        if self.is_full { Err("the disk is full".to_owned()) } else { Ok(()) }
    }

    fn keep(&self, folder: &str, message: Kept, flags: &str, _unix: i64) -> Result<(), String> {
        assert_eq!(flags, "S");
        let text = String::from_utf8(self.begun.take()).unwrap();
        self.kept.borrow_mut().push((folder.to_owned(), message, text));
        Ok(())
    }

    fn forget(&self) {
        self.begun.take();
    }

    fn settle(&self) -> Result<(), String> {
        Ok(())
    }
}

async fn pulled(store: &Rc<Memory>, refuses: &[&'static str]) -> Pulled {
    let store: Rc<dyn Store> = Rc::<Memory>::clone(store);
    let task = Task::Pull { store, pace: None, budget: None };
    let Done::Pulled(pulled) = done(&mut Server::refusing(refuses), task).await else { panic!("another task") };
    pulled
}

#[tokio::test(start_paused = true)]
async fn what_is_lacking_is_fetched_once_and_a_new_number_is_no_new_message() {
    let store = Rc::new(Memory::default());
    let first = pulled(&store, &["UID FETCH", "UID FETCH"]).await;
    assert_eq!((first.here(), first.is_complete()), ((4, 4), true));
    let texts: Vec<String> = store.kept.borrow().iter().map(|(.., text)| text.clone()).collect();
    assert_eq!(texts, ["one", "two", "three", "four"].map(message));
    let again = pulled(&store, &[]).await;
    assert_eq!(again.folders.iter().map(|folder| (folder.there, folder.fetched)).collect::<Vec<_>>(), [(3, 0), (1, 0)]);
    store.kept.borrow_mut().iter_mut().for_each(|(_, kept, _)| kept.uidvalidity = 4);
    let renumbered = pulled(&store, &[]).await;
    let counts = renumbered.folders.iter().map(|folder| (folder.renumbered, folder.fetched)).collect::<Vec<_>>();
    assert_eq!((counts, store.kept.borrow().len()), (vec![(3, 0), (1, 0)], 4));
}

#[tokio::test(start_paused = true)]
async fn it_stops_where_the_server_goes_on_refusing_or_the_disk_is_full() {
    let store = Rc::new(Memory::default());
    let refused = pulled(&store, &["UID FETCH"; 4]).await;
    assert_eq!((refused.refusals, refused.gap), (3, Some(Gap::Refused(Some("UNAVAILABLE".to_owned())))));
    let full = Rc::new(Memory { is_full: true, ..Memory::default() });
    assert_eq!(pulled(&full, &[]).await.gap, Some(Gap::Here("the disk is full".to_owned())));
    assert!(full.kept.borrow().is_empty());
}
