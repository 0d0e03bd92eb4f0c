//! What the help and the manual say about a command besides its flags: examples, exit codes and the environment.

use clap::Command;
use clap::builder::StyledStr;

use super::terminal_width;
use crate::render::{list, wrapped};

/// A command line, at most 60 columns wide, and what it does.
pub(crate) type Example = (&'static str, &'static str);

/// A command's notes.
pub(crate) struct Notes {
    /// Empty for the program itself.
    pub(crate) command: &'static str,
    /// The first one is for new users.
    pub(crate) examples: &'static [Example],
    pub(crate) exit_codes: &'static [(&'static str, &'static str)],
    pub(crate) environment: &'static [(&'static str, &'static str)],
}

const PASSWORD: (&str, &str) = (
    "ICLOUD_APP_PASSWORD",
    "The app-specific password, where neither --password-stdin nor --password-command is given.",
);
const CREDENTIALS: (&str, &str) =
    ("CREDENTIALS_DIRECTORY", "The folder of the credentials that a list of accounts names; systemd sets it.");
const STATE: (&str, &str) =
    ("XDG_STATE_HOME", "The folder in which sign-ins are remembered, if it is not the usual one of the system.");
const STATE_OF_A_SERVICE: (&str, &str) =
    ("STATE_DIRECTORY", "The folder of the state and of the record of sign-ins; systemd sets it.");
const NO_COLOR: (&str, &str) = ("NO_COLOR", "No colours, if it is set and not empty.");
const CLICOLOR_FORCE: (&str, &str) = ("CLICOLOR_FORCE", "Colours in a pipe too, if it is set and not 0.");
const CERTIFICATES: (&str, &str) =
    ("SSL_CERT_FILE, SSL_CERT_DIR", "The root certificates to trust, instead of the system's.");
const PROXY: (&str, &str) =
    ("HTTPS_PROXY", "Not read, like every proxy variable: mail programs connect directly, and so does the check.");
const SCREEN: &[(&str, &str)] = &[NO_COLOR, CLICOLOR_FORCE];

const USAGE_ERROR: (&str, &str) = ("2", "Usage error, or a file could not be read or written.");
const DONE: &[(&str, &str)] = &[("0", "Done."), USAGE_ERROR];
const OF_A_CHECK: &[(&str, &str)] = &[
    ("0", "No trouble. There may be warnings."),
    ("1", "Trouble was found."),
    USAGE_ERROR,
    ("3", "Inconclusive: the checks could not find out, or no sign-in was made because earlier ones say to wait."),
    ("nagios", "With --format nagios: 0 OK, 1 warning, 2 critical, 3 unknown."),
];

