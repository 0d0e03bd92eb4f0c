//! The completion script for fish.

use std::fmt::Write as _;

use super::offered::{Flag, Offered, Values, Word, commands};

const COMMAND: &str = "complete -c icloud-mail-doctor";

/// Checks whether the cursor is in this command and, if a place is given, at this place: the number of words before it
/// that are neither flags nor values of flags.
const WHERE: &str = r#"function __icloud_mail_doctor_at --argument-names wanted place
    set -l words (commandline -opc)
    set -l command ''
    set -l count 0
    set -l follows no
    for word in $words[2..-1]
        if test $follows = yes
            set follows no
        else if contains -- $word $__icloud_mail_doctor_valued
            set follows yes
        else if string match -q -- '-*' $word
            continue
        else if test -z "$command" -a $count = 0; and contains -- $word $__icloud_mail_doctor_commands
            set command $word
        else
            set count (math $count + 1)
        end
    end
    test "$command" = "$wanted"; and test -z "$place" -o "$place" = $count
end
function __icloud_mail_doctor_list
    set -l before (commandline -ct | string replace -r '^--[^=]*=' '' | string match -r '^.*,')
    for word in $argv
        echo "$before$word"
    end
end
function __icloud_mail_doctor_with_file
    set -l token (commandline -ct | string replace -r '^--[^=]*=' '')
    if set -l parts (string match -r '^([a-z]+=)(.*)' -- $token)
        for file in $parts[3]*
            test -d $file; and echo $parts[2]$file/; or echo $parts[2]$file
        end
    else
        for word in $argv
            echo $word=
        end
    end
end
"#;

pub(super) fn script(offered: &[Offered]) -> String {
    let mut script = "# The completions of icloud-mail-doctor for fish.\n".to_owned();
    let mut line = |text: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(script, "{text}");
    };
    let names: Vec<&str> = offered.iter().skip(1).map(|command| command.name.as_str()).collect();
    let flags = || offered.iter().flat_map(|command| &command.flags);
    let mut valued: Vec<&str> =
        flags().filter(|flag| flag.values.is_some()).flat_map(|flag| &flag.names).map(String::as_str).collect();
    valued.sort_unstable();
    valued.dedup();
    line(format!("set -g __icloud_mail_doctor_commands {}", names.join(" ")));
    line(format!("set -g __icloud_mail_doctor_valued {}", valued.join(" ")));
    line(WHERE.to_owned());
    line(format!("{COMMAND} -f"));
    for command in offered {
        for flag in &command.flags {
            line(of_flag(command, flag));
        }
        for (at, values) in command.places.iter().enumerate().filter(|_| !command.name.is_empty()) {
            let is_any = command.goes_on && at + 1 == command.places.len();
            let place = if is_any { String::new() } else { format!(" {at}") };
            let given = given(values);
            if !given.is_empty() {
                line(format!("{COMMAND} -n '__icloud_mail_doctor_at {}{place}'{given}", command.name));
            }
        }
    }
    line(format!("{COMMAND} -n \"__icloud_mail_doctor_at '' 0\"{}", given(&commands(offered))));
    script
}

fn of_flag(command: &Offered, flag: &Flag) -> String {
    let condition = match command.name.as_str() {
        "" => "\"__icloud_mail_doctor_at ''\"".to_owned(),
        name => format!("'__icloud_mail_doctor_at {name}'"),
    };
    let name = |name: &String| match name.strip_prefix("--") {
        Some(long) => format!(" -l {long}"),
        None => format!(" -s {}", name.trim_start_matches('-')),
    };
    let names: String = flag.names.iter().map(name).collect();
    let values = match &flag.values {
        None => String::new(),
        // Without file names, unless the flag takes a file.
        Some(values @ (Values::File | Values::OneOfOrFile(_))) => format!(" -r{}", given(values)),
        Some(values) => format!(" -x{}", given(values)),
    };
    format!("{COMMAND} -n {condition}{names}{values} -d {}", quoted(&flag.about))
}

fn given(values: &Values) -> String {
    match values {
        Values::Anything => String::new(),
        Values::File => " -F".to_owned(),
        Values::OneOf(words) => format!(" -a {}", quoted(&described(words))),
        Values::OneOfOrFile(words) => format!(" -F -a {}", quoted(&described(words))),
        Values::List(words) => format!(" -a '(__icloud_mail_doctor_list {})'", names(words)),
        Values::WithFile(words) => format!(" -a '(__icloud_mail_doctor_with_file {})'", names(words)),
    }
}

fn names(words: &[Word]) -> String {
    words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" ")
}

/// Fish evaluates the list a second time when it completes, so a word's description is quoted twice.
fn described(words: &[Word]) -> String {
    let described = words.iter().map(|(word, about)| match about.as_str() {
        "" => word.clone(),
        about => format!("{word}\\t{}", quoted(about)),
    });
    described.collect::<Vec<_>>().join("\n")
}

fn quoted(text: &str) -> String {
    let text = text.replace('\n', "\u{0}").replace('\\', "\\\\").replace('\'', "\\'").replace('\u{0}', "\n");
    format!("'{text}'")
}
