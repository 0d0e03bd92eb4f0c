//! The rules: which settings of an account fail or are unsafe with iCloud. Each rule is small, and sees one account.

use checks::login::ICLOUD_DOMAINS;
use checks::password::{Kind, Mangling, Password};
use checks::plan::apples;
use checks::secret::Secret;
use checks::settings::{HostKind, LoginForm};

use super::account::{Account, Edit, Encryption, Loss, Spoken, Stated};
use super::doubts::{self, About, Doubt};
use super::placeholder::is_placeholder;
use super::remark::Remark;
use super::server::{facts, is_about_icloud, whose};
use super::source::{Blanked, Source};
use crate::diagnosis::{Sure, cause};
use crate::words::host;

/// What the rules see.
pub(super) struct Seen<'f> {
    pub(super) account: &'f Account,
    /// The whole file.
    pub(super) source: &'f Source,
    /// Whether other users than its owner may read the file.
    pub(super) is_readable_by_others: bool,
    /// Whether a program with this name exists on this computer.
    pub(super) can_be_run: fn(&str) -> bool,
    /// What was not understood in the account.
    pub(super) doubts: Vec<Doubt>,
}

impl<'f> Seen<'f> {
    pub(super) fn new(
        account: &'f Account,
        source: &'f Source,
        is_readable_by_others: bool,
        can_be_run: fn(&str) -> bool,
    ) -> Self {
        Self { account, source, is_readable_by_others, can_be_run, doubts: doubts::of(account, source.unblanked()) }
    }

    fn is_understood(&self, about: About) -> bool {
        self.doubts.iter().all(|doubt| doubt.about != about)
    }

    /// Returns whether an edit would replace a placeholder.
    fn is_over_a_placeholder(&self, edit: &Edit) -> bool {
        doubts::is_elsewhere(self.source.unblanked(), &edit.at)
    }
}

fn is_about_way(remark: &Remark) -> bool {
    [cause!("encryption-off"), cause!("plaintext-on-tls-port"), cause!("tls-on-starttls-port"), cause!("wrong-port")]
        .contains(&remark.cause)
}

/// All remarks on an account; none if it is not an iCloud Mail account.
pub(super) fn remarks(seen: &Seen) -> Vec<Remark> {
    if !is_about_icloud(seen.account) || whose(seen.account).is_other() {
        return Vec::new();
    }
    let mut remarks: Vec<Remark> = match seen.account.spoken {
        Spoken::Pop => std::iter::once(pop(seen)).chain(secrets(seen)).collect(),
        _ => {
            let rules =
                [server_name, way, login, verification, interval, command, whole_messages, mechanism, signing_in];
            rules
                .iter()
                .filter_map(|rule| rule(seen))
                .chain(folders(seen))
                .chain(losses(seen))
                .chain(secrets(seen))
                .collect()
        }
    };
    // If two remarks lead to the same change, only the first is kept.
    if let Some(way) = remarks.iter().find(|remark| is_about_way(remark)).map(|remark| remark.mends.clone()) {
        let is_same = |remark: &Remark| remark.cause == cause!("certificate-not-verified") && remark.mends == way;
        remarks.retain(|remark| way.is_empty() || !is_same(remark));
    }
    for remark in &mut remarks {
        if !seen.is_understood(About::Server) || remark.mends.iter().any(|edit| seen.is_over_a_placeholder(edit)) {
            remark.mends.clear();
            remark.sure = if remark.sure == Sure::Certain { Sure::Likely } else { remark.sure };
        }
    }
    remarks
}

/// The place of a setting, or of its account's server where the setting has none.
fn place<T>(said: &Stated<T>, account: &Account) -> usize {
    said.at.clone().or_else(|| account.host.at.clone()).map_or(0, |at| at.start)
}

