//! Many accounts on real Dovecot and Postfix: thirty faults among hundreds of them, each named; no account signs in twice,
//! no two begin too close to each other, and a wrong list stops after five. All of it is counted in the servers' logs.

mod counted;
mod faults;

use crate::doctor;
use crate::fault::{Fault, HEALTHY, Many, Servers};
use crate::world::World;
use crate::world::addresses::{PORTAL_URL, STATUS_URL};
use crate::world::commands::Outcome;
use crate::world::dovecot::create_maildir;
use crate::world::namespaces::Namespaces;
use counted::Counted;
use faults::{KINDS, Kind};
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

/// Its name, as the laboratory lists it.
pub(crate) const NAME: &str = "many-accounts";

/// How many accounts there are. A thousand take a minute where nothing else runs: `LAB_ACCOUNTS=1000`.
fn count() -> usize {
    let asked = std::env::var("LAB_ACCOUNTS").ok().and_then(|count| count.parse().ok());
    asked.filter(|count| (4 * KINDS.len()..=10_000).contains(count)).unwrap_or(300)
}

const AT_ONCE: usize = 4;
const PACE: Duration = Duration::from_millis(20);
/// Refused in a row before a run stops, and those that are under way then.
const MOST_OF_A_WRONG_LIST: usize = 5 + AT_ONCE - 1;

const WORLD: Fault = Fault { servers: Servers::RealWithMany(&Many { dovecot, postfix }), ..HEALTHY };

/// Writes the script with the accounts and the list, and returns what Dovecot's configuration needs besides the usual.
fn dovecot(folder: &Path) -> Outcome<String> {
    let place = folder.to_string_lossy();
    fs::write(folder.join("accounts.lua"), include_str!("accounts.lua").replace("{place}", &place))?;
    let known: String = Account::all().map(|account| account.known()).collect();
    fs::write(folder.join("many"), known)?;
    Ok("log_timestamp = \"%s.%{usecs} \"\n".to_owned())
}

/// The settings of Postfix: who may send as whom, and who may not send now.
fn postfix() -> Vec<(&'static str, String)> {
    // By way of a class of restrictions, because Postfix puts its own words before each answer: "Client host rejected".
    let access = "check_sasl_access regexp:{ {/^sent-too-much-/ limited}, {/^full-at-sending-/ full}, \
                  {/^busy-at-sending-/ busy}, {/^sender-refused-/ 554 5.7.1 Sender address rejected: not allowed}}";
    let says = |words: &str| format!("check_client_access static:{{{words}}}");
    let owns = "regexp:{ {/^not-its-sender/ nobody@icloud.com}, {/^(.+)/ $$1}}"; // Postfix takes a single dollar for a setting of its own.
    vec![
        ("smtpd_sender_login_maps", owns.to_owned()),
        ("smtpd_restriction_classes", "limited, full, busy".to_owned()),
        ("limited", says("550 5.7.1 You have exceeded your daily sending limit")),
        ("full", says("552 5.2.2 The mailbox of the sender is over quota")),
        ("busy", says("450 4.7.0 Too many messages from this account, slow down")),
        ("smtpd_sender_restrictions", format!("reject_sender_login_mismatch, {access}")),
        // Every account comes from one address here, and none is counted by it.
        ("smtpd_client_connection_rate_limit", "0".to_owned()),
    ]
}

/// One of the accounts.
struct Account {
    name: String,
    kind: Option<&'static Kind>,
    number: usize,
}

impl Account {
    fn all() -> impl Iterator<Item = Self> {
        let every = count() / KINDS.len();
        (0..count()).map(move |number| {
            let kind = (number % every == every / 2).then(|| KINDS.get(number / every)).flatten();
            Self { name: format!("{}-{number}", kind.map_or("well", |kind| kind.name)), kind, number }
        })
    }

    fn is(&self, name: &str) -> bool {
        self.kind.is_some_and(|kind| kind.name == name)
    }

    fn email(&self) -> String {
        let domain = if self.is("custom-domain") { "quokka.example" } else { "icloud.com" };
        format!("{}@{domain}", self.name)
    }

    /// A password of the kind that Apple makes, and no other account's.
    fn password(&self) -> String {
        let letter = |at: usize| {
            char::from(b"abcdefghijkmnpqrstuvwxyz"[(self.number / 24_usize.pow(at.try_into().unwrap_or(0)) + at) % 24])
        };
        let group = |at: usize| (0..4).map(|one| letter((at + one) % 3)).collect::<String>();
        format!("{}-qkwe-{}-ruvz", group(0), group(1))
    }

    /// What the user wrote into the file.
    fn written(&self) -> String {
        let right = self.password();
        match self.kind.map_or("", |kind| kind.name) {
            "wrong-password" => "mbhy-xgtn-qkwe-ruvz".to_owned(),
            "own-password" => "Summer-2026!".to_owned(),
            "capitals" => right.to_uppercase(),
            "pasted-with-spaces" => right.replace('-', " - "),
            "empty-file" => String::new(),
            _ => right,
        }
    }

