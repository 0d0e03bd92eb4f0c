//! The script for zsh.

use std::fmt::Write as _;

use super::offered::{Flag, Offered, Values, Word};

pub(super) fn script(offered: &[Offered]) -> String {
    let mut script = "#compdef icloud-mail-doctor\n# The completions of icloud-mail-doctor for zsh.\n\n".to_owned();
    // Writing to a String cannot fail.
    for command in offered {
        for (at, values) in command.places.iter().enumerate() {
            let _ = function(&mut script, &place(command, at), values);
        }
        for flag in &command.flags {
            if let Some(values) = &flag.values {
                let _ = function(&mut script, &following(command, flag), values);
            }
        }
    }
    let commands: Vec<Word> =
        offered.iter().skip(1).map(|command| (command.name.clone(), command.about.clone())).collect();
    let _ = function(&mut script, "_icloud_mail_doctor_commands", &Values::OneOf(commands));
    script += "_icloud_mail_doctor() {\n    case ${words[2]} in\n";
    for (at, command) in offered.iter().enumerate().skip(1).chain([(0, &offered[0])]) {
        let pattern = if at == 0 { "*" } else { &command.name };
        let _ = writeln!(script, "        {pattern})");
        if at > 0 {
            script +=
                "            if ((CURRENT > 2)); then\n                shift words\n                ((CURRENT--))\n";
            script += "            else\n                _icloud_mail_doctor_commands\n                return\n            fi\n";
        }
        script += "            _arguments -s -S";
        for flag in &command.flags {
            for name in &flag.names {
                let about = flag.about.replace(['[', ']'], "");
                let spec = match &flag.values {
                    Some(_) => {
                        let equals = if name.starts_with("--") { "=" } else { "" };
                        format!("*{name}{equals}[{about}]:value:{}", following(command, flag))
                    }
                    None => format!("*{name}[{about}]"),
                };
                let _ = write!(script, " \\\n                {}", quoted(&spec));
            }
        }
        for (place_at, _) in command.places.iter().enumerate() {
            let number = match command.goes_on && place_at + 1 == command.places.len() {
                true => "*".to_owned(),
                false => format!("{}:", place_at + 1),
            };
            let function = if at == 0 { "_icloud_mail_doctor_commands".to_owned() } else { place(command, place_at) };
            let _ = write!(script, " \\\n                {}", quoted(&format!("{number}:word:{function}")));
        }
        script += "\n            ;;\n";
    }
    script += "    esac\n}\n\n";
    // Read as a file of completions it is called by zsh; sourced, it makes itself known.
    script += "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n    _icloud_mail_doctor \"$@\"\nelse\n    compdef _icloud_mail_doctor icloud-mail-doctor\nfi\n";
    script
}

fn place(command: &Offered, at: usize) -> String {
    format!("_icloud_mail_doctor_{}_{at}", command.name)
}

fn following(command: &Offered, flag: &Flag) -> String {
    let name = flag.names.last().map(|name| name.trim_matches('-').replace('-', "_")).unwrap_or_default();
    format!("_icloud_mail_doctor_{}_after_{name}", command.name)
}

fn function(script: &mut String, name: &str, values: &Values) -> std::fmt::Result {
    writeln!(script, "{name}() {{")?;
    let (words, then) = match values {
        Values::Anything => return writeln!(script, "    _message value\n}}"),
        Values::File => return writeln!(script, "    _files\n}}"),
        Values::OneOf(words) => (words, "    _describe value offered".to_owned()),
        Values::OneOfOrFile(words) => (words, "    _describe value offered\n    _files".to_owned()),
        Values::List(words) => (words, "    compset -P '*,'\n    _describe value offered -qS ,".to_owned()),
        Values::WithFile(words) => (
            words,
            "    if compset -P '*='; then\n        _files\n    else\n        _describe value offered -S =\n    fi"
                .to_owned(),
        ),
    };
    writeln!(script, "    local -a offered=(")?;
    for (word, about) in words {
        let word = word.replace(':', "\\:");
        let item = if about.is_empty() { word } else { format!("{word}:{about}") };
        writeln!(script, "        {}", quoted(&item))?;
    }
    writeln!(script, "    )\n{then}\n}}\n")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\n', " ").replace('\'', r"'\''"))
}