fn server_name(seen: &Seen) -> Option<Remark> {
    let account = seen.account;
    if !seen.is_understood(About::Server) {
        return None;
    }
    let (own, _) = apples(account.protocol());
    let host_is = facts(account).host_is;
    let why = host::in_a_file(&host_is)?;
    let sure = if host_is.is_slip() { Sure::Certain } else { Sure::Likely };
    let told = Blanked::from("the server is ") + own + ", and \"" + seen.source.quoted(&account.host) + "\" " + why;
    let mend = account.host.at.clone().map(|at| Edit { at, with: own.to_owned() });
    Some(Remark::trouble(cause!("wrong-server-name"), sure, place(&account.host, account), told).mended_by([mend]))
}

/// The port and the encryption, which belong together.
fn way(seen: &Seen) -> Option<Remark> {
    let account = seen.account;
    let (_, own) = apples(account.protocol());
    let (port, encryption) = (&account.port, &account.encryption);
    let wanted = if account.spoken == Spoken::Smtp { Encryption::Starttls } else { Encryption::Tls };
    let is_port_understood = seen.is_understood(About::Port);
    let is_encryption_understood = seen.is_understood(About::Encryption);
    // At another server, another port may be right: the server's name has to be fixed first.
    let is_icloud = !matches!(facts(account).host_is, HostKind::Address | HostKind::Other);
    let sure = if is_icloud { Sure::Certain } else { Sure::Likely };
    if !is_icloud && !seen.is_understood(About::Server) {
        return None;
    }
    let is_right = encryption.is == wanted || !is_encryption_understood;
    let encryption_mends = || encryption.mend.iter().chain(&account.along).filter(|_| !is_right).cloned().map(Some);
    let by_itself = if port.at.is_none() { ", which is what the program takes by itself" } else { "" };
    if is_port_understood && port.is != own {
        // 465 is not among Apple's settings, but has been seen to answer, so this is not certain.
        let may_be_tls = encryption.is == Encryption::Tls || !is_encryption_understood;
        let is_465 = account.spoken == Spoken::Smtp && port.is == 465 && may_be_tls;
        let told = Blanked::from("the port is ") + u64::from(own) + ", and not " + u64::from(port.is) + by_itself;
        let remark = if is_465 {
            Remark::warning(cause!("wrong-port"), Sure::Likely, place(port, account), told)
        } else {
            Remark::trouble(cause!("wrong-port"), sure, place(port, account), told)
        };
        // If the encryption was not understood, the new port may not fit it.
        let is_shown_alone = !is_encryption_understood;
        let remark = Remark { is_shown_alone, ..remark };
        return Some(remark.mended_by([port.mend.clone()].into_iter().chain(encryption_mends())));
    }
    if is_right {
        return None;
    }
    let at = place(encryption, account);
    // Another file of the program may change a default.
    let is_said_here = encryption.at.is_some() || encryption.mend.is_some();
    let (cause, told) = match (account.spoken, encryption.is) {
        (Spoken::Smtp, Encryption::Tls) => (
            cause!("tls-on-starttls-port"),
            "port 587 begins unencrypted and changes over by STARTTLS; here TLS comes first",
        ),
        (Spoken::Smtp, Encryption::Optional) => (
            cause!("encryption-off"),
            "the password may go out unencrypted: STARTTLS is taken only where it is offered",
        ),
        (Spoken::Smtp, _) if !is_said_here => (
            cause!("encryption-off"),
            "this program encrypts nothing by itself, and iCloud does not accept a sign-in without encryption",
        ),
        (Spoken::Smtp, _) => {
            (cause!("encryption-off"), "nothing is encrypted, and iCloud does not accept a sign-in without encryption")
        }
        _ => (
            cause!("plaintext-on-tls-port"),
            "port 993 is encrypted from the first byte (SSL/TLS), and here it begins without",
        ),
    };
    // If the port is not known, it may be the one for this encryption.
    match is_port_understood && is_said_here {
        true => Some(Remark::trouble(cause, sure, at, told).mended_by(encryption_mends())),
        false => Some(Remark::trouble(cause, Sure::Likely, at, told)),
    }
}

