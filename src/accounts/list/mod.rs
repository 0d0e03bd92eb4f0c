//! The list of accounts: what it says of each, or every mistake in it with its line.

mod csv;
mod entry;
mod json;
mod labels;
mod toml;

use std::collections::HashMap;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use checks::network::plain_file;
use checks::secret::Secret;
use zeroize::Zeroizing;

use crate::misuse::{Misuse, file_name};
use crate::render::Format;
use crate::report::line::Labels;
use crate::{aside, decode, files, limits};

/// One account.
pub(crate) struct Account {
    /// How every output calls it.
    pub(crate) name: String,
    /// The line of the list on which it begins.
    pub(crate) line: usize,
    pub(crate) email: String,
    pub(crate) from: Option<String>,
    pub(crate) imap_username: Option<String>,
    pub(crate) smtp_username: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) labels: Labels,
    pub(crate) source: Source,
}

impl Account {
    /// Recognises the address in what is kept on the disk, and is worthless for guessing it: one of 65,536 has the same.
    pub(crate) fn tag(&self) -> u16 {
        super::shard::tag(&self.email.trim().to_lowercase())
    }

    /// What it signs in and sends as: two accounts with the same are one.
    fn mailbox(&self) -> [String; 4] {
        let email = self.email.to_lowercase();
        let or_email =
            |given: &Option<String>| given.as_ref().map_or_else(|| email.clone(), |given| given.to_lowercase());
        [or_email(&self.from), or_email(&self.imap_username), or_email(&self.smtp_username), email.clone()]
    }
}

/// Where its password comes from.
pub(crate) enum Source {
    /// The output of a command.
    Command(String),
    /// The first line of a file.
    File(PathBuf),
    /// The list itself, on standard input.
    Given(Secret),
}

impl Source {
    /// The same once more; `None` for a password that was read with the list, of which there is one alone.
    pub(crate) fn again(&self) -> Option<Self> {
        match self {
            Self::Command(line) => Some(Self::Command(line.clone())),
            Self::File(path) => Some(Self::File(path.clone())),
            Self::Given(_) => None,
        }
    }
}

/// A mistake, with the line that it is in.
type Mistake = (usize, String);

/// How long a list may take to come before it is said that it is awaited.
const PATIENCE: Duration = Duration::from_secs(3);

/// More mistakes than these say nothing new.
const MOST_SHOWN: usize = 20;

/// What an entry needs to know of the call.
struct Around<'a> {
    /// Whether the list came on standard input, and may have passwords in it.
    is_piped: bool,
    /// The folder of the list: a password's file is named from there.
    folder: &'a Path,
    /// The folder of the credentials.
    credentials: Option<&'a Path>,
}

/// Reads a list. `credentials` is the folder in which credentials are found by name.
pub(crate) fn read(path: &Path, credentials: Option<&Path>) -> Result<Vec<Account>, Misuse> {
    let is_piped = path.as_os_str() == "-" || files::descriptor(path) == Some(0);
    let called = if is_piped { "the list on standard input".to_owned() } else { file_name(path) };
    let unread = |why: String| {
        Misuse::new(format!("{called} cannot be read: {why}"), "name a list of accounts in TOML, CSV or JSON lines")
    };
    let source = files::open_given(path).map_err(|why| unread(why.to_string()))?;
    let awaited = is_piped.then(tell_of_waiting);
    let bytes = Zeroizing::new(plain_file::within(source, limits::LONGEST).map_err(|why| unread(why.to_string()))?);
    drop(awaited);
    let text = decode::text(&bytes).map(Zeroizing::new).ok_or_else(|| unread(undecoded(&bytes).to_owned()))?;
    let folder = path.parent().filter(|_| !is_piped).unwrap_or(Path::new(""));
    let (accounts, mut mistakes) = of_text(&text, path, &Around { is_piped, folder, credentials });
    if mistakes.is_empty() && accounts.is_empty() {
        return Err(Misuse::new(format!("{called} has no account in it"), "write at least one"));
    }
    match mistakes.as_slice() {
        [] => Ok(accounts),
        [(line, mistake)] => {
            Err(Misuse::new(format!("line {line} of {called}: {mistake}"), "correct it; nothing was asked yet"))
        }
        _ => {
            mistakes.sort();
            for (line, mistake) in mistakes.iter().take(MOST_SHOWN) {
                aside::say(format!("icloud-mail-doctor: line {line} of {called}: {mistake}."));
            }
            let what = format!("{called} has {} mistakes", mistakes.len());
            Err(Misuse::new(what, "correct them; nothing was asked yet"))
        }
    }
}

