//! Addresses, logins, names and commands that would run something, connect elsewhere or change another key.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::doctor::{Doctor, Ended};
use crate::settings_files::{Language, parts};
use crate::{Attack, Held, attack, holds};

/// C and its relatives: double quotes, and comments.
const C: Language = Language::Quoted { marks: "\"", comment: "//" };
/// Settings in double quotes.
const SETTINGS: Language = Language::Quoted { marks: "\"", comment: "#" };
const PYTHON: Language = Language::Quoted { marks: "\"'", comment: "#" };

/// Every program with a file, and how that program reads it.
const FILES: &[(&str, Language)] = &[
    ("aerc", Language::Aerc),
    ("apple-devices", Language::Xml),
    ("dotnet", C),
    ("fetchmail", SETTINGS),
    ("getmail", PYTHON),
    ("git-send-email", SETTINGS),
    ("go", C),
    ("himalaya", SETTINGS),
    ("java", C),
    ("k9", Language::Xml),
    ("mbsync", SETTINGS),
    ("meli", SETTINGS),
    ("msmtp", Language::Msmtp),
    ("neomutt", Language::Mutt),
    ("nodejs", Language::Quoted { marks: "\"'", comment: "//" }),
    ("offlineimap", Language::Ini),
    ("php", Language::Quoted { marks: "'\"", comment: "//" }),
    ("postfix", Language::Postfix),
    ("python", PYTHON),
    ("rust", C),
    ("thunderbird", Language::Xml),
];

/// What is not an address at all, or not one of iCloud's.
const REFUSED: &[(&str, &str)] = &[
    ("a command behind a semicolon", "a;touch${IFS}pwned;@icloud.com"),
    ("a command in backticks", "a`touch${IFS}pwned`@icloud.com"),
    ("a command in $()", "a$(touch${IFS}pwned)@icloud.com"),
    ("a command behind a bar", "a|touch${IFS}pwned|@icloud.com"),
    ("a command behind an ampersand", "a&touch${IFS}pwned&@icloud.com"),
    ("backticks at another domain", "a`touch${IFS}pwned`@shop.example"),
    ("another server before the login", "evil.example:993/x@icloud.com"),
    ("another server behind a hash", "evil.example#@icloud.com"),
    ("a lookup at another server", "x,tcp:evil.example:99,static:y@icloud.com"),
    ("a variable of Postfix", "$myhostname@icloud.com"),
    ("a second line", "a\nHost evil.example\n@icloud.com"),
    ("a return", "a\rHost evil.example@icloud.com"),
    ("the next line of Unicode", "a\u{85}Host=evil.example@icloud.com"),
    ("the line separator of Unicode", "a\u{2028}Host=evil.example@icloud.com"),
    ("the paragraph separator of Unicode", "a\u{2029}Host=evil.example@shop.example"),
    ("text that runs backwards", "a\u{202e}moc.live@shop.example"),
    ("a quotation mark and another key", "a\"x=\"y@icloud.com"),
    ("a backslash at the end", "a\\@icloud.com"),
    ("a tag", "a</string><string>b@icloud.com"),
    ("an entity", "a&evil;@icloud.com"),
    ("an option", "-Fevil@shop.example"),
    ("an address in another", "x@evil.example@icloud.com"),
    ("a number for a domain", "x@[127.0.0.1]"),
    ("a path for a domain", "x@evil.example/icloud.com"),
    ("a port in the domain", "x@icloud.com:99"),
    ("a bell", "a\u{7}@icloud.com"),
];

/// Valid addresses at a domain of one's own: RFC 5321 allows nearly every sign in a dot-atom.
const ADDRESSES: &[&str] = &[
    "o'brien@shop.example",
    "o'b|touch${IFS}pwned|&@shop.example",
    "x'&touch${IFS}pwned&'@shop.example",
    "#x@shop.example",
    "!touch${IFS}pwned@shop.example",
    "$myhostname@shop.example",
    "{x}@shop.example",
    "%H%U%s%n@shop.example",
    "{{name}}{{password.command}}@shop.example",
    "~/x*?=/etc/passwd@shop.example",
];

const NAMES: &[&str] = &[
    "Jo \"O\" Doe",
    "O'Brien",
    "\";touch pwned;\"",
    "`touch pwned` $(touch pwned) $HOME",
    "Doe, Jo <evil@evil.example>, \\",
    "\\\" + touch + \\\"",
    "#{x} ;y //z /* ?> </script> ]]>",
    "%(source)s %s %% {0} ${IFS} {{email}}",
    "\"\"\" + __import__('os').system('touch pwned') + \"\"\"",
    "\\u0022;touch();//\\x22\\042",
    "<script>&amp;&lt;&evil;</string>",
    "'.system('touch pwned').'",
];

