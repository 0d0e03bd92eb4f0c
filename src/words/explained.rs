//! What is said of a pasted text as a whole, the same in every format.

/// Above the question that decides between causes.
pub(crate) const UNDECIDED: &str = "This text alone does not say why it fails. One of these answers may.";

/// Before a cause that only may be the one.
pub(crate) const OPEN: &str = "This text alone does not say why it fails. This may be the reason.";

/// Where nothing in the text is known.
pub(crate) const UNKNOWN: &str = "Nothing in this text is known here, so it alone does not tell why it fails.";

/// What lines with the name mx01.mail.icloud.com are about.
pub(crate) const DELIVERY: &str =
    "These lines are about mail that others send to iCloud, not about this account's settings.";

/// Where they are not all of the text.
pub(crate) const DELIVERY_ASIDE: &str = "Lines about mail that others send to iCloud were left aside.";

/// What helps where nothing is known.
pub(crate) const WHOLE_MESSAGE: &str = "If there is more of the message, paste it whole, with any code in it (such as 0x800CCC0E, 535 5.7.8 or -1200) and the lines around it.";

/// The same, beside the message.
pub(crate) const WHAT_FAILS: &str = "Say what fails, receiving or sending, and add the server, the port and the security that are set. Leave the password out.";

/// What helps where all of the text is about other servers.
pub(crate) const ASK_THEM: &str =
    "Ask the provider of that server, or its administrator: nothing here says what iCloud Mail does.";

/// The same, if iCloud fails too.
pub(crate) const NAME_OURS: &str =
    "If iCloud Mail fails too, paste the lines that name its servers, imap.mail.me.com or smtp.mail.me.com.";

/// How many servers a sentence names.
const MOST_NAMED: usize = 3;

/// Where all of the text is about other servers.
pub(crate) fn elsewhere(servers: &[String]) -> String {
    format!("These lines are about {}, not about iCloud Mail.", named(servers))
}

/// Where a part of the text is.
pub(crate) fn others_aside(servers: &[String]) -> String {
    format!("Lines about {} were left aside: they are not about iCloud Mail.", named(servers))
}

/// Where no check would tell more.
pub(crate) const NOTHING_CHECKED: &str = "This is read from the text alone: nothing was checked.";

/// How the servers themselves can be asked.
pub(crate) fn nothing_checked(flags: &[String]) -> String {
    let with_settings =
        if flags.is_empty() { "" } else { " with the settings as they stand in the text, right or wrong" };
    let command = [&["icloud-mail-doctor check you@icloud.com".to_owned()], flags].concat().join(" ");
    format!("{NOTHING_CHECKED} `{command}` asks the servers themselves{with_settings}.")
}

fn named(servers: &[String]) -> String {
    match servers {
        [rest @ .., last] if !rest.is_empty() && servers.len() <= MOST_NAMED => {
            format!("{} and {last}", rest.join(", "))
        }
        [first] => first.clone(),
        many => format!("{} and {} other servers", many[..MOST_NAMED - 1].join(", "), many.len() + 1 - MOST_NAMED),
    }
}
