//! The programs that people use today, each set up as its manual says.

use super::settings::{Server, Settings};
use crate::fault::ADDRESS;
use std::path::PathBuf;

pub(super) struct Tool {
    pub(super) name: &'static str,
    pub(super) program: &'static str,
    /// The runs that make one look of it.
    pub(super) runs: fn(&Scene) -> Vec<Run>,
}

pub(super) struct Run {
    pub(super) arguments: Vec<String>,
    /// A file that it reads, with its content.
    pub(super) configuration: Option<(PathBuf, String)>,
    pub(super) input: &'static str,
}

/// What a tool is given: a folder with a file `secret` and an empty folder `mail`, and the system's roots.
pub(super) struct Scene<'s> {
    pub(super) folder: PathBuf,
    pub(super) roots: PathBuf,
    pub(super) password: &'s str,
    pub(super) settings: &'s Settings,
}

pub(super) const TOOLS: [Tool; 5] = [
    Tool { name: "himalaya", program: "himalaya", runs: himalaya },
    Tool { name: "curl", program: "curl", runs: curl },
    Tool { name: "mbsync", program: "mbsync", runs: mbsync },
    Tool { name: "msmtp", program: "msmtp", runs: msmtp },
    Tool { name: "swaks", program: "swaks", runs: swaks },
];

/// `account check` opens IMAP, then SMTP.
fn himalaya(scene: &Scene) -> Vec<Run> {
    let Settings { imap, smtp, .. } = scene.settings;
    let table = |name: &str, server: &Server, url: &str| {
        format!(
            "{name}.server = \"{url}://{}:{}\"\n{name}.starttls = {}\n{name}.tls.cert = \"{}\"\n\
             {name}.sasl.plain.username = \"{}\"\n{name}.sasl.plain.password.raw = {:?}\n",
            server.host,
            server.port,
            server.is_starttls,
            scene.roots.display(),
            server.login,
            scene.password,
        )
    };
    let imap = table("imap", imap, scheme(imap, "imaps", "imap"));
    let smtp = table("smtp", smtp, scheme(smtp, "smtps", "smtp"));
    let file = scene.folder.join("config.toml");
    let arguments = words(&["-c", &file.to_string_lossy(), "account", "check"]);
    let configuration = format!("[accounts.lab]\ndefault = true\nemail = \"{ADDRESS}\"\n{imap}{smtp}");
    vec![Run { arguments, configuration: Some((file, configuration)), input: "" }]
}

/// Lists the folders, then says NOOP, or sends where the fault is about a sender.
fn curl(scene: &Scene) -> Vec<Run> {
    let common = |server: &Server, url: &str| {
        let user = format!("{}:{}", server.login, scene.password);
        let mut arguments = words(&["-sSv", "--cacert", &scene.roots.to_string_lossy(), "--user", &user]);
        arguments.extend(server.is_starttls.then(|| "--ssl-reqd".to_string()));
        arguments.extend(scene.settings.only_ipv6.then(|| "-6".to_string()));
        arguments.push(format!("{url}://{}:{}/", server.host, server.port));
        arguments
    };
    let Settings { imap, smtp, from, .. } = scene.settings;
    let mut sending = common(smtp, scheme(smtp, "smtps", "smtp"));
    sending.extend(match from {
        Some(from) => words(&["--mail-from", from, "--mail-rcpt", ADDRESS, "--upload-file", "-"]),
        None => words(&["-X", "NOOP"]),
    });
    let receiving = common(imap, scheme(imap, "imaps", "imap"));
    [(receiving, ""), (sending, MESSAGE)].map(|(arguments, input)| Run { arguments, configuration: None, input }).into()
}

fn mbsync(scene: &Scene) -> Vec<Run> {
    let imap = &scene.settings.imap;
    let folder = scene.folder.display();
    let configuration = format!(
        "IMAPAccount lab\nHost {}\nPort {}\nUser {}\nPassCmd \"cat {folder}/secret\"\nSSLType {}\n\
         SystemCertificates no\nCertificateFile {}\n\nIMAPStore remote\nAccount lab\n\nMaildirStore local\n\
         Path {folder}/mail/\nInbox {folder}/mail/INBOX\n\nChannel lab\nFar :remote:\nNear :local:\n",
        imap.host,
        imap.port,
        imap.login,
        scheme(imap, "IMAPS", "STARTTLS"),
        scene.roots.display(),
    );
    let file = scene.folder.join("mbsyncrc");
    let arguments = words(&["-c", &file.to_string_lossy(), "-l", "lab"]);
    vec![Run { arguments, configuration: Some((file, configuration)), input: "" }]
}

/// It signs in only to send, so it sends; the laboratory's servers throw the message away.
fn msmtp(scene: &Scene) -> Vec<Run> {
    let smtp = &scene.settings.smtp;
    let configuration = format!(
        "account default\nhost {}\nport {}\nfrom {}\nauth on\nuser {}\npasswordeval \"cat {}/secret\"\ntls on\n\
         tls_starttls {}\ntls_trust_file {}\n",
        smtp.host,
        smtp.port,
        scene.settings.from.unwrap_or(ADDRESS),
        smtp.login,
        scene.folder.display(),
        if smtp.is_starttls { "on" } else { "off" },
        scene.roots.display(),
    );
    let file = scene.folder.join("msmtprc");
    let arguments = words(&["-C", &file.to_string_lossy(), ADDRESS]);
    vec![Run { arguments, configuration: Some((file, configuration)), input: MESSAGE }]
}

fn swaks(scene: &Scene) -> Vec<Run> {
    let Settings { smtp, from, only_ipv6, .. } = scene.settings;
    let mut arguments = words(&["--server", smtp.host, "--port", smtp.port, "--to", ADDRESS]);
    arguments.extend(words(&["--from", from.unwrap_or(ADDRESS), "--auth", "--auth-user", smtp.login]));
    arguments.extend(words(&["--auth-password", scene.password, "--tls-verify"]));
    arguments.extend(words(&["--tls-ca-path", &scene.roots.to_string_lossy()]));
    arguments.push(if smtp.is_starttls { "--tls" } else { "--tls-on-connect" }.to_string());
    arguments.extend(words(&["--quit-after", if from.is_some() { "RCPT" } else { "AUTH" }]));
    arguments.extend(only_ipv6.then(|| "-6".to_string()));
    vec![Run { arguments, configuration: None, input: "" }]
}

fn words(arguments: &[&str]) -> Vec<String> {
    arguments.iter().map(ToString::to_string).collect()
}

fn scheme<'a>(server: &Server, tls: &'a str, starttls: &'a str) -> &'a str {
    if server.is_starttls { starttls } else { tls }
}

/// Bare newlines: each of the tools makes the wire's own of them.
const MESSAGE: &str = "From: you@icloud.com\nTo: you@icloud.com\nSubject: Test\n\nTest.\n";