/// Each prints `a b`, in quotation that has to come through.
const COMMANDS: &[&str] = &[
    "printf %s \"a b\"",
    "printf %s 'a b'",
    "printf %s 'a b' # )\" ' `",
    "printf %s 'a b'; : \"\"\"x\"\"\"",
    "printf %s \"$(printf %s 'a b')\"",
    "printf %s `printf a`' b'",
    "printf %s a\\ b",
    "printf %s 'a b'; : '100%% %(source)s'",
    "printf %s 'a b'; : '<x> &amp; ]]>'",
    "printf %s 'a b'; : {{email}} '\\'",
];

/// The values that every run is compared with.
const PLAIN: (&str, &str, &str) = ("ann@shop.example", "Ann", "pass show icloud");

pub(crate) fn all() -> Vec<Attack> {
    let refused = REFUSED.iter().flat_map(|(what, address)| {
        [
            attack(format!("refused as an address: {what}"), || is_refused(&[address])),
            attack(format!("refused as a login: {what}"), || is_refused(&["me@shop.example", "--login", address])),
        ]
    });
    let lines =
        ["a\nb", "a\u{0}b", "a\rb", "a\u{85}b", "a\u{2028}b", "a\u{202e}b", "a\u{2066}b", "a\u{ffff}b", " ", ""];
    let flags = ["--name", "--password-command"].into_iter().map(move |flag| {
        // No argument of a program can hold a NUL.
        let lines = lines.into_iter().filter(|line| !line.contains('\0'));
        attack(format!("more than a line after {flag}"), move || {
            lines.clone().try_for_each(|line| is_refused(&["you@icloud.com", &format!("{flag}={line}")]))
        })
    });
    let files = FILES.iter().flat_map(|&(program, language)| {
        let (plain_email, plain_name, plain_command) = PLAIN;
        [
            attack(format!("{program} reads hostile addresses as they are"), move || {
                ADDRESSES.iter().try_for_each(|email| is_kept(program, language, (email, plain_name, plain_command)))
            }),
            attack(format!("{program} reads hostile names as they are"), move || {
                NAMES.iter().try_for_each(|name| is_kept(program, language, (plain_email, name, plain_command)))
            }),
            attack(format!("{program} reads hostile commands as they are"), move || {
                COMMANDS.iter().try_for_each(|command| is_kept(program, language, (plain_email, plain_name, command)))
            }),
        ]
    });
    let steps = ["msmtp", "neomutt", "git-send-email", "postfix", "imapsync", "python", "mbsync"].into_iter();
    let steps = steps.flat_map(|program| {
        [
            attack(format!("the commands of {program}'s steps, with hostile addresses"), move || {
                ADDRESSES.iter().try_for_each(|email| runs_nothing(program, email))
            }),
            attack(format!("the commands of {program}'s steps, with hostile commands"), move || {
                // Between the backticks of a step another one can be seen, and not cut out.
                COMMANDS
                    .iter()
                    .filter(|command| !command.contains('`'))
                    .try_for_each(|command| runs_it(program, command))
            }),
        ]
    });
    let git =
        attack("git's helper prints what the command does", || COMMANDS.iter().try_for_each(|command| helps(command)));
    let yaml = attack("Home Assistant's lines hold hostile addresses", || {
        ADDRESSES.iter().try_for_each(|email| is_yaml(email))
    });
    refused.chain(flags).chain(files).chain(steps).chain([git, yaml]).chain(entrances()).collect()
}

/// What no login name, server name or address can be, wherever it enters a check.
fn entrances() -> Vec<Attack> {
    const LOGINS: &[&str] = &["ann\r\nA2 LOGOUT", "ann lee", "", "ann\u{2028}lee", "ann\u{1b}[2J"];
    const HOSTS: &[&str] = &[
        "evil.example/imap.mail.me.com",
        "imap.mail.me.com@evil.example",
        "imap.mail.me.com:993",
        "a b",
        "x\r\ny",
        "",
    ];
    const FROM: &[&str] =
        &["a> SIZE=1\r\nDATA@shop.example", "a b@shop.example", "<a@shop.example> SIZE=1", "<a@shop.example><b>"];
    let flags = [
        ("--imap-username", LOGINS),
        ("--smtp-username", LOGINS),
        ("--imap-host", HOSTS),
        ("--smtp-host", HOSTS),
        ("--from", FROM),
    ];
    let flags = flags.into_iter().map(|(flag, values)| {
        attack(format!("hostile values after {flag}"), move || {
            values.iter().try_for_each(|value| checks_nothing(&[&format!("{flag}={value}")]))
        })
    });
    let file = attack("hostile values in a settings file", || {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mbsyncrc");
        for line in ["Host imap.mail.me.com/x\nUser ann", "Host imap.mail.me.com\nUser \"ann lee\""] {
            fs::write(&path, format!("IMAPAccount a\n{line}\nPort 993\nSSLType IMAPS\n")).unwrap();
            checks_nothing(&["--settings-from", path.to_str().unwrap()])?;
        }
        Ok(())
    });
    let case = attack("hostile values in a case", || {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("case.toml");
        let text = include_str!("../../imap/password-refused/case.toml");
        for word in ["--imap-username=a b", "--smtp-host=a/b", "--from=a b@shop.example"] {
            let hostile = text.replacen("arguments = [", &format!("arguments = [\n  \"check\", \"{word}\","), 1);
            fs::write(&path, hostile.replacen("\n    \"check\",", "", 1)).unwrap();
            let ended = Doctor::new(&["rehearse"]).arg(&path).run();
            ended.is_bounded()?;
            holds(ended.code == Some(2) && ended.out.is_empty(), || {
                format!("{word}: {:?} {}", ended.code, ended.text())
            })?;
        }
        Ok(())
    });
    flags.chain([file, case]).collect()
}

