//! Files of a megabyte that a reader would go through again and again.

use std::fs;
use std::time::Duration;

use super::written;
use crate::doctor::Doctor;
use crate::{Attack, attack, holds};

/// A name, a file, and what is in it.
type Bomb = (&'static str, &'static str, fn() -> String);

/// No real name of a file is longer.
const LONGEST: usize = 1024 * 1024 - 1;

const BOMBS: [Bomb; 24] = [
    ("msmtp, an account that inherits from itself", "msmtprc", || {
        format!("account a\nhost smtp.mail.me.com\n{}", "account a : a\n".repeat(60))
    }),
    ("msmtp, a chain of accounts", "msmtprc", || {
        format!("account a\nhost smtp.mail.me.com\npassword x\n{}", "account a : a, a, a\n".repeat(45_000))
    }),
    ("msmtp, 100,000 keys", "msmtprc", || {
        format!("account a\nhost smtp.mail.me.com\n{}", numbered(100_000, "k", " v\n"))
    }),
    ("msmtp, 100,000 keys in defaults", "msmtprc", || {
        format!("defaults\n{}account a\nhost smtp.mail.me.com\n", numbered(90_000, "k", " v\n"))
    }),
    ("fetchmail, 70,000 users on a line", ".fetchmailrc", || {
        format!("poll imap.mail.me.com {}", "user a pass b ".repeat(70_000))
    }),
    ("fetchmail, open quotes", ".fetchmailrc", || {
        format!("poll imap.mail.me.com user a {}", "pass b\"c ".repeat(110_000))
    }),
    ("neomutt, 38,000 mailboxes", ".neomuttrc", || {
        format!("mailboxes {}", numbered(30_000, " imap://x", ".mail.me.com/"))
    }),
    ("neomutt, a long hook", ".neomuttrc", || {
        format!("account-hook '{}' '{}'", "a".repeat(400_000), "set a=1;".repeat(50_000))
    }),
    ("neomutt, many hooks", ".neomuttrc", || {
        "folder-hook a 'set folder=imap://imap.mail.me.com imap_pass=$x x=$imap_pass'\n".repeat(13_000)
    }),
    ("postfix, 60,000 relays", "main.cf", || format!("relayhost = {}\n", "smtp.mail.me.com ".repeat(60_000))),
    ("postfix, a long name and many lines", "main.cf", || {
        format!("{} = x\n{}relayhost = smtp.mail.me.com\n", "a".repeat(400_000), " a\n".repeat(150_000))
    }),
    ("getmail, 140,000 folders", "getmailrc", || {
        let folders = "'Sent',".repeat(140_000);
        format!("[retriever]\ntype = SimpleIMAPRetriever\nserver = imap.mail.me.com\nmailboxes = ({folders})\n")
    }),
    ("aerc, 170,000 folders", "accounts.conf", || {
        format!("[a]\nsource = imap://a@imap.mail.me.com\ncopy-to = {}\n", "Sent,".repeat(170_000))
    }),
    ("offlineimap, many repositories and defaults", ".offlineimaprc", || {
        let repositories = numbered(10_000, "[Repository ", "]\nremotehost = imap.mail.me.com\n");
        format!("[DEFAULT]\n{}{repositories}", numbered(40_000, "k", " = v\n"))
    }),
    ("git, a long section", ".gitconfig", || format!("[{}]\n{}", "a".repeat(400_000), "x\n".repeat(300_000))),
    ("git, 20,000 identities", ".gitconfig", || {
        numbered(20_000, "[sendemail \"", "\"]\nsmtpserver=smtp.mail.me.com\n")
    }),
    ("himalaya, keys within keys", "himalaya.toml", || format!("{}b = 1\n", "a.".repeat(500_000))),
    ("himalaya, lists within lists", "himalaya.toml", || format!("a = {}", "[".repeat(500_000))),
    ("himalaya, accounts on a line", "himalaya.toml", || {
        let one = " = {backend={type=\"imap\",host=\"imap.mail.me.com\",port=143}},a";
        format!("accounts = {{a{}x = 1}}\n", numbered(13_000, "", one))
    }),
    ("environment, servers of one name", ".env", || "SMTP_HOST=smtp.mail.me.com\nSMTP_PORT=25\n".repeat(24_000)),
    ("environment, open quotes", ".env", || {
        format!("SMTP_HOST=smtp.mail.me.com\nSMTP_PORT=25\n{}", "SMTP_PASSWORD=\"abc\n".repeat(50_000))
    }),
    ("environment, a long key above", "x.yml", || {
        format!("{}:\n{}", "a".repeat(400_000), "  host: smtp.mail.me.com\n".repeat(25_000))
    }),
    ("mbsync, 23,000 accounts", ".mbsyncrc", || "IMAPAccount a\nHost imap.mail.me.com\n".repeat(23_000)),
    ("thunderbird, 5,000 servers and folders", "prefs.js", || {
        let server = |nth: usize| {
            format!(
                "user_pref(\"mail.server.server{nth}.hostname\", \"imap.mail.me.com\");\n\
                 user_pref(\"mail.server.server{nth}.type\", \"imap\");\n"
            )
        };
        let folder = "user_pref(\"mail.identity.id1.fcc_folder\", \"imap://a@imap.mail.me.com/Sent\");\n";
        (0..5000).map(server).chain(std::iter::repeat_n(folder.to_owned(), 4000)).collect()
    }),
];

fn numbered(count: usize, before: &str, after: &str) -> String {
    (0..count).flat_map(|nth| [before.to_owned(), nth.to_string(), after.to_owned()]).collect()
}

/// A program built for tests takes ten times as long as the released one.
const MOST: Duration = Duration::from_secs(10);
/// The most that is printed about one file, in bytes.
const LONGEST_REPORT: usize = 1024 * 1024;

pub(crate) fn all() -> Vec<Attack> {
    let bombs = BOMBS.iter().map(|(name, file, text)| {
        attack(*name, move || {
            let mut text = text();
            text.truncate(LONGEST);
            let (folder, path) = written(file, &text);
            let ended =
                Doctor::new(&["review", "--format", "json"]).folder(folder.path()).arg(&path).within(MOST).run();
            ended.is_bounded()?;
            let length = ended.out.len() + ended.error.len();
            holds(length < LONGEST_REPORT, || format!("{length} bytes are told of {} bytes", text.len()))
        })
    });
    bombs.chain([attack("a project of 80 files of a megabyte", project)]).collect()
}

fn project() -> crate::Held {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("SMTP_HOST=smtp.mail.me.com\nSMTP_PORT=25\n{}", "#\n".repeat(LONGEST / 2 - 100));
    for nth in 0..80 {
        fs::create_dir(folder.path().join(nth.to_string())).unwrap();
        fs::write(folder.path().join(format!("{nth}/.env")), &text).unwrap();
    }
    let ended = Doctor::new(&["review"]).folder(folder.path()).arg(folder.path()).run();
    ended.is_bounded()?;
    holds(ended.megabytes < 60, || format!("it took {} MB", ended.megabytes))
}