/// The notes of the program and of each command.
pub(crate) const NOTES: &[Notes] = &[
    Notes {
        command: "",
        examples: &[
            (
                "icloud-mail-doctor check you@icloud.com",
                "Find out why iCloud Mail does not work. It asks for your app-specific password.",
            ),
            ("icloud-mail-doctor", "Asks up to three questions, then checks."),
            ("icloud-mail-doctor explain \"535 5.7.8 Error\"", "Explain what a mail program said."),
            ("icloud-mail-doctor setup thunderbird you@icloud.com", "The right settings for a mail program."),
        ],
        exit_codes: OF_A_CHECK,
        environment: &[PASSWORD, STATE, NO_COLOR, CLICOLOR_FORCE, CERTIFICATES, PROXY],
    },
    Notes {
        command: "check",
        examples: &[
            ("icloud-mail-doctor check you@icloud.com", "Check everything. It asks for your app-specific password."),
            ("icloud-mail-doctor check", "Check everything but the sign-ins."),
            ("icloud-mail-doctor check you@icloud.com --mailbox", "Look for messages too."),
            ("icloud-mail-doctor check you@icloud.com --watch --for 2h", "Wait until all is well."),
            ("icloud-mail-doctor check --report html=report.html", "Write a report for a browser too."),
            ("icloud-mail-doctor check --smtp-security tls", "Check the settings that your mail program has."),
            ("icloud-mail-doctor check --accounts list.csv", "Check many accounts, one after another."),
        ],
        exit_codes: OF_A_CHECK,
        environment: &[PASSWORD, CREDENTIALS, STATE, NO_COLOR, CLICOLOR_FORCE, CERTIFICATES, PROXY],
    },
    Notes {
        command: "mailbox",
        examples: &[
            (
                "icloud-mail-doctor mailbox you@icloud.com",
                "The folders, how many messages each has, and how fast they come.",
            ),
            ("icloud-mail-doctor mailbox you@icloud.com --full", "Sizes, years and the largest messages too."),
            ("icloud-mail-doctor mailbox you@icloud.com --folder Archive", "One folder alone."),
            ("icloud-mail-doctor mailbox you@icloud.com --idle 29", "New mail comes late? See how long IDLE is held."),
            ("icloud-mail-doctor mailbox you@icloud.com --full --open", "Open a page with bars."),
        ],
        exit_codes: OF_A_CHECK,
        environment: &[PASSWORD, NO_COLOR, CLICOLOR_FORCE, CERTIFICATES, PROXY],
    },
    Notes {
        command: "archive",
        examples: &[
            (
                "icloud-mail-doctor archive verify you@icloud.com ~/Mail",
                "Find out whether every message is in this copy.",
            ),
            (
                "icloud-mail-doctor archive pull you@icloud.com ~/copy",
                "Fetch into a copy what it lacks; run it again to go on.",
            ),
            ("icloud-mail-doctor explain archiving", "Find out which way to keep a copy fits."),
        ],
        exit_codes: &[
            ("0", "Every message that was asked for is in the copy."),
            ("1", "Messages are missing or not the same, or the sign-in fails."),
            USAGE_ERROR,
            ("3", "Not everything was seen or fetched."),
        ],
        environment: &[PASSWORD, STATE, NO_COLOR, CLICOLOR_FORCE, CERTIFICATES, PROXY],
    },
    Notes {
        command: "round-trip",
        examples: &[
            (
                "icloud-mail-doctor round-trip you@icloud.com",
                "Send a message to yourself, find it and remove it. It asks before it does.",
            ),
            ("icloud-mail-doctor round-trip you@icloud.com --yes", "The same without a question."),
            (
                "icloud-mail-doctor round-trip you@icloud.com --append",
                "By IMAP alone, to see whether the mailbox is slow.",
            ),
            ("icloud-mail-doctor round-trip you@icloud.com --keep", "Leave the message where it arrives."),
        ],
        exit_codes: OF_A_CHECK,
        environment: &[PASSWORD, STATE, NO_COLOR, CLICOLOR_FORCE, CERTIFICATES, PROXY],
    },
    Notes {
        command: "serve",
        examples: &[
            (
                "icloud-mail-doctor serve --accounts list.csv",
                "Check each account once in 15 minutes; http://127.0.0.1:9993/metrics has the results.",
            ),
            ("icloud-mail-doctor serve --accounts a.toml --interval 1h", "Once an hour."),
        ],
        exit_codes: &[("0", "A signal ended it."), USAGE_ERROR],
        environment: &[CREDENTIALS, STATE_OF_A_SERVICE, STATE, CERTIFICATES, PROXY],
    },
    Notes {
        command: "diagnose",
        examples: &[
            ("icloud-mail-doctor diagnose report.json", "Diagnose a report that was saved earlier."),
            ("icloud-mail-doctor diagnose report.json -v", "Show the evidence too."),
        ],
        exit_codes: OF_A_CHECK,
        environment: SCREEN,
    },
    Notes {
        command: "render",
        examples: &[
            ("icloud-mail-doctor render report.json --output r.html", "Make a page for a browser of a saved report."),
            ("icloud-mail-doctor render report.json", "Read a saved report in the terminal."),
        ],
        exit_codes: OF_A_CHECK,
        environment: SCREEN,
    },
    Notes {
        command: "compare",
        examples: &[
            ("icloud-mail-doctor compare home.json hotspot.json", "Print what the home network does otherwise."),
            ("icloud-mail-doctor compare monday.json -", "Compare with a report on standard input."),
            ("icloud-mail-doctor compare a.json b.json --format json", "The same for a program."),
        ],
        exit_codes: &[("0", "Nothing differs."), ("1", "Something differs."), USAGE_ERROR],
        environment: SCREEN,
    },
    Notes {
        command: "rehearse",
        examples: &[
            ("icloud-mail-doctor rehearse password-refused", "See what a refused password looks like."),
            ("icloud-mail-doctor rehearse", "List the recorded cases."),
            ("icloud-mail-doctor rehearse case.toml", "Play what `check --record case.toml` wrote."),
        ],
        exit_codes: OF_A_CHECK,
        environment: SCREEN,
    },
    Notes {
        command: "explain",
        examples: &[
            ("icloud-mail-doctor explain \"535 5.7.8 Error\"", "Explain an error message."),
            ("icloud-mail-doctor explain port-blocked", "Explain a cause that a report names."),
            ("icloud-mail-doctor explain mail.log", "Find the cause in a log."),
            ("icloud-mail-doctor explain mail.log --then-check", "Then ask the servers, with the settings in the log."),
            ("icloud-mail-doctor explain", "List the causes."),
        ],
        exit_codes: &[
            ("0", "There is an explanation."),
            USAGE_ERROR,
            ("3", "Nothing in the text is known."),
            ("0, 1, 3", "With --then-check: as `check` ends."),
        ],
        environment: SCREEN,
    },
    Notes {
        command: "setup",
        examples: &[
            ("icloud-mail-doctor setup thunderbird you@icloud.com", "The steps for Thunderbird."),
            ("icloud-mail-doctor setup --list", "List the mail programs."),
            ("icloud-mail-doctor setup msmtp you@icloud.com", "Print a settings file."),
            (
                "icloud-mail-doctor setup mbsync you@icloud.com --archive",
                "The settings of a copy that keeps what is deleted.",
            ),
            ("icloud-mail-doctor setup mutt you@icloud.com --check", "Print it, and check the account with it."),
        ],
        exit_codes: &[("0", "Done."), USAGE_ERROR, ("1, 3", "With --check: as `check` ends.")],
        environment: &[PASSWORD, NO_COLOR, CLICOLOR_FORCE],
    },
    Notes {
        command: "review",
        examples: &[
            ("icloud-mail-doctor review", "Look into the settings of the mail programs on this computer."),
            ("icloud-mail-doctor review ~/.msmtprc", "Look into one file."),
            ("icloud-mail-doctor review ~/.msmtprc --fix", "Fix in it what is certain. A copy is kept."),
        ],
        exit_codes: &[
            ("0", "Nothing would fail."),
            ("1", "Something would fail."),
            USAGE_ERROR,
            ("3", "Nothing is known to fail, but not everything was understood."),
        ],
        environment: &[
            ("HOME", "Where the settings of your mail programs are looked for."),
            ("PATH", "Where the commands that print a password are looked for. None is run."),
            NO_COLOR,
            CLICOLOR_FORCE,
        ],
    },
    Notes {
        command: "attempts",
        examples: &[
            ("icloud-mail-doctor attempts", "List the sign-ins of the last 90 days."),
            ("icloud-mail-doctor attempts clear", "Forget them."),
            ("icloud-mail-doctor attempts --format json", "List them for a program."),
        ],
        exit_codes: DONE,
        environment: &[STATE, NO_COLOR, CLICOLOR_FORCE],
    },
    #[cfg(feature = "keyring")]
    Notes {
        command: "keyring",
        examples: &[
            ("icloud-mail-doctor keyring set you@icloud.com", "Keep the app-specific password. It asks for it."),
            ("icloud-mail-doctor keyring delete you@icloud.com", "Forget it."),
        ],
        exit_codes: DONE,
        environment: &[],
    },
    Notes {
        command: "completions",
        examples: &[
            (
                "source <(icloud-mail-doctor completions bash)",
                "Let Tab complete in bash; put the line into ~/.bashrc to keep it.",
            ),
            ("source <(icloud-mail-doctor completions zsh)", "The same for zsh, in ~/.zshrc below `compinit`."),
            ("icloud-mail-doctor completions fish | source", "The same for fish, in ~/.config/fish/config.fish."),
        ],
        exit_codes: DONE,
        environment: &[],
    },
    Notes {
        command: "man",
        examples: &[
            ("icloud-mail-doctor man check | man -l -", "Read the manual page of `check`."),
            ("icloud-mail-doctor man --dir ~/.local/share/man/man1", "Write all pages to where `man` finds them."),
        ],
        exit_codes: DONE,
        environment: &[],
    },
    Notes {
        command: "schema",
        examples: &[
            ("icloud-mail-doctor schema > report.schema.json", "Save the JSON Schema of the report."),
            ("icloud-mail-doctor schema review", "Print that of what `review --format json` writes."),
            ("icloud-mail-doctor schema comparison", "Print that of what `compare --format json` writes."),
            ("icloud-mail-doctor schema accounts", "Print that of a line of `check --accounts`."),
        ],
        exit_codes: DONE,
        environment: &[],
    },
];