/// A usage error, before anything is contacted.
fn checks_nothing(arguments: &[&str]) -> Held {
    let ended = Doctor::new(&["check", "--no-sign-in", "--only", "settings"]).args(arguments).run();
    ended.is_bounded()?;
    holds(ended.code == Some(2) && ended.out.is_empty(), || format!("{arguments:?}: exit {:?}", ended.code))
}

/// Every program refuses it, and not a line is written.
fn is_refused(arguments: &[&str]) -> Held {
    for (program, _) in FILES {
        let ended = Doctor::new(&["setup", program]).args(arguments).run();
        ended.is_bounded()?;
        let is_silent = ended.code == Some(2) && ended.out.is_empty();
        holds(is_silent, || format!("{program}: exit {:?} for {arguments:?}", ended.code))?;
    }
    Ok(())
}

type Values<'v> = (&'v str, &'v str, &'v str);

fn set_up(program: &str, (email, name, command): Values) -> Ended {
    let arguments = ["setup", program, email, "--login=you@icloud.com"];
    Doctor::new(&arguments).arg(format!("--name={name}")).arg(format!("--password-command={command}")).run()
}

/// The file with these values is the plain one but for them, as the program reads it; or there is none.
fn is_kept(program: &str, language: Language, values: Values) -> Held {
    let ended = set_up(program, values);
    ended.is_bounded()?;
    if ended.code == Some(2) {
        return holds(ended.out.is_empty(), || format!("{program}: {values:?}: half a file"));
    }
    let read = |ended: &Ended| parts(&String::from_utf8_lossy(&ended.out), language);
    let plain = read(&set_up(program, PLAIN))?;
    let hostile = read(&ended).map_err(|why| format!("{values:?}: {why}"))?;
    holds(plain.frame == hostile.frame, || format!("{values:?} is more than a value: {}", hostile.frame))?;
    let expected: Vec<String> = plain.values.iter().map(|value| replaced(program, value, values)).collect();
    holds(expected == hostile.values, || {
        let other = expected.iter().zip(&hostile.values).find(|(expected, value)| expected != value);
        format!("{values:?} is read as another value: {other:?}")
    })
}

