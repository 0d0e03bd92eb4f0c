//! Passwords in every place that a program's settings have for one, in every form: no output repeats one.

use super::written;
use crate::doctor::Doctor;
use crate::{Attack, Held, attack, holds};

/// Settings in which `{}` is the password, with something to fix near it.
const PLACEMENTS: [(&str, &str, &str); 54] = [
    ("fetchmail, one line", ".fetchmailrc", "poll imap.mail.me.com proto imap user ann@icloud.com pass {} no ssl\n"),
    ("fetchmail, quoted", ".fetchmailrc", "poll imap.mail.me.com user \"ann@icloud.com\" password \"{}\" no ssl\n"),
    (
        "fetchmail, two accounts on a line",
        ".fetchmailrc",
        "poll imap.mail.me.com user ann@icloud.com pass {} no ssl user bob@icloud.com pass {}x no ssl\n",
    ),
    ("fetchmail, twice", ".fetchmailrc", "poll imap.mail.me.com user ann pass {} pass {}2 no ssl\n"),
    ("fetchmail, in a comment", ".fetchmailrc", "poll imap.mail.me.com user ann no ssl # pass {}\n"),
    ("fetchmail, misspelt key", ".fetchmailrc", "poll imap.mail.me.com user ann passwd '{}' no ssl\n"),
    ("fetchmail, in defaults", ".fetchmailrc", "defaults pass {} no ssl\npoll imap.mail.me.com user ann no ssl\n"),
    (
        "himalaya, inline table",
        "himalaya.toml",
        "[accounts.a]\nbackend = { type = \"imap\", auth.raw = \"{}\", host = \"imap.mail.me.com\", port = 143 }\n",
    ),
    (
        "himalaya, in the URL",
        "himalaya.toml",
        "accounts.a.imap.server = \"imap://ann:{}@imap.mail.me.com:143\"\naccounts.b.smtp = { server = \"smtps://smtp.mail.me.com:25\", sasl.plain = { username = \"a\", password.raw = \"{}\" } }\n",
    ),
    (
        "himalaya, a key that nobody reads",
        "himalaya.toml",
        "[accounts.a]\nsmtp = { password = '{}', server = \"smtps://smtp.mail.me.com:25\" }\n",
    ),
    (
        "himalaya, in a comment",
        "himalaya.toml",
        "[accounts.a]\nimap.server = \"imap://imap.mail.me.com:143\" # password {}\n",
    ),
    ("postfix, the table of passwords", "sasl_passwd", "[smtp.mail.me.com]:25 ann:{}\n"),
    ("postfix, the table, without a login", "sasl_passwd", "[smtp.mail.me.com]:25 ann:{}\n[smtp.example.com] {}\n"),
    (
        "msmtp, in the place of what is not understood",
        "msmtprc",
        "account a\nhost smtp.mail.me.com\nport 25\ntls {}\nuser ann\n",
    ),
    ("environment, before the server", ".env", "SMTP_PASSWORD={}\nSMTP_HOST=smtp.mail.me.com\nSMTP_PORT=25\n"),
    ("environment, quoted", ".env", "SMTP_PASSWORD=\"{}\"\nSMTP_HOST=smtp.mail.me.com\nSMTP_PORT=25\n"),
    ("environment, in a URL", ".env", "SMTP_URL=smtps://ann:{}@smtp.mail.me.com:25\n"),
    (
        "environment, in a quoted URL",
        ".env",
        "MAILER_DSN=\"smtp://ann%40icloud.com:{}@smtp.mail.me.com:25?verify_peer=0\"\n",
    ),
    (
        "environment, docker-compose list",
        "compose.yml",
        "services:\n  a:\n    environment:\n      - SMTP_PASSWORD={}\n      - \"SMTP_URL=smtps://ann:{}@smtp.mail.me.com:25\"\n",
    ),
    (
        "environment, Kubernetes",
        "deploy.yaml",
        "env:\n- name: SMTP_PASSWORD\n  value: {}\n- name: SMTP_HOST\n  value: smtp.mail.me.com\n- name: SMTP_PORT\n  value: \"25\"\n",
    ),
    ("environment, after the port", ".env", "SMTP_HOST=smtp.mail.me.com\nSMTP_PORT=25 # password: {}\n"),
    (
        "environment, switch beside",
        ".env",
        "EMAIL_HOST=smtp.mail.me.com\nEMAIL_HOST_PASSWORD={}\nEMAIL_USE_SSL=True # pass {}\n",
    ),
    ("mbsync, plain", ".mbsyncrc", "IMAPAccount i\nHost imap.mail.me.com\nPort 143\nUser ann\nPass {}\n"),
    ("mbsync, quoted", ".mbsyncrc", "IMAPAccount i\nHost imap.mail.me.com\nPass \"{}\"\nPort 143\n"),
    ("mbsync, before the host", ".mbsyncrc", "IMAPAccount i\nPass \"{}\"\nHost imap.mail.me.con\nPort 143 # Pass {}\n"),
    ("msmtp, plain", "msmtprc", "account a\npassword {}\nhost smtp.mail.me.com\nport 25 # password {}\n"),
    (
        "msmtp, in defaults and again",
        "msmtprc",
        "defaults\npassword {}\naccount a\nhost smtp.mail.me.com\npassword \"{}\"\nport 25\n",
    ),
    ("msmtp, as the command", "msmtprc", "account a\nhost smtp.mail.me.com\nport 25\npasswordeval echo {}\n"),
    ("aerc, in the URL", "accounts.conf", "[a]\nsource = imap://ann%40icloud.com:{}@imap.mail.me.com:143\n"),
    (
        "aerc, in both URLs",
        "accounts.conf",
        "[a]\nsource = imap://ann:{}@imap.mail.me.com\noutgoing = smtps://ann:{}@smtp.mail.me.com:25\n",
    ),
    (
        "aerc, as the command",
        "accounts.conf",
        "[a]\nsource = imap://ann@imap.mail.me.com:143\nsource-cred-cmd = echo {}\n",
    ),
    (
        "getmail, plain",
        "getmailrc",
        "[retriever]\ntype = SimpleIMAPRetriever\nserver = imap.mail.me.com\nusername = ann\npassword = {}\n",
    ),
    (
        "getmail, in the command",
        "getmailrc",
        "[retriever]\ntype = SimpleIMAPRetriever\nserver = imap.mail.me.com\npassword_command = (\"echo\", \"{}\")\n",
    ),
    (
        "getmail, over lines",
        "getmailrc",
        "[retriever]\ntype = SimpleIMAPRetriever\nserver = imap.mail.me.com\npassword =\n  {}\nport = 143 ; pass {}\n",
    ),
    (
        "git, plain",
        ".gitconfig",
        "[sendemail]\n\tsmtpPass = {}\n\tsmtpServer = smtp.mail.me.com\n\tsmtpServerPort = 25 # smtpPass {}\n",
    ),
    (
        "git, quoted",
        ".gitconfig",
        "[sendemail]\n\tsmtpServer = smtp.mail.me.com\n\tsmtpPass = \"{}\"\n\tsmtpEncryption = ssl\n",
    ),
    ("git, in a URL", ".gitconfig", "[imap]\n\thost = imap://ann:{}@imap.mail.me.com\n\tpass = {}\n\tport = 143\n"),
    ("neomutt, one line", ".neomuttrc", "set imap_pass='{}' folder=imap://ann@imap.mail.me.com smtp_pass=\"{}\"\n"),
    (
        "neomutt, in the URL",
        ".neomuttrc",
        "set folder=imap://ann:{}@imap.mail.me.com/\nset smtp_url=\"smtps://ann:{}@smtp.mail.me.com:25\"\n",
    ),
    (
        "neomutt, in a hook",
        ".neomuttrc",
        "account-hook . 'set imap_pass={} ; set folder=imap://imap.mail.me.com'\nset folder=imap://ann@imap.mail.me.com my_p=\"{}\" imap_pass=$my_p\n",
    ),
    (
        "offlineimap, plain",
        ".offlineimaprc",
        "[Repository r]\nremotehost = imap.mail.me.com\nremotepass = {}\nssl = no\n",
    ),
    (
        "offlineimap, as an expression",
        ".offlineimaprc",
        "[Repository r]\nremotehost = imap.mail.me.com\nremotepasseval = \"{}\"\nremoteport = 143\n",
    ),
    (
        "offlineimap, in a command",
        ".offlineimaprc",
        "[DEFAULT]\nremotepass = {}\n[Repository r]\nremotehost = imap.mail.me.com\nremotepasseval = os.popen(\"echo '{}'\").read()\nssl = no ; pass {}\n",
    ),
    (
        "postfix, in the maps",
        "main.cf",
        "relayhost = [smtp.mail.me.com]:25\nsmtp_sasl_password_maps = static:ann@icloud.com:{}\nsmtp_sasl_password_maps = inline:{ [smtp.mail.me.com]:25=ann:{} }\n",
    ),
    (
        "neomutt, a variable of one's own",
        ".neomuttrc",
        "set my_pw=\"{}\" smtp_url=\"smtps://ann@smtp.mail.me.com:587\"\n",
    ),
    (
        "neomutt, a refresh command",
        ".neomuttrc",
        "set smtp_oauth_refresh_command=\"x {}\" smtp_url=\"smtps://ann@smtp.mail.me.com:587\"\n",
    ),
    ("neomutt, a PIN", ".neomuttrc", "set my_pin='{}' smtp_url=\"smtps://ann@smtp.mail.me.com:587\"\n"),
    ("fetchmail, a plugin", ".fetchmailrc", "poll imap.mail.me.com plugin \"sh -c {}\" user ann no ssl\n"),
    ("fetchmail, a command", ".fetchmailrc", "poll imap.mail.me.com user ann preconnect \"sh -c {}\" no ssl\n"),
    ("postfix, behind the port", "main.cf", "relayhost = [smtp.icloud.com]:587:{}\n"),
    ("msmtp, as the port", "msmtprc", "account a\nhost smtp.mail.me.com\nport {}\n"),
    ("msmtp, behind the host", "msmtprc", "account a\nhost smtp.icloud.com {}\nport 587\n"),
    ("mbsync, behind the host", ".mbsyncrc", "IMAPAccount i\nHost imap.icloud.com {}\nPort 993\n"),
    (
        "thunderbird, a setting that there is not",
        "prefs.js",
        "user_pref(\"mail.server.server1.type\", \"imap\");\nuser_pref(\"mail.server.server1.hostname\", \"imap.mail.me.com\");\nuser_pref(\"mail.server.server1.password\", \"{}\");\nuser_pref(\"mail.server.server1.port\", 143); // pass {}\n",
    ),
];

