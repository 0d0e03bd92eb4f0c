//! Two servers that know many accounts, each by its password, and note what each of them does: when it signs in, and how
//! many connections are open.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::certificates;
use crate::cloud::Cloud;
use crate::wire::Wire;

/// What a server does when an account signs in.
#[derive(Clone, Copy, Default)]
pub(crate) enum Says {
    #[default]
    Yes,
    /// These words, after the tag where there is one.
    Words(&'static str),
    /// It closes the connection.
    Closes,
    /// It says nothing.
    Nothing,
    /// It accepts, and then closes the connection.
    YesAndCloses,
}

/// How both servers treat an account.
#[derive(Clone, Copy, Default)]
pub(crate) struct Manners {
    pub(crate) imap: Says,
    pub(crate) smtp: Says,
    /// The answer to GETQUOTAROOT.
    pub(crate) quota: Option<&'static str>,
    /// The answer to MAIL FROM.
    pub(crate) mail: Option<&'static str>,
    /// The answer to RCPT TO.
    pub(crate) rcpt: Option<&'static str>,
}

/// A sign-in that a server got.
#[derive(Clone)]
pub(crate) struct Got {
    pub(crate) server: &'static str,
    pub(crate) login: String,
    pub(crate) password: String,
    pub(crate) at: Instant,
}

/// What the servers noted.
pub(crate) struct Noted {
    began: Instant,
    pub(crate) got: Mutex<Vec<Got>>,
    open: [AtomicUsize; 2],
    peaks: [AtomicUsize; 2],
    /// A file with a line for each sign-in as it comes, for who counts from another process.
    pub(crate) journal: OnceLock<Mutex<File>>,
}

impl Default for Noted {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            got: Mutex::default(),
            open: Default::default(),
            peaks: Default::default(),
            journal: OnceLock::new(),
        }
    }
}

impl Noted {
    /// The most connections that were open at either server.
    pub(crate) fn peak(&self) -> usize {
        self.peaks.iter().map(|peak| peak.load(Ordering::SeqCst)).max().unwrap()
    }

    /// Notes a sign-in.
    fn note(&self, got: Got) {
        if let Some(journal) = self.journal.get() {
            let ms = self.began.elapsed().as_millis();
            let line = format!("{ms} {} {} {}\n", got.server, got.login, self.peak());
            journal.lock().unwrap().write_all(line.as_bytes()).unwrap();
        }
        self.got.lock().unwrap().push(got);
    }

    /// How often each account signed in at each server.
    pub(crate) fn counts(&self) -> HashMap<(&'static str, String), usize> {
        let mut counts = HashMap::new();
        for got in self.got.lock().unwrap().iter() {
            *counts.entry((got.server, got.login.clone())).or_default() += 1;
        }
        counts
    }
}

/// Counts a connection as long as it is there.
struct Counted<'n>(&'n AtomicUsize);

