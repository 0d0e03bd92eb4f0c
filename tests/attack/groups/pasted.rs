//! Error texts and logs that are bombs, or hold secrets.

use std::time::Duration;

use crate::doctor::Doctor;
use crate::{Attack, Held, attack};

/// Lines that people paste, in which `{}` is the password.
const LINES: [(&str, &str); 12] = [
    ("fetchmail's settings", "fetchmail: Authorization failure poll imap.mail.me.com user ann pass {} no ssl"),
    (
        "fetchmail's settings, two accounts",
        "Authorization failure poll h user ann pass {} ssl user bob password \"{}\" ssl",
    ),
    ("fetchmail's settings, a password twice", "Authorization failure poll h user ann pass {} pass {} ssl"),
    ("a login in IMAP", "a1 LOGIN ann@icloud.com {}\na1 NO [AUTHENTICATIONFAILED] Authentication failed"),
    ("a URL", "imaps://ann:{}@imap.mail.me.com: Authentication failed"),
    ("an assignment", "SMTP_PASSWORD={}\n535 5.7.8 Error: authentication failed"),
    ("an assignment in quotes", "password = \"{}\" host = \"x\" 535 5.7.8 Error: authentication failed"),
    ("many assignments on a line", "pass=\"a\" pass=\"b\" pass=\"{}\" Authentication failed"),
    ("a key and a value in YAML", "Authentication failed\npassword:\n  {}\n"),
    ("an XML element", "<password>{}</password> Authentication failed"),
    ("an option", "curl --user ann@icloud.com:{} imaps://imap.mail.me.com Login denied"),
    ("a call", "imap.login(\"ann@icloud.com\", \"{}\") AUTHENTICATIONFAILED Authentication failed"),
];

/// Lines of programs, settings and logs that name a password in a word or a shape of their own.
const SHAPES: [(&str, &str); 49] = [
    ("a call of Java", "new PasswordAuthentication(\"o\", \"{}\")"),
    ("a call that connects", "transport.connect(h, \"o\", \"{}\")"),
    ("a builder", "Mail().user(o).password({}).send()"),
    ("an index", "passwd[{}]"),
    ("a definition in PHP", "define('SMTP_PASS', '{}');"),
    ("PowerShell", "ConvertTo-SecureString \"{}\" -AsPlainText -Force"),
    ("PowerShell, by name", "ConvertTo-SecureString -AsPlainText -Force -String {}"),
    ("an option with a number", "imapsync --user1 o --password1 {} --host1 h"),
    ("a second option with a number", "imapsync --password2={} --host1 h"),
    ("an option --pw", "send --pw {} now"),
    ("an option --pw=", "send --pw={} now"),
    ("an option --secret", "send --secret {} now"),
    ("an option --secret=", "send --secret='{}' now"),
    ("an option --passwd", "send --passwd {} now"),
    ("an option --passwd=", "send --passwd=\"{}\" now"),
    ("an option --imap-pass", "send --imap-pass {} now"),
    ("MAIL_PW", "MAIL_PW={}"),
    ("PW", "PW: {}"),
    ("pw", "user=o pw={}"),
    ("a passcode", "my passcode {}"),
    ("a pass phrase", "pass phrase: {}"),
    ("an XML element with CDATA", "<password><![CDATA[{}]]></password>"),
    ("an XML element over lines", "<password>\n<![CDATA[{}]]>\n</password>"),
    ("a table", "| password | {} | note |"),
    ("Postfix's sasl_passwd", "[smtp.mail.me.com]:587 you@icloud.com:{}"),
    ("Postfix's sasl_passwd, without brackets", "smtp.mail.me.com you@icloud.com:{}"),
    ("a login with a word for a tag", "TAG LOGIN user {}"),
    ("a login in lower case", "abcd login \"user\" \"{}\""),
    ("a login in quotes", "TAG LOGIN \"user\" \"{}\""),
    ("a login in literals", "TAG LOGIN {4}\n+ OK\nuser {16}\n+ OK\n{}\nTAG NO [AUTHENTICATIONFAILED]"),
    ("a login in literals that do not wait", "TAG LOGIN {4+}\nuser {16+}\n{}\nTAG NO [AUTHENTICATIONFAILED]"),
    ("credentials in brackets", "invalid credentials (o, {})"),
    ("an app-specific password in a sentence", "app-specific password {}"),
    ("Dovecot, given", "Password mismatch (given: {})"),
    ("Dovecot, given password", "SHA1 of given password: {}"),
    ("Dutch", "wachtwoord: {}"),
    ("Portuguese", "senha={}"),
    ("Polish", "Hasło: {}"),
    ("Polish, in capitals", "HASŁO: {}"),
    ("Swedish", "lösenord: {}"),
    ("Spanish", "Contraseña: {}"),
    ("French", "mot de passe «{}»"),
    ("French, short", "mdp={}"),
    ("German, in a sentence", "Das Passwort lautet {}"),
    ("German, another word", "Mein Kennwort lautet: {}"),
    ("Russian", "Пароль: {}"),
    ("Japanese", "パスワード：{}"),
    ("Chinese", "密码是{}"),
    ("Italian", "La password è {}"),
];