/// Settings with something to fix on a line that a comment follows, which is at `{#}`.
const COMMENTED: [(&str, &str, &str); 10] = [
    ("aerc", "accounts.conf", "[a]\nsource = imap://ann@imap.mail.me.com:143 {#}\n"),
    ("environment", ".env", "SMTP_HOST=smtp.mail.me.com\nSMTP_PORT=25 {#}\n"),
    ("fetchmail", ".fetchmailrc", "poll imap.mail.me.com user ann no ssl {#}\n"),
    ("getmail", "getmailrc", "[retriever]\ntype = SimpleIMAPRetriever\nserver = imap.icloud.com {#}\n"),
    ("git", ".gitconfig", "[sendemail]\n\tsmtpServer = smtp.mail.me.com\n\tsmtpServerPort = 25 {#}\n"),
    ("himalaya", "himalaya.toml", "[accounts.a]\nimap.server = \"imap://imap.mail.me.com:143\" {#}\n"),
    ("mbsync", ".mbsyncrc", "IMAPAccount i\nHost imap.icloud.com {#}\n"),
    ("msmtp", "msmtprc", "account a\nhost smtp.icloud.com {#}\nport 587\n"),
    ("neomutt", ".neomuttrc", "set smtp_url=\"smtps://ann@smtp.mail.me.com:587\" {#}\n"),
    (
        "thunderbird",
        "prefs.js",
        "user_pref(\"mail.server.server1.type\", \"imap\");\nuser_pref(\"mail.server.server1.hostname\", \"imap.icloud.com\"); {#}\n",
    ),
];

