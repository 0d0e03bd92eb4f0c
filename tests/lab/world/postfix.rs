//! Postfix: submission on 587 with STARTTLS, its accounts from Dovecot; what it accepts it discards, unless it delivers it.

use super::addresses::{SMTP, SMTP_NAME};
use super::commands::{Outcome, run};
use super::endpoint;
use crate::fault::{ADDRESS, NAME_PART};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The daemons that a submission needs, as master.cf names them: type, user's privilege, wakeup, limit, command.
const SERVICES: &str = "\
587       inet  n  -  n  -     -  smtpd
pickup    unix  n  -  n  60    1  pickup
cleanup   unix  n  -  n  -     0  cleanup
qmgr      unix  n  -  n  300   1  qmgr
tlsmgr    unix  -  -  n  1000? 1  tlsmgr
rewrite   unix  -  -  n  -     -  trivial-rewrite
bounce    unix  -  -  n  -     0  bounce
defer     unix  -  -  n  -     0  bounce
trace     unix  -  -  n  -     0  bounce
verify    unix  -  -  n  -     1  verify
flush     unix  n  -  n  1000? 0  flush
proxymap  unix  -  -  n  -     -  proxymap
error     unix  -  -  n  -     -  error
discard   unix  -  -  n  -     -  discard
lmtp      unix  -  -  n  -     -  lmtp
smtp      unix  -  -  n  -     -  smtp
anvil     unix  -  -  n  -     1  anvil
postlog   unix-dgram n - n -   1  postlogd
";

/// Writes the configuration, with more settings; returns its folder.
pub(crate) fn prepare(folder: &Path, more: Vec<(&'static str, String)>) -> Outcome<PathBuf> {
    let configuration = folder.join("postfix");
    for part in [&configuration, &folder.join("queue"), &folder.join("postfix-data")] {
        fs::create_dir(part)?;
    }
    let data = folder.join("postfix-data").to_string_lossy().into_owned();
    run("chown", &["postfix", &data])?;
    fs::write(configuration.join("main.cf"), text(folder, more))?;
    fs::write(configuration.join("master.cf"), SERVICES)?;
    Ok(configuration)
}

pub(crate) fn listens() -> Vec<String> {
    SMTP.iter().map(|address| endpoint(address, 587)).collect()
}

fn text(folder: &Path, more: Vec<(&'static str, String)>) -> String {
    let [ipv4, ipv6] = SMTP;
    let place = folder.display();
    let mut text = String::new();
    let settings = [
        ("compatibility_level", "3.6".to_string()),
        ("queue_directory", format!("{place}/queue")),
        ("data_directory", format!("{place}/postfix-data")),
        ("maillog_file", format!("{place}/postfix.log")),
        ("maillog_file_prefixes", format!("{place}")),
        ("myhostname", SMTP_NAME.to_string()),
        ("mydestination", String::new()),
        ("inet_interfaces", format!("{ipv4}, {ipv6}")),
        ("inet_protocols", "all".to_string()),
        ("default_transport", "discard".to_string()),
        ("alias_maps", String::new()),
        ("local_recipient_maps", String::new()),
        ("smtpd_tls_chain_files", format!("{place}/smtp.key, {place}/smtp.pem")),
        ("smtpd_tls_security_level", "may".to_string()),
        ("smtpd_tls_auth_only", "yes".to_string()),
        ("smtpd_sasl_auth_enable", "yes".to_string()),
        ("smtpd_sasl_type", "dovecot".to_string()),
        ("smtpd_sasl_path", format!("{place}/sasl")),
        // Looking up the peer's name would wait for a resolver that knows no such zone.
        ("smtpd_peername_lookup", "no".to_string()),
        ("smtpd_client_restrictions", "permit_sasl_authenticated, reject".to_string()),
        ("smtpd_delay_reject", "yes".to_string()),
        ("smtpd_sender_login_maps", format!("inline:{{{ADDRESS}={ADDRESS}, {NAME_PART}@me.com={ADDRESS}}}")),
        ("smtpd_sender_restrictions", "reject_sender_login_mismatch".to_string()),
        ("smtpd_relay_restrictions", "permit_sasl_authenticated, reject".to_string()),
        ("message_size_limit", "28311552".to_string()),
    ];
    // Of two settings of one name, the last counts.
    for (name, value) in settings.into_iter().chain(more) {
        let _ = writeln!(text, "{name} = {value}");
    }
    text
}