fn login(seen: &Seen) -> Option<Remark> {
    let account = seen.account;
    let is_gap = |login: &str| login.is_empty() || is_placeholder(login) || login.contains(['<', '>', '{', '}']);
    let login = account.login.as_ref().filter(|login| !is_gap(&login.is))?;
    let at = place(login, account);
    match (account.spoken, facts(account).login_form?) {
        (_, LoginForm::OtherAddress) => {
            let told = "an address at another domain is no login name of iCloud Mail; the account's own at icloud.com, \
                        me.com or mac.com is";
            Some(Remark::trouble(cause!("not-an-icloud-login"), Sure::Likely, at, told))
        }
        (Spoken::Smtp, LoginForm::NamePart) => {
            let told = "for sending, the login name is the full address, and this is the part before the @";
            Some(
                Remark::trouble(cause!("smtp-username-form"), Sure::Likely, at, told)
                    .mended_by([whole_login(seen, login)]),
            )
        }
        _ => None,
    }
}

/// Replaces the part before the @ by the account's address, if the file contains exactly one such address.
fn whole_login(seen: &Seen, login: &Stated<String>) -> Option<Edit> {
    // Settings of a person are short; a longer file would be searched again for each of its accounts.
    const LONGEST: usize = 64 << 10;
    let text = seen.source.unblanked();
    let at = login.at.clone().filter(|_| text.len() < LONGEST)?;
    let mut addresses = ICLOUD_DOMAINS.iter().map(|domain| format!("{}@{domain}", login.is)).filter(|address| {
        text.match_indices(address.as_str()).any(|(begin, found)| {
            let is_part = |letter: char| letter.is_alphanumeric() || "._+-".contains(letter);
            let (before, after) = (text.get(..begin), text.get(begin + found.len()..));
            !before.is_some_and(|before| before.ends_with(is_part))
                && !after
                    .is_some_and(|after| after.starts_with(|letter: char| letter.is_alphanumeric() || letter == '-'))
        })
    });
    let address = addresses.next().filter(|_| addresses.next().is_none())?;
    let is_in_url = text.get(..at.start).is_some_and(|before| before.ends_with("//"));
    Some(Edit { at, with: if is_in_url { address.replace('@', "%40") } else { address } })
}

fn verification(seen: &Seen) -> Option<Remark> {
    let said = &seen.account.is_verified;
    let told = "the certificate is not checked, so the password goes to any machine that answers in the server's name";
    let remark = Remark::trouble(cause!("certificate-not-verified"), Sure::Certain, place(said, seen.account), told);
    let trust = seen.account.trust.clone();
    (!said.is).then(|| Remark { is_shown_alone: trust.is_some(), ..remark.mended_by([said.mend.clone(), trust]) })
}

/// Each check for mail is a sign-in, and servers throttle clients that sign in too often.
fn interval(seen: &Seen) -> Option<Remark> {
    const LEAST_SECONDS: u64 = 60;
    let every = seen.account.every.as_ref().filter(|every| (1..LEAST_SECONDS).contains(&every.is))?;
    let told =
        Blanked::from("the server is asked every ") + every.is + " seconds; each time costs a connection and a sign-in";
    Some(Remark::warning(cause!("too-many-connections"), Sure::Possible, place(every, seen.account), told))
}

/// Recommends to move the password and leaves the permissions, because the file is meant to be shared.
pub(super) fn leave_open(remark: &mut Remark) {
    let told = "others on this computer may read the file that the password is in, and a file like this is meant to be \
                shared: keep the password in a file of its own or in a secret store";
    remark.why = Blanked::from(told);
    remark.closes_file = false;
}