/// Says what is awaited on standard input: at once to a person, and after a while where another program should write. It
/// is not said once the returned end is dropped.
fn tell_of_waiting() -> mpsc::Sender<()> {
    let (sender, has_come) = mpsc::channel();
    if io::stdin().is_terminal() {
        aside::say("Paste the list, then end it with Ctrl-D (on Windows Ctrl-Z and Return).");
    } else {
        std::thread::spawn(move || {
            if has_come.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                aside::say("icloud-mail-doctor: waiting for the end of the list on standard input.");
            }
        });
    }
    sender
}

/// Refuses accounts whose password is in a file that cannot be opened. What is in the files is not looked at.
pub(super) fn has_every_file(accounts: &[Account]) -> Result<(), Misuse> {
    let mut missing = accounts.iter().filter_map(|account| match &account.source {
        Source::File(path) => Some((account, plain_file::open(path).err()?)),
        Source::Command(_) | Source::Given(_) => None,
    });
    let Some((account, why)) = missing.next() else { return Ok(()) };
    let others = match missing.count() {
        0 => String::new(),
        others => format!(", and so it is for {others} more"),
    };
    let what = format!("the file with the password of {} cannot be read: {why}{others}", account.name);
    Err(Misuse::new(what, "look at its name and at who may read it; nothing was asked yet"))
}

/// Why bytes are no text.
fn undecoded(bytes: &[u8]) -> &'static str {
    match bytes.contains(&0) {
        true => "it is not text (Excel: save it as \"CSV UTF-8\")",
        false => "its letters are not in UTF-8 (Excel calls the right form \"CSV UTF-8\")",
    }
}

fn of_text(text: &str, path: &Path, around: &Around<'_>) -> (Vec<Account>, Vec<Mistake>) {
    let (entries, mut mistakes) = match Form::of(path, text) {
        Form::Toml => toml::read(text),
        Form::Json => json::read(text),
        Form::Csv => csv::read(text),
    };
    let mut accounts = Vec::with_capacity(entries.len());
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut mailboxes: HashMap<[String; 4], usize> = HashMap::new();
    for entry in entries {
        let line = entry.line;
        match entry.account(around) {
            Ok(account) => {
                if let Some(first) = names.insert(account.name.clone(), line) {
                    let what = format!("the account in line {first} has the same name; every account needs its own");
                    mistakes.push((line, what));
                } else if let Some(first) = mailboxes.insert(account.mailbox(), line) {
                    let what = format!("the account in line {first} is the same mailbox, and would be signed in twice");
                    mistakes.push((line, what));
                }
                accounts.push(account);
            }
            Err(wrong) => mistakes.extend(wrong.into_iter().map(|what| (line, what))),
        }
    }
    (accounts, mistakes)
}

/// How the list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Toml,
    Csv,
    Json,
}

