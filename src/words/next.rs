//! What to do next where nothing has to be fixed.

/// A step, with what its words depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next<'n> {
    /// What a warning advises.
    HeedWarning {
        cause: &'n str,
        advice: Advice,
    },
    ReadNote {
        cause: &'n str,
    },
    TrySignIn,
    AskEverything,
    RunAgain,
    ListFolders,
    SignInLater,
    /// In a mail program, or in any.
    RenewPassword(Option<&'n str>),
    /// With the settings of a mail program, or of any.
    CompareSettings(Option<&'n str>),
    ReviewSettings,
    ExplainError,
}

/// What there is to do about a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Advice {
    WaitForApple,
    ActSoon,
    Act,
}

impl Next<'_> {
    /// What to type, without the program's name.
    pub(crate) fn command(self) -> Option<String> {
        Some(match self {
            Self::HeedWarning { cause, .. } | Self::ReadNote { cause } => format!("explain {cause}"),
            Self::TrySignIn | Self::AskEverything | Self::SignInLater => "check you@icloud.com".to_owned(),
            Self::RunAgain => "check --deadline 90".to_owned(),
            Self::ListFolders => "mailbox you@icloud.com --show-names".to_owned(),
            Self::RenewPassword(_) => return None,
            Self::CompareSettings(program) => format!("setup {}", program.unwrap_or("PROGRAM")),
            Self::ReviewSettings => "review".to_owned(),
            Self::ExplainError => "explain \"what it says\"".to_owned(),
        })
    }

    /// What to do, up to what is typed for it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::HeedWarning { advice: Advice::WaitForApple, .. } => {
                "Apple reports trouble with its own service. Change nothing while that lasts. This shows more about it"
            }
            Self::HeedWarning { advice: Advice::ActSoon, .. } => {
                "Mail works now. Do what the warning above advises, soon. This shows more about it"
            }
            Self::HeedWarning { advice: Advice::Act, .. } => {
                "Do what the warning above advises. This shows more about it"
            }
            Self::ReadNote { .. } => "If something still fails, the reason may be what this explains",
            Self::TrySignIn => {
                "The sign-in was not tried, and it is where mail fails most often. To try it, make an app-specific password at \
                 https://account.apple.com (Sign-In and Security) and give your address; nothing is changed in the mailbox"
            }
            Self::AskEverything => "Something was left out. To check everything",
            Self::RunAgain => "Run the check again and let it come to its end, with more time if it needs it",
            Self::ListFolders => {
                "See the names of the folders, and give one of them after --folder, or a number such as \"folder 3\""
            }
            Self::SignInLater => {
                "Wait as long as the warning above says, then check again; a new app-specific password can be tried at once"
            }
            Self::RenewPassword(_) => {
                "If a mail program still fails, it may hold an old password. Give it the one that has just worked, for \
                 receiving and for sending: programs keep the old one until it is replaced."
            }
            Self::CompareSettings(Some(_)) => "Compare the mail program's settings with the right ones",
            Self::CompareSettings(None) => {
                "Compare the mail program's settings with the right ones; write its name in the place of PROGRAM, such as outlook"
            }
            Self::ReviewSettings => "Or have the settings checked that mail programs keep in files",
            Self::ExplainError => "Look up the error that the mail program shows, in its own words",
        }
    }
}