/// What comments hold, by the signs of any of these languages.
const COMMENTS: [&str; 7] = ["# {}", "#{}", "; {}", "// {}", "# pin {}", "# login you:{}", "# it's {}"];

/// App-specific passwords and others, in the letters that files can hold as they are.
const SHAPES: [&str; 5] = ["qkweruvzmbhyxgtn", "qkwe-ruvz-mbhy-xgtn", "Abcdefgh1", "Tulpenbeet", "Zwölfpäß"];

/// Passwords that files hold in quotes alone, or with backslashes.
const ODD_SHAPES: [&str; 4] =
    ["two words qkwerty", "semi;colon#qkwerty", "back\\\\slash\\\"qkwerty", "a:b/c@d?qkwerty"];

pub(crate) fn all() -> Vec<Attack> {
    let placements = PLACEMENTS.iter().map(|(name, file, text)| attack(*name, move || is_hidden(file, text)));
    let commented = COMMENTED.iter().map(|(name, file, text)| {
        attack(format!("{name}, in any comment"), move || {
            COMMENTS.iter().try_for_each(|comment| comment_is_hidden(file, &text.replace("{#}", comment)))
        })
    });
    placements.chain(commented).collect()
}

fn comment_is_hidden(file: &str, text: &str) -> Held {
    for (password, format) in SHAPES.iter().zip(["text", "json"].into_iter().cycle()) {
        let (folder, path) = written(file, &text.replace("{}", password));
        let ended = Doctor::new(&["review", "--format", format]).folder(folder.path()).arg(&path).run();
        ended.is_bounded()?;
        ended.hides(&[password, "qkwe"]).map_err(|why| format!("{password} in {text:?}, {format}: {why}"))?;
    }
    Ok(())
}

fn is_hidden(file: &str, text: &str) -> Held {
    let is_quoted = text.contains("\"{}\"");
    let odd = ODD_SHAPES.iter().filter(|_| is_quoted);
    for password in SHAPES.iter().chain(odd) {
        let text = text.replace("{}", password);
        let mut found = false;
        for arguments in [
            &["--format", "text"][..],
            &["--format", "json"],
            &["--format", "sarif"],
            &["--format", "github"],
            &["--fix"],
        ] {
            let (folder, path) = written(file, &text);
            let ended = Doctor::new(&["review"]).folder(folder.path()).args(arguments).arg(&path).run();
            ended.is_bounded()?;
            found |= ended.code == Some(1);
            // Half a password is one: it is looked for from its middle on too.
            let half = password.chars().skip(password.chars().count() / 2).collect::<String>();
            ended.hides(&[password, &half, "qkwe"]).map_err(|why| format!("{password}, {arguments:?}: {why}"))?;
        }
        // In a URL the odd ones may end the server's name.
        let is_odd = ODD_SHAPES.contains(password);
        holds(found || is_odd, || format!("{password}: nothing to fix was found"))?;
    }
    Ok(())
}