impl<'n> Counted<'n> {
    fn new(noted: &'n Noted, server: usize) -> Self {
        let now = noted.open[server].fetch_add(1, Ordering::SeqCst) + 1;
        noted.peaks[server].fetch_max(now, Ordering::SeqCst);
        Self(&noted.open[server])
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Two servers that know these accounts by their passwords, and refuse all others.
pub(crate) fn serving(accounts: HashMap<String, Manners>) -> (Cloud, Arc<Noted>) {
    let (noted, accounts) = (Arc::<Noted>::default(), Arc::new(accounts));
    let (of_imap, imap_accounts) = (Arc::clone(&noted), Arc::clone(&accounts));
    let of_smtp = Arc::clone(&noted);
    let cloud =
        Cloud::serving(move |wire| imap(wire, &imap_accounts, &of_imap), move |wire| smtp(wire, &accounts, &of_smtp));
    (cloud, noted)
}

/// The login and the password of a PLAIN response.
fn given(response: &str) -> (String, String) {
    let bytes = STANDARD.decode(response).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut parts = text.split('\0').skip(1).map(str::to_owned);
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

/// Notes a sign-in, and says what the server does with it.
fn judged(response: &str, server: &'static str, accounts: &HashMap<String, Manners>, noted: &Noted) -> (Manners, Says) {
    let (login, password) = given(response);
    let known = accounts.get(&password).copied();
    noted.note(Got { server, login, password, at: Instant::now() });
    let refused = |words| (Manners::default(), Says::Words(words));
    match (known, server) {
        (Some(manners), "imap") => (manners, manners.imap),
        (Some(manners), _) => (manners, manners.smtp),
        (None, "imap") => refused("NO [AUTHENTICATIONFAILED] Authentication Failed"),
        (None, _) => refused("535 5.7.8 Error: authentication failed:"),
    }
}

fn imap(wire: &mut Wire, accounts: &HashMap<String, Manners>, noted: &Noted) -> io::Result<()> {
    let _open = Counted::new(noted, 0);
    wire.encrypt(certificates::honest())?;
    wire.send(b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN ID QUOTA] ready\r\n")?;
    let mut manners = Manners::default();
    loop {
        let line = wire.line()?;
        let mut words = line.splitn(4, ' ');
        let (tag, verb) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default());
        match verb {
            "AUTHENTICATE" => {
                let response = words.nth(1).unwrap_or_default();
                let (its, says) = judged(response, "imap", accounts, noted);
                manners = its;
                match says {
                    Says::Yes => wire.say(&format!("{tag} OK user authenticated"))?,
                    Says::Words(words) => wire.say(&format!("{tag} {words}"))?,
                    Says::Closes => return Ok(()),
                    Says::Nothing => {}
                    Says::YesAndCloses => return wire.say(&format!("{tag} OK user authenticated")),
                }
            }
            "CAPABILITY" => {
                wire.say("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN ID QUOTA")?;
                wire.say(&format!("{tag} OK done"))?;
            }
            "GETQUOTAROOT" => {
                let quota = manners.quota.unwrap_or("(STORAGE 204800 5242880)");
                wire.say(&format!("* QUOTA \"\" {quota}"))?;
                wire.say(&format!("{tag} OK done"))?;
            }
            "LIST" => {
                wire.say("* LIST (\\Sent) \"/\" \"Sent Messages\"")?;
                wire.say(&format!("{tag} OK done"))?;
            }
            "LOGOUT" => {
                wire.say("* BYE goodbye")?;
                return wire.say(&format!("{tag} OK done"));
            }
            _ => wire.say(&format!("{tag} OK done"))?,
        }
    }
}

fn smtp(wire: &mut Wire, accounts: &HashMap<String, Manners>, noted: &Noted) -> io::Result<()> {
    let _open = Counted::new(noted, 1);
    wire.send(b"220 smtp ready\r\n")?;
    let (mut manners, mut is_encrypted) = (Manners::default(), false);
    loop {
        let line = wire.line()?;
        let words: Vec<&str> = line.split(' ').collect();
        match words[0] {
            "EHLO" if is_encrypted => wire.send(b"250-smtp\r\n250 AUTH PLAIN LOGIN\r\n")?,
            "EHLO" => wire.send(b"250-smtp\r\n250 STARTTLS\r\n")?,
            "STARTTLS" => {
                wire.say("220 ready")?;
                wire.encrypt(certificates::honest())?;
                is_encrypted = true;
            }
            "AUTH" => {
                let (its, says) = judged(words.get(2).copied().unwrap_or_default(), "smtp", accounts, noted);
                manners = its;
                match says {
                    Says::Yes => wire.say("235 2.7.0 Authentication successful")?,
                    Says::Words(words) => wire.say(words)?,
                    Says::Closes => return Ok(()),
                    Says::Nothing => {}
                    Says::YesAndCloses => return wire.say("235 2.7.0 Authentication successful"),
                }
            }
            "MAIL" => wire.say(manners.mail.unwrap_or("250 2.1.0 Ok"))?,
            "RCPT" => wire.say(manners.rcpt.unwrap_or("250 2.1.5 Ok"))?,
            "QUIT" => return wire.say("221 goodbye"),
            _ => wire.say("250 2.0.0 OK")?,
        }
    }
}
