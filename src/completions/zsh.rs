//! The completion script for zsh.

use std::fmt::Write as _;

use super::offered::{Flag, Offered, Values, commands};

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
    let _ = function(&mut script, "_icloud_mail_doctor_commands", &commands(offered));
    script += "_icloud_mail_doctor() {\n    case ${words[2]} in\n";
    for command in offered.iter().skip(1) {
        let _ = writeln!(script, "        {})\n{BELOW_A_COMMAND}{}\n            ;;", command.name, arguments(command));
    }
    let _ = writeln!(script, "        *)\n{}\n            ;;\n    esac\n}}\n\n{END}", arguments(&offered[0]));
    script
}

/// Words are counted from the command on; the command itself may still be incomplete.
const BELOW_A_COMMAND: &str = "            if ((CURRENT == 2)); then
                _icloud_mail_doctor_commands
                return
            fi
            shift words
            ((CURRENT--))
";

/// As an autoloaded function the script runs itself; sourced, it registers the function.
const END: &str = r#"if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _icloud_mail_doctor "$@"
else
    compdef _icloud_mail_doctor icloud-mail-doctor
fi"#;

/// The flags and places of a command in zsh's format.
fn arguments(command: &Offered) -> String {
    let flags = command.flags.iter().flat_map(|flag| flag.names.iter().map(move |name| of_flag(command, flag, name)));
    let places = (0..command.places.len()).map(|at| {
        let number = match command.goes_on && at + 1 == command.places.len() {
            true => "*".to_owned(),
            false => format!("{}:", at + 1),
        };
        let is_program = command.name.is_empty();
        let function = if is_program { "_icloud_mail_doctor_commands".to_owned() } else { place(command, at) };
        format!("{number}:word:{function}")
    });
    let specs: Vec<String> = flags.chain(places).map(|spec| quoted(&spec)).collect();
    format!("            _arguments -s -S \\\n                {}", specs.join(" \\\n                "))
}

fn of_flag(command: &Offered, flag: &Flag, name: &str) -> String {
    let about = flag.about.replace(['[', ']'], "");
    match (&flag.values, name.starts_with("--")) {
        (None, _) => format!("*{name}[{about}]"),
        (Some(_), true) => format!("*{name}=[{about}]:value:{}", following(command, flag)),
        (Some(_), false) => format!("*{name}[{about}]:value:{}", following(command, flag)),
    }
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