/// A password of several words, which a sentence ends with.
const SENTENCES: [&str; 3] = ["my password is {}", "Das Kennwort lautet {}", "le mot de passe est : {}"];

const PASSWORDS: [&str; 4] = ["qkweruvzmbhyxgtn", "qkwe-ruvz-mbhy-xgtn", "Abcdefgh1", "Zwölfpäß"];

/// What is repeated without end, behind a line that says something.
const BOMBS: [(&str, &str); 12] = [
    ("assignments on one line", "pass=\"\" "),
    ("assignments that are open", "pass=\""),
    ("assignments without a value", "password= "),
    ("users and passwords", "user a pass b "),
    ("URLs", "://a:b@"),
    ("addresses", "a@b."),
    ("logins", "a1 LOGIN b c "),
    ("elements", "<pass>a"),
    ("base64", "AUTH PLAIN QWxhZGRpbjpvcGVuIHNlc2FtZQ== "),
    ("empty lines", "\n"),
    ("one letter", "a"),
    ("words that signs begin with", "connection authentication failed certificate "),
];

/// A program built for tests takes ten times as long as the released one.
const MOST: Duration = Duration::from_secs(15);

pub(crate) fn all() -> Vec<Attack> {
    let lines = LINES.iter().map(|(name, line)| attack(*name, move || hides(line, &PASSWORDS)));
    let shapes = SHAPES.iter().map(|(name, shape)| {
        // With words that are known on the first and on the last line, so that both are shown.
        attack(*name, move || hides(&format!("Login failed: {shape}\nAuthentication failed"), &PASSWORDS))
    });
    let sentences = SENTENCES
        .iter()
        .map(|line| attack(*line, move || hides(&format!("Login failed: {line}"), &["Tulip tulip9 garden"])));
    let bombs = BOMBS.iter().map(|(name, piece)| {
        attack(format!("endless {name}"), move || {
            let text = format!("Login failed {}", piece.repeat((5 << 20) / piece.len()));
            Doctor::new(&["explain", "-"]).input(text).within(MOST).run().is_bounded()
        })
    });
    lines.chain(shapes).chain(sentences).chain(bombs).collect()
}

/// No format repeats one of these passwords in place of `{}`.
fn hides(line: &str, passwords: &[&str]) -> Held {
    for (password, format) in passwords.iter().zip(["text", "json"].into_iter().cycle()) {
        let text = line.replace("{}", password);
        let ended = Doctor::new(&["explain", "--format", format, "-"]).input(text).run();
        ended.is_bounded()?;
        let words: Vec<&str> = password.split(' ').collect();
        ended.hides(&words).map_err(|why| format!("{format}: {why}"))?;
    }
    Ok(())
}