    /// The line for Dovecot's script.
    fn known(&self) -> String {
        let kind = self.kind.map_or("well", |kind| kind.name);
        // The login of a custom domain is none that Apple knows.
        let name = if self.is("custom-domain") { "another" } else { &self.name };
        format!("{name} {kind} {}\n", self.password())
    }
}

/// Whether Dovecot has what runs the script; Debian has it in a package of its own, `dovecot-auth-lua`.
fn can_run() -> bool {
    ["/usr/lib/dovecot/modules/auth", "/usr/lib64/dovecot/auth"]
        .iter()
        .any(|folder| Path::new(folder).join("libauthdb_lua.so").exists())
}

/// Runs it, and says whether all went well.
pub(crate) fn run(is_required: bool) -> Outcome<bool> {
    if !can_run() {
        println!("{NAME:<44} not run (needs dovecot-auth-lua)");
        return Ok(!is_required);
    }
    let start = Instant::now();
    let world = World::build(&WORLD, 0)?;
    let (figures, mut complaints) = mixed(&world)?;
    complaints.extend(wrong_list(&world)?);
    complaints.extend(blocked_port(&world)?);
    let ended = if complaints.is_empty() { "ok" } else { "FAILED" };
    println!("{NAME:<44} {:>7.2} s  {ended}, {figures}", start.elapsed().as_secs_f64());
    for complaint in complaints.iter().take(40) {
        println!("    {complaint}");
    }
    if !complaints.is_empty() {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lab").join(NAME);
        fs::create_dir_all(&kept)?;
        for name in ["dovecot.log", "postfix.log", "mixed.jsonl"] {
            fs::copy(world.folder.join(name), kept.join(name))?;
        }
        println!("    kept in {}", kept.display());
    }
    Ok(complaints.is_empty())
}

/// All of them, with the right list.
fn mixed(world: &World) -> Outcome<(String, Vec<String>)> {
    prepare_mailboxes(world)?;
    let list = list(world, "mixed", Account::all(), Account::written)?;
    let began = SystemTime::now();
    let started = Instant::now();
    let (exit, lines) = check(world, "mixed", &list, &[])?;
    let took = started.elapsed();
    let counted = Counted::of(world);
    let mut complaints = Vec::new();
    let mut hold = |claim: bool, otherwise: String| {
        if !claim {
            complaints.push(otherwise);
        }
    };
    hold(exit == Some(1), format!("the exit code is {exit:?}"));
    let mut named = 0;
    for account in Account::all() {
        let line = lines.iter().find(|line| line["account"] == account.name).unwrap_or(&Value::Null);
        let found = causes(line);
        let is_right = match account.kind {
            None => line["verdict"] == "healthy" && found.is_empty(),
            Some(Kind { causes: [], .. }) => line["not_asked"].is_string(),
            Some(Kind { causes, .. }) => found.first().is_some_and(|first| causes.contains(first)),
        };
        named += usize::from(is_right && account.kind.is_some());
        hold(is_right, format!("{}: {} {found:?} {}", account.name, line["verdict"], line["conclusion"]));
    }
    let summary = lines.last().map(|line| line["summary"].clone()).unwrap_or_default();
    hold(summary["shared"] == Value::Array(Vec::new()), format!("told of all: {}", summary["shared"]));
    hold(summary["stopped"].is_null(), format!("it was stopped: {}", summary["stopped"]));
    let not_asked = Account::all().filter(|account| account.kind.is_some_and(|kind| kind.causes.is_empty())).count();
    for (server, of) in [("imap", &counted.imap), ("smtp", &counted.smtp)] {
        let accounts = of.by_account();
        hold(accounts.len() == count() - not_asked, format!("{} accounts signed in at {server}", accounts.len()));
        let twice: Vec<_> = accounts.iter().filter(|(_, times)| **times != 1).take(5).collect();
        hold(twice.is_empty(), format!("not once at {server}: {twice:?}"));
        // What makes one late makes it later, and never earlier.
        let early = of.earlier_than(began, PACE);
        hold(early.is_none(), format!("a sign-in at {server} came early: {early:?}"));
        hold(of.peak <= AT_ONCE, format!("{} connections at once at {server}", of.peak));
    }
    let figures = format!(
        "{named} of {} faults named among {} accounts in {:.1} s, at most {} and {} connections",
        KINDS.len(),
        count(),
        took.as_secs_f64(),
        counted.imap.peak,
        counted.smtp.peak
    );
    Ok((figures, complaints))
}