/// A remark on several files together.
pub(super) fn too_many_programs(at: usize, programs: &[&'static str]) -> Remark {
    let count = programs.len() as u64;
    let told = Blanked::from("") + count + " programs read the account by themselves: ";
    let told = programs
        .iter()
        .enumerate()
        .fold(told, |told, (nth, program)| told + if nth == 0 { "" } else { ", " } + *program);
    Remark::warning(cause!("too-many-connections"), Sure::Possible, at, told)
}

/// Checks that the first word is a program. Nothing is run.
fn command(seen: &Seen) -> Option<Remark> {
    let command = seen.account.password_command.as_ref()?;
    let program = command.is.trim_start_matches(['+', '!', '(']).split_whitespace().find(|word| !word.contains('='))?;
    let program = program.trim_matches(['"', '\'']);
    let is_plain = program.chars().all(|letter| letter.is_alphanumeric() || "/._-~+".contains(letter));
    // The word is not repeated: it may be the password itself, in the wrong place.
    let told = "the command for the password begins with a word that is no program on this computer";
    let remark = Remark::trouble(cause!("password-command-fails"), Sure::Likely, place(command, seen.account), told);
    (is_plain && !(seen.can_be_run)(program)).then_some(remark)
}

/// How many folders are checked.
const MOST_FOLDERS: usize = 500;

/// Checks for names that other providers and programs use, and that no iCloud mailbox has from the start.
fn folders<'f>(seen: &Seen<'f>) -> impl Iterator<Item = Remark> + use<'f> {
    let (account, source) = (seen.account, seen.source);
    let is_foreign = |name: &str| {
        let name = name.trim_start_matches(['+', '=']).to_lowercase();
        let bare = ["inbox.", "inbox/", "[gmail]/"].iter().find_map(|prefix| name.strip_prefix(prefix));
        let known = [
            "sent",
            "sent items",
            "sent mail",
            "trash",
            "bin",
            "deleted",
            "deleted items",
            "spam",
            "draft",
            "all mail",
        ];
        bare.is_some() || known.contains(&name.as_str())
    };
    account.folders.iter().filter(move |(_, said)| is_foreign(&said.is)).take(MOST_FOLDERS).map(|(folder, said)| {
        let told = Blanked::from("iCloud calls this folder \"")
            + folder.name()
            + "\", and not \""
            + source.quoted(said)
            + "\"";
        let mark: String = said.is.chars().take_while(|letter| "+=".contains(*letter)).collect();
        let own = || said.at.clone().map(|at| Edit { at, with: format!("{mark}{}", folder.name()) });
        // A reader whose format needs quotes around the new name provides the change itself.
        let mend = said.mend.clone().or_else(own);
        Remark::warning(cause!("folder-name"), Sure::Likely, place(said, account), told).mended_by([mend])
    })
}

/// What deletes is right in a mirror. The change is shown and not written: only the user knows which of the two it is to be.
fn losses(seen: &Seen) -> Vec<Remark> {
    let remark = |said: &Stated<Loss>| {
        let at = place(said, seen.account);
        let cause = cause!("archive-can-lose-mail");
        let remark = match said.is {
            Loss::Mirrors => Remark::warning(
                cause,
                Sure::Likely,
                at,
                "this is called an archive, and a message that is deleted on iCloud is deleted here too",
            ),
            Loss::FollowsDeletions => Remark::note(
                cause,
                Sure::Possible,
                at,
                "this only receives, and a message that is deleted on iCloud is deleted here too: it is a mirror, and not an \
                 archive",
            ),
            Loss::DeletesAtServer => Remark::warning(
                cause,
                Sure::Likely,
                at,
                "what was fetched is deleted on iCloud, and what is here is then the only copy",
            ),
        };
        Remark { is_shown_alone: true, ..remark.mended_by([said.mend.clone()]) }
    };
    seen.account.losses.iter().map(remark).collect()
}