impl Form {
    /// By the ending of its name, or else by how it begins.
    fn of(path: &Path, text: &str) -> Self {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
        let beginning = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        match (ending.as_str(), beginning.unwrap_or_default()) {
            ("toml", _) => Self::Toml,
            ("csv" | "tsv", _) => Self::Csv,
            (ending, _) if ["jsonl", "ndjson", Format::of_lines().name].contains(&ending) => Self::Json,
            (_, line) if line.starts_with('{') => Self::Json,
            (_, line) if line.starts_with('[') || line.contains('=') => Self::Toml,
            _ => Self::Csv,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;

    const CSV: &str = "name,email,labels,password_command\n\
                       anna,anna@icloud.com,team=desk,pass show anna\n\
                       \"berta, the other\",berta@me.com,,\"echo \"\"x\"\"\"\n";
    const TOML: &str = "[[accounts]]\nname = \"anna\"\nemail = \"anna@icloud.com\"\nlabels = { team = \"desk\" }\n\
                        password_command = \"pass show anna\"\n\n\
                        [[accounts]]\nname = \"berta, the other\"\nemail = \"berta@me.com\"\n\
                        password_command = ['echo', 'x']\n";
    const JSON: &str = "{\"name\": \"anna\", \"email\": \"anna@icloud.com\", \"labels\": {\"team\": \"desk\"}, \
                        \"password_command\": \"pass show anna\"}\n\n\
                        {\"name\": \"berta, the other\", \"email\": \"berta@me.com\", \"password_command\": [\"echo\", \"x\"]}\n";

    fn around(is_piped: bool) -> Around<'static> {
        Around { is_piped, folder: Path::new("lists"), credentials: Some(Path::new("/run/credentials")) }
    }

    fn wrong(text: &str, is_piped: bool) -> Vec<Mistake> {
        of_text(text, Path::new("-"), &around(is_piped)).1
    }

    #[test]
    fn the_three_forms_say_the_same() {
        for (text, name, second) in
            [(CSV, "a.csv", "echo \"x\""), (TOML, "a.toml", "[\"echo\",\"x\"]"), (JSON, "a.jsonl", "[\"echo\",\"x\"]")]
        {
            // By the content alone, and by the ending.
            for path in ["-", name] {
                let (accounts, mistakes) = of_text(text, Path::new(path), &around(false));
                assert_eq!(mistakes, [], "{path}");
                let [anna, berta] = &accounts[..] else { panic!("{path}") };
                assert_eq!((anna.name.as_str(), anna.email.as_str()), ("anna", "anna@icloud.com"));
                assert_eq!(anna.labels.get("team").map(String::as_str), Some("desk"));
                assert_eq!(berta.name, "berta, the other");
                assert!(matches!(&berta.source, Source::Command(line) if line == second), "{path}");
            }
        }
    }

    #[test]
    fn a_list_that_excel_or_a_spreadsheet_wrote_is_read_too() {
        for text in [
            "Name;E-Mail;Password File\r\nanna;anna@icloud.com;secrets/anna\r\n",
            "NAME\tEMAIL\tpassword-file\nanna\tanna@icloud.com\tsecrets/anna\n",
        ] {
            let (accounts, mistakes) = of_text(text, Path::new("-"), &around(false));
            assert_eq!(mistakes, [], "{text}");
            assert!(matches!(&accounts[0].source, Source::File(path) if path == Path::new("lists/secrets/anna")));
        }
    }

    #[test]
    fn every_mistake_has_its_line() {
        let text = "name,email,credential,password_file,labels\n\
                    anna,anna@icloud.com,anna,,\n\
                    anna,berta@icloud.com,berta,,\n\
                    ,clara@icloud.com,clara,,\n\
                    dora,dora.icloud.com,dora,,\n\
                    emma,emma@icloud.com,,,\n\
                    frieda,frieda@icloud.com,a,b,\n\
                    \"greta\",greta@icloud.con,g,,\n\
                    hanna,hanna@gmail.com,h,,\n\
                    ida,ida@icloud.com,../ida,,\n\
                    jule,jule@icloud.com,jule,,verdict=x\n\
                    karla,karla@icloud.com,karla,,,x\n";
        let lines: Vec<usize> = wrong(text, false).into_iter().map(|(line, _)| line).collect();
        let mut sorted = lines.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "{:?}", wrong(text, false));
        let toml =
            "[[accounts]]\nname = \"anna\"\nemail = \"anna@icloud.com\"\n\n[[accounts]]\nname = \"b\"\nmail = \"x\"\n";
        let lines: Vec<usize> = wrong(toml, false).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 5, 5, 5]);
        let json = "{\"name\": \"a\"}\n\n{\"name\": 7, \"email\": {}}\nnot json\n[1]\n";
        assert!(
            wrong(json, false).iter().any(|(line, _)| *line == 4)
                && wrong(json, false).iter().any(|(line, _)| *line == 5)
        );
    }

    #[test]
    fn a_password_is_read_from_standard_input_alone_and_never_repeated() {
        let text = "name,email,password\nanna,anna@icloud.com,abcd-efgh-ijkl-mnop\n";
        let (accounts, mistakes) = of_text(text, Path::new("-"), &around(true));
        assert!(mistakes.is_empty() && matches!(accounts[0].source, Source::Given(_)));
        let mistakes = wrong(text, false);
        assert_eq!(mistakes.len(), 1);
        assert!(mistakes[0].1.contains("password_command"), "{mistakes:?}");
        for text in [
            "name,email\nabcd-efgh-ijkl-mnop,qrst-abcd-efgh-ijkl\n",
            "{\"name\": \"a\", \"password\": \"qrst-abcd-efgh-ijkl\"",
            "[[accounts]]\npassword = \"qrst-abcd-efgh-ijkl\nname = 'x'\n",
            "qrst-abcd-efgh-ijkl,anna@icloud.com\n",
        ] {
            let told = format!("{:?}", wrong(text, false));
            assert!(!told.contains("ijkl") && told != "[]", "{told}");
        }
    }

    #[test]
    fn no_list_makes_it_panic() {
        for text in [
            "",
            "\n",
            ",,,\n,,,",
            "name",
            "[[accounts]]",
            "[accounts]",
            "{}",
            "[",
            "\"",
            "=",
            "a=1",
            "name,email\n\"",
            "accounts = 1",
        ] {
            let (accounts, _) = of_text(text, Path::new("-"), &around(true));
            assert!(accounts.is_empty(), "{text}");
        }
    }
}