/// The plain value with these in it.
fn replaced(program: &str, value: &str, (email, name, command): Values) -> String {
    let (plain_email, plain_name, plain_command) = PLAIN;
    if value == plain_name {
        return name.to_owned();
    }
    if value == plain_command || value == format!("`{plain_command}`") {
        return value.replace(plain_command, command);
    }
    let before_address = format!("{plain_name} <");
    // RFC 5322: a quoted string where it is more than words.
    let is_words = name.chars().all(|letter| letter.is_alphanumeric() || letter == ' ');
    let phrase =
        if is_words { name.to_owned() } else { format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")) };
    let command = match program == "git-send-email" && command != plain_command {
        true => format!("sh -c '{}'", command.replace('\'', "'\\''")),
        false => command.to_owned(),
    };
    // In one pass, so that nothing that was put in is looked at again.
    let mut out = String::new();
    let mut rest = value;
    while let Some(letter) = rest.chars().next() {
        let pairs = [
            (before_address.as_str(), format!("{phrase} <")),
            (plain_email, email.to_owned()),
            (plain_command, command.clone()),
        ];
        if let Some((plain, written)) = pairs.iter().find(|(plain, _)| rest.starts_with(plain)) {
            out.push_str(written);
            rest = &rest[plain.len()..];
        } else {
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    out
}

/// The words that go beside the file, each run of spaces one space.
fn steps(program: &str, values: Values) -> Result<Option<String>, String> {
    let ended = set_up(program, values);
    ended.is_bounded()?;
    if ended.code == Some(2) {
        return Ok(None);
    }
    Ok(Some(ended.text().split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// The commands of the steps that hold this.
fn commands<'t>(steps: &'t str, marker: &str) -> Vec<&'t str> {
    let spans = steps.split('`').skip(1).step_by(2);
    spans.filter(|span| span.contains(marker) && span.contains(' ') && !span.starts_with('-')).collect()
}

/// A folder of its own, in which every program that a command names only records its arguments.
fn stage() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let programs = folder.path().join("programs");
    fs::create_dir(&programs).unwrap();
    let noting = "#!/bin/sh\nfor word; do printf '[%s]' \"$word\"; done >> \"$NOTES\"\n[ -t 0 ] || while IFS= read -r line; do printf '{%s}' \"$line\" >> \"$NOTES\"; done\n";
    fs::write(folder.path().join("note"), noting).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(folder.path().join("note"), mode).unwrap();
    for name in ["msmtp", "neomutt", "git", "sudo", "imapsync", "secret-tool", "security", "sendmail"] {
        symlink(folder.path().join("note"), programs.join(name)).unwrap();
    }
    // With these an attack could succeed.
    for name in ["sh", "touch"] {
        let there =
            ["/bin", "/usr/bin"].map(|place| Path::new(place).join(name)).into_iter().find(|path| path.exists());
        symlink(there.unwrap(), programs.join(name)).unwrap();
    }
    folder
}

/// What the programs of a command were given, after it ran in a shell.
fn played(command: &str, folder: &Path) -> Result<String, String> {
    let notes = folder.join("notes");
    let command = command.replace("/usr/sbin/sendmail", "sendmail").replace("<(", "$(");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("{command}; printf '%s' \"$ICLOUD_APP_PASSWORD\" >> \"$NOTES\"")]).current_dir(folder);
    shell.env_clear().env("PATH", folder.join("programs")).env("HOME", folder).env("NOTES", &notes);
    let ended = shell.stdin(Stdio::null()).output().unwrap();
    holds(ended.stderr.is_empty(), || format!("{command}: {}", String::from_utf8_lossy(&ended.stderr)))?;
    holds(!folder.join("pwned").exists(), || format!("something ran: {command}"))?;
    Ok(fs::read_to_string(notes).unwrap_or_default())
}

/// A user who pastes the steps' commands passes the address to programs, and runs nothing of it.
fn runs_nothing(program: &str, email: &str) -> Held {
    let Some(steps) = steps(program, (email, PLAIN.1, PLAIN.2))? else { return Ok(()) };
    let part = email.split(['@', '\'', '$', '%']).max_by_key(|part| part.len()).unwrap();
    for command in commands(&steps, part) {
        let folder = stage();
        let notes = played(command, folder.path())?;
        // Postfix's table has a dollar sign twice.
        let is_given = notes.replace("$$", "$").contains(email);
        holds(is_given, || format!("{command}: the programs were given {notes}"))?;
    }
    Ok(())
}

/// A user who pastes the steps' commands gets the output of the password command, and the command ends where it should.
fn runs_it(program: &str, command: &str) -> Held {
    let Some(steps) = steps(program, (PLAIN.0, PLAIN.1, command))? else { return Ok(()) };
    let pasted = commands(&steps, "$(").into_iter().chain(commands(&steps, "<("));
    for pasted in pasted.filter(|pasted| *pasted != command) {
        let folder = stage();
        let notes = played(pasted, folder.path())?;
        holds(notes.contains("a b") || notes.contains("[a][b]"), || format!("{pasted}: {notes}"))?;
    }
    Ok(())
}

/// As git reads it: the value of the last helper, run by a shell with what is asked for.
fn helps(command: &str) -> Held {
    let read = parts(&String::from_utf8_lossy(&set_up("git-send-email", (PLAIN.0, PLAIN.1, command)).out), SETTINGS)?;
    let helper = read.values.last().and_then(|value| value.strip_prefix('!')).ok_or("no helper")?.replace("\\n", "\n");
    let folder = stage();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("{helper} get")]).current_dir(folder.path()).env_clear();
    let ended = shell.env("PATH", folder.path().join("programs")).output().unwrap();
    let printed = String::from_utf8_lossy(&ended.stdout);
    holds(printed == "password=a b\n", || format!("{command}: {printed} {}", String::from_utf8_lossy(&ended.stderr)))
}

/// A plain scalar of nothing but harmless signs, or JSON's string, which YAML reads alike.
fn is_yaml(email: &str) -> Held {
    let Some(steps) = steps("home-assistant", (email, PLAIN.1, PLAIN.2))? else { return Ok(()) };
    let from = steps.split("`sender: ").nth(1).ok_or("no sender")?;
    let written = from.split('`').next().unwrap_or_default();
    let is_plain = written == email && email.chars().all(|letter| letter.is_alphanumeric() || "@.".contains(letter));
    let is_string = serde_json::from_str::<String>(written).is_ok_and(|read| read == email);
    holds(is_plain || is_string, || format!("{email} is written as {written}"))
}