/// The notes of a command.
pub(crate) fn of(command: &str) -> Option<&'static Notes> {
    NOTES.iter().find(|notes| notes.command == command)
}

/// The names of the commands.
pub(crate) fn commands() -> impl Iterator<Item = &'static str> {
    NOTES.iter().map(|notes| notes.command).filter(|name| !name.is_empty())
}

/// Adds the examples before the usage of a command, and its exit codes and environment below the flags.
pub(super) fn added_to(command: Command, notes: &Notes) -> Command {
    let width = terminal_width();
    let header = *command.get_styles().get_header();
    let section = |heading: &str, items: &[(&str, &str)], indent| {
        let items: Vec<_> = items.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        format!("{header}{heading}:{header:#}\n{}", list(&items, width, indent))
    };
    let examples = |heading: &str, examples: &[Example]| {
        let lines =
            examples.iter().map(|(call, does)| format!("  {call}\n{}", wrapped(does, width, "      ", "      ")));
        StyledStr::from(format!("{header}{heading}:{header:#}\n{}", lines.collect::<Vec<_>>().join("\n")))
    };
    let name = format!("icloud-mail-doctor {}", notes.command);
    let more = match notes.command {
        "" => "Without a command it does what `check` does, with the same flags: `icloud-mail-doctor check --help` lists them.".to_owned(),
        _ => format!("`{name} --help` says more."),
    };
    let more = wrapped(&more, width, "", "");
    let mut below = Vec::new();
    if notes.command.is_empty() {
        below.push(more.clone());
    }
    below.push(section("Exit codes", notes.exit_codes, 2));
    if !notes.environment.is_empty() {
        below.push(section("Environment", notes.environment, 2));
    }
    command
        .before_help(examples("Example", &notes.examples[..1]))
        .before_long_help(examples("Examples", notes.examples))
        .after_help(more)
        .after_long_help(StyledStr::from(below.join("\n\n")))
        .help_template("{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::{Arguments, command};

    #[test]
    fn every_command_has_its_notes() {
        let named: Vec<String> = Arguments::command().get_subcommands().map(|one| one.get_name().to_owned()).collect();
        assert_eq!(named, commands().collect::<Vec<_>>());
    }

    #[test]
    fn every_example_can_be_typed_and_fits_a_narrow_terminal() {
        for (call, does) in NOTES.iter().flat_map(|notes| notes.examples) {
            assert!(call.len() + 2 <= 60, "{call}");
            assert!(does.ends_with('.'), "{does}");
            let typed = call.trim_start_matches("source <(").split([')', '|', '>']).next().unwrap().replace('"', "");
            let words = typed.replace("535 5.7.8 Error", "535-5.7.8-Error");
            command().try_get_matches_from(words.split_whitespace()).unwrap_or_else(|fault| panic!("{call}: {fault}"));
        }
    }

    #[test]
    fn a_help_begins_with_an_example_and_the_short_one_fits_a_screen() {
        for notes in NOTES {
            let mut program = command();
            program.build();
            let described =
                if notes.command.is_empty() { Some(&mut program) } else { program.find_subcommand_mut(notes.command) };
            let described = described.unwrap();
            let (short, long) = (described.render_help().to_string(), described.render_long_help().to_string());
            for help in [&short, &long] {
                let example = help.find(notes.examples[0].0);
                assert!(example < help.find("Usage:"), "{}: {help}", notes.command);
            }
            assert!(short.lines().count() <= 50, "{}: {} lines", notes.command, short.lines().count());
            assert!(!short.contains("--portal-url") && !short.contains("Exit codes"), "{short}");
            assert!(long.contains("Exit codes:"), "{long}");
            for (name, _) in notes.environment {
                assert!(long.contains(name), "{}: {name}", notes.command);
            }
        }
        let mut program = command();
        let check = program.find_subcommand_mut("check").unwrap().render_long_help().to_string();
        for rare in ["--portal-url", "--status-url", "--public-roots"] {
            assert!(check.contains(rare), "{rare}");
        }
    }
}
