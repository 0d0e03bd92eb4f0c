//! The completion script for bash from version 3.2 on, which macOS has.

use std::fmt::Write as _;

use super::offered::{Offered, Values, commands};

/// Bash splits words at `=`, so that `--format=json` reaches the function as three words.
const BEGIN: &str = r#"# The completions of icloud-mail-doctor for bash.
_icloud_mail_doctor() {
    local current=${COMP_WORDS[COMP_CWORD]} command= flag= offered= kind=none word at list=
    local -i place=0
    [[ $current == "=" ]] && current=
    COMPREPLY=()
    for ((at = 1; at <= COMP_CWORD; at++)); do
        word=${COMP_WORDS[at]}
        if [[ $word == "=" ]]; then
            # After a whole value it is followed by a file, as in --report json=FILE.
            [[ -n $flag ]] || flag="="
            continue
        fi
        ((at == COMP_CWORD)) && break
        if [[ -n $flag ]]; then
            flag=
            continue
        fi
        case "$command $word" in
"#;

const END: &str = r#"    case $kind in
        list)
            [[ $current == *,* ]] && list=${current%,*},
            COMPREPLY=($(compgen -P "$list" -W "$offered" -- "${current##*,}"))
            ;;
        with-file)
            COMPREPLY=($(compgen -S = -W "$offered" -- "$current"))
            compopt -o nospace 2> /dev/null
            ;;
        words | words-or-file)
            COMPREPLY=($(compgen -W "$offered" -- "$current"))
            ;;
    esac
    case $kind in
        # Bash itself completes files: it knows ~ and what has to be quoted.
        file | words-or-file) ;;
        *) compopt +o default 2> /dev/null ;;
    esac
    return 0
}
complete -o default -F _icloud_mail_doctor icloud-mail-doctor
"#;

pub(super) fn script(offered: &[Offered]) -> String {
    let mut script = BEGIN.to_owned();
    let mut line = |text: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(script, "{text}");
    };
    let valued = |command: &Offered| {
        let flags = command.flags.iter().filter(|flag| flag.values.is_some());
        flags.flat_map(|flag| flag.names.clone()).map(|name| format!("\"{} {name}\"", command.name)).collect::<Vec<_>>()
    };
    line(format!("            {}) flag=$word ;;", offered.iter().flat_map(valued).collect::<Vec<_>>().join(" | ")));
    line("            *\\ -*) ;;".to_owned());
    for command in offered.iter().filter(|command| !command.name.is_empty()) {
        line(format!("            \" {}\") ((place == 0)) && command=$word || place+=1 ;;", command.name));
    }
    line(
        "            *) place+=1 ;;\n        esac\n    done\n    if [[ $flag == \"=\" ]]; then\n        kind=file"
            .to_owned(),
    );
    line("    elif [[ -n $flag ]]; then\n        case \"$command $flag\" in".to_owned());
    for command in offered {
        for flag in &command.flags {
            if let Some(values) = &flag.values {
                let names = flag.names.iter().map(|name| format!("\"{} {name}\"", command.name));
                line(format!("            {}) {} ;;", names.collect::<Vec<_>>().join(" | "), set(values)));
            }
        }
    }
    line("        esac\n    elif [[ $current == -* ]]; then\n        kind=words\n        case $command in".to_owned());
    for command in offered {
        let flags: Vec<String> = command.flags.iter().flat_map(|flag| flag.names.clone()).collect();
        line(format!("            \"{}\") offered=\"{}\" ;;", command.name, flags.join(" ")));
    }
    line("        esac\n    else\n        case \"$command $place\" in".to_owned());
    line(format!("            \" 0\") {} ;;", set(&commands(offered))));
    for command in offered.iter().filter(|command| !command.name.is_empty()) {
        for (at, values) in command.places.iter().enumerate() {
            let place = match command.goes_on && at + 1 == command.places.len() {
                true => format!("\"{} \"*", command.name),
                false => format!("\"{} {at}\"", command.name),
            };
            line(format!("            {place}) {} ;;", set(values)));
        }
    }
    line("        esac\n    fi".to_owned());
    script + END
}

fn set(values: &Values) -> String {
    let (kind, words) = match values {
        Values::Anything => return "kind=none".to_owned(),
        Values::File => return "kind=file".to_owned(),
        Values::OneOf(words) => ("words", words),
        Values::List(words) => ("list", words),
        Values::OneOfOrFile(words) => ("words-or-file", words),
        Values::WithFile(words) => ("with-file", words),
    };
    let words: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    format!("kind={kind} offered=\"{}\"", words.join(" "))
}
