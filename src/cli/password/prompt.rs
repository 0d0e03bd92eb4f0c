//! Asks for the app-specific password at the terminal.

use std::io;

use checks::password::{Kind, Password};

use crate::cli::question::{self, Unanswered};
use crate::misuse::Misuse;
use crate::{aside, visible};

const WANTED: &str = "iCloud Mail needs an app-specific password, which looks like xxxx-xxxx-xxxx-xxxx; it is not the \
    password of your Apple Account. To make one, open https://account.apple.com, sign in, and choose Sign-In and Security, then \
    App-Specific Passwords. Copy it, paste or type it here, and press Enter. Nothing is shown while you type or paste.";

const OR_GO_ON: &str = "Press Enter alone to go on without a sign-in.";

const ANOTHER_SHAPE: &str = "This does not look like an app-specific password, which is sixteen lower-case letters in four \
    groups. Nothing has been sent yet. iCloud Mail refuses the password of an Apple Account. Type or paste the \
    app-specific password now, or press Enter alone to try what you typed.";

/// Asks for it, and once more where the input has another shape, so that the Apple Account's own password is not sent
/// by accident.
pub(crate) async fn ask(email: &str) -> Result<Password, Unanswered> {
    aside::say(WANTED);
    asked(email).await?.ok_or_else(|| {
        Misuse::new(
            "no password was typed",
            "run the same again and paste an app-specific password (made at https://account.apple.com, under Sign-In and \
             Security), or add --no-sign-in to check everything else",
        )
        .into()
    })
}

/// The same, but the user may continue without a password.
pub(super) async fn ask_or_go_on(email: &str) -> Result<Option<Password>, Unanswered> {
    aside::say(format!("{WANTED} {OR_GO_ON}"));
    asked(email).await
}

/// Nothing, where Enter alone was pressed or the input has ended.
async fn asked(email: &str) -> Result<Option<Password>, Unanswered> {
    let question = || format!("App-specific password for {}: ", visible::text(email));
    let Some(first) = typed(question()).await?.filter(|first| !first.is_empty()) else { return Ok(None) };
    if !matches!(first.shape.kind, Kind::Other | Kind::Example) {
        return Ok(Some(first));
    }
    aside::say(ANOTHER_SHAPE);
    // Only Enter says that the first one is meant, and not the end of the input.
    let second = typed(question()).await?;
    Ok(second.map(|second| if second.is_empty() { first } else { second }))
}

/// Nothing, where the input has ended.
async fn typed(question: String) -> Result<Option<Password>, Unanswered> {
    match question::hidden(question).await? {
        Ok(typed) => Ok(Some(Password::new(typed))),
        Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => {
            aside::say("");
            Ok(None)
        }
        Err(fault) => Err(Misuse::new(format!("the terminal cannot be asked: {fault}"), "use --password-stdin").into()),
    }
}