/// iCloud answers `FETCH RFC822` with OK and no message (zammad/zammad#4589).
fn whole_messages(seen: &Seen) -> Option<Remark> {
    let said = seen.account.rfc822.as_ref()?;
    let told = "messages are asked for as RFC822, which iCloud answers with empty ones";
    let remark = Remark::trouble(cause!("rfc822-fetch-empty"), Sure::Likely, place(said, seen.account), told);
    Some(remark.mended_by([said.mend.clone()]))
}

/// iCloud's SMTP server accepts a password with PLAIN or LOGIN, within TLS.
fn mechanism(seen: &Seen) -> Option<Remark> {
    let said = seen.account.no_plain.as_ref()?;
    let told = "no password is sent as it is, not even encrypted by TLS, and iCloud takes it in no other form";
    let remark = Remark::trouble(cause!("sign-in-mechanism"), Sure::Certain, place(said, seen.account), told);
    Some(remark.mended_by([said.mend.clone()]))
}

/// iCloud accepts messages only after a sign-in.
fn signing_in(seen: &Seen) -> Option<Remark> {
    let said = seen.account.no_sign_in.as_ref()?;
    // Another file of the program may change a default.
    let is_said_here = said.at.is_some() || said.mend.is_some();
    let told = match said.at {
        Some(_) => "signing in is switched off here, and iCloud takes no mail from a program that has not signed in",
        None => {
            "this program does not sign in by itself, and iCloud takes no mail from a program that has not signed in"
        }
    };
    let sure = if is_said_here { Sure::Certain } else { Sure::Likely };
    let remark = Remark::trouble(cause!("not-authenticated"), sure, place(said, seen.account), told);
    Some(remark.mended_by([said.mend.clone()]))
}

fn pop(seen: &Seen) -> Remark {
    let told = "iCloud Mail has no POP: it is read by IMAP alone, at imap.mail.me.com, port 993";
    Remark::trouble(cause!("pop-not-offered"), Sure::Certain, place(&seen.account.host, seen.account), told)
}

/// A password in the file: that it is there, who may read it, and its form.
fn secrets(seen: &Seen) -> Vec<Remark> {
    let Some(at) = seen.account.password.clone() else { return Vec::new() };
    let Some(given) =
        seen.source.unblanked().get(at.clone()).filter(|given| !given.is_empty() && !is_placeholder(given))
    else {
        return Vec::new();
    };
    let shape = Password::new(Secret::new(given.to_owned())).shape;
    let mut remarks = vec![Remark::warning(
        cause!("password-in-file"),
        Sure::Certain,
        at.start,
        "the password is in the file itself, where backups and copies of the file take it along",
    )];
    if seen.is_readable_by_others {
        let told = "others on this computer may read the file that the password is in";
        let remark = Remark::trouble(cause!("file-readable-by-others"), Sure::Certain, at.start, told);
        remarks.push(Remark { closes_file: true, ..remark });
    }
    // A reader has removed the quotes that its format has.
    let is_quoted = |quote: &char| given.len() > 1 && given.starts_with(*quote) && given.ends_with(*quote);
    let is_quoted = ['"', '\''].iter().any(is_quoted);
    if shape.kind == Kind::Other && !is_quoted {
        let told = "the password does not look like an app-specific one, which has four groups of four letters";
        remarks.push(Remark::trouble(cause!("apple-password-used"), Sure::Possible, at.start, told));
    } else if shape.kind == Kind::AppSpecificInCapitals {
        let told = "the password has capital letters, which an app-specific password does not have";
        remarks.push(Remark::trouble(cause!("password-mangled"), Sure::Likely, at.start, told));
    } else if is_quoted || shape.mangled_by.iter().any(|mangling| *mangling != Mangling::OuterBlanks) {
        let told = "characters came along with the password that do not belong to it";
        remarks.push(Remark::trouble(cause!("password-mangled"), Sure::Likely, at.start, told));
    }
    remarks
}