/// A column that is out of place by one line: every password is another account's.
fn wrong_list(world: &World) -> Outcome<Vec<String>> {
    let passwords: Vec<String> = Account::all().map(|account| account.password()).collect();
    let accounts = || Account::all().filter(|account| account.kind.is_none());
    let list = list(world, "wrong", accounts(), |account| passwords[(account.number + 1) % passwords.len()].clone())?;
    let before = Counted::of(world);
    let (exit, lines) = check(world, "wrong", &list, &[])?;
    let after = Counted::of(world);
    let mut complaints = Vec::new();
    let summary = lines.last().map(|line| line["summary"].clone()).unwrap_or_default();
    if exit != Some(3) || !summary["stopped"].is_string() || summary["shared"][0]["cause"] != "password-refused" {
        complaints.push(format!("a wrong list: exit code {exit:?}, {summary}"));
    }
    for (server, count) in
        [("imap", after.imap.count() - before.imap.count()), ("smtp", after.smtp.count() - before.smtp.count())]
    {
        if !(5..=MOST_OF_A_WRONG_LIST).contains(&count) {
            complaints.push(format!("a wrong list: {count} sign-ins at {server}"));
        }
    }
    Ok(complaints)
}

/// A network that blocks the port for sending: it is told once, and nobody signs in there.
fn blocked_port(world: &World) -> Outcome<Vec<String>> {
    Namespaces::add_firewall(&world.namespaces.cloud, "input", &["tcp dport 587 drop"])?;
    let accounts = || Account::all().filter(|account| account.kind.is_none()).take(40);
    let list = list(world, "blocked", accounts(), Account::written)?;
    let before = Counted::of(world);
    let (exit, lines) = check(world, "blocked", &list, &[])?;
    let after = Counted::of(world);
    let summary = lines.last().map(|line| line["summary"].clone()).unwrap_or_default();
    let shared = &summary["shared"];
    let is_told_once = shared.as_array().is_some_and(|all| all.len() == 1)
        && shared[0]["cause"] == "port-blocked"
        && shared[0]["accounts"] == 40;
    let mut complaints = Vec::new();
    if exit != Some(1) || !is_told_once {
        complaints.push(format!("a blocked port: exit code {exit:?}, {summary}"));
    }
    let [imap, smtp] = [after.imap.count() - before.imap.count(), after.smtp.count() - before.smtp.count()];
    if (imap, smtp) != (40, 0) {
        complaints.push(format!("a blocked port: {imap} sign-ins at IMAP and {smtp} at SMTP"));
    }
    Ok(complaints)
}

/// Mailboxes that are full, as the names of their messages have it (<https://doc.dovecot.org/2.3/admin_manual/mailbox_formats/maildir/>).
fn prepare_mailboxes(world: &World) -> Outcome {
    const FULL: u64 = 5 << 30;
    for account in Account::all() {
        let size = match account.kind.map_or("", |kind| kind.name) {
            "full" => FULL,
            "nearly-full" => FULL / 100 * 97,
            _ => continue,
        };
        let maildir = world.folder.join("mail").join(&account.name);
        create_maildir(&maildir)?;
        fs::write(maildir.join(format!("cur/1.lab,S={size},W={size}:2,S")), "")?;
    }
    Ok(())
}

/// Writes a list of these accounts with what they have for a password.
fn list(
    world: &World,
    name: &str,
    accounts: impl Iterator<Item = Account>,
    written: impl Fn(&Account) -> String,
) -> Outcome<PathBuf> {
    let folder = world.folder.join(name);
    fs::create_dir(&folder)?;
    let mut list = "name,email,from,password_file\n".to_owned();
    for account in accounts {
        let (name, email) = (&account.name, account.email());
        writeln!(list, "{name},{email},{email},{name}.secret")?;
        if !account.is("no-file") {
            fs::write(folder.join(format!("{name}.secret")), written(&account) + "\n")?;
        }
    }
    let path = folder.join("accounts.csv");
    fs::write(&path, list)?;
    Ok(path)
}

/// A run over the list: its exit code and its lines.
fn check(world: &World, name: &str, list: &Path, more: &[&str]) -> Outcome<(Option<i32>, Vec<Value>)> {
    let written = world.folder.join(format!("{name}.jsonl"));
    let mut command = doctor::on_the_users_machine(world, &WORLD, &world.folder.join(name))?;
    command.arg(doctor::path()).args(["check", "--accounts"]).arg(list).arg("--output").arg(&written);
    command.args(["--pace", &format!("{}ms", PACE.as_millis()), "--at-once", &AT_ONCE.to_string()]);
    command.args(["--status-url", STATUS_URL, "--portal-url", PORTAL_URL, "--public-roots"]);
    command.arg(world.folder.join("public.pem")).args(more);
    let output = command.stdin(Stdio::null()).output()?;
    let text = fs::read_to_string(&written).unwrap_or_default();
    let lines: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    if lines.is_empty() {
        return Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok((output.status.code(), lines))
}

/// The causes that are problems or warnings.
fn causes(line: &Value) -> Vec<&str> {
    let findings = line["findings"].as_array().into_iter().flatten().filter(|finding| finding["severity"] != "note");
    findings.filter_map(|finding| finding["cause"].as_str()).collect()
}
