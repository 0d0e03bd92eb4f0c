//! Causes that a refused sign-in can have. The server says one sentence for most of them, so nearly all are "likely".

use checks::evidence::Evidence;
use checks::password::{Kind, Mangling, Shape};
use checks::plan::{Check, Protocol};
use checks::settings::{AddressKind, LoginForm};
use checks::sign_in::{Outcome, SignIn};

use super::{Fit, Seen, Sure};
use crate::saw;

const BOTH: [Protocol; 2] = [Protocol::Imap, Protocol::Smtp];

/// The sign-ins that were answered or should have been, with whose they are.
fn sign_ins(evidence: &Evidence) -> impl Iterator<Item = (Protocol, &SignIn)> {
    BOTH.into_iter().filter_map(|of| evidence.sign_in(of).map(|sign_in| (of, sign_in)))
}

fn any(evidence: &Evidence, outcome: &Outcome) -> bool {
    sign_ins(evidence).any(|(_, sign_in)| sign_in.outcome == *outcome)
}

/// What the servers said, of those that said this.
fn said(evidence: &Evidence, outcome: &Outcome) -> Vec<Seen> {
    sign_ins(evidence)
        .filter(|(_, sign_in)| sign_in.outcome == *outcome)
        .map(|(of, sign_in)| Seen { check: of.check(), saw: saw::sign_in(of, sign_in) })
        .collect()
}

/// Whether a server refused and none said anything that clears the password: one that took it, or one whose own
/// machinery fails. Postfix says the same 535 for a wrong password and for its own dead backend.
fn password_is_in_doubt(evidence: &Evidence) -> bool {
    any(evidence, &Outcome::Refused) && !any(evidence, &Outcome::Accepted) && !any(evidence, &Outcome::Unavailable)
}

fn shape(evidence: &Evidence) -> Option<&Shape> {
    evidence.settings.password.as_ref()
}

fn login_is_elsewhere(evidence: &Evidence, of: Protocol) -> bool {
    evidence.server(of).login_form == Some(LoginForm::OtherAddress)
}

/// A custom-domain, alias or third-party address was used as the login (<https://support.apple.com/102525> says the
/// name of the iCloud address).
pub(super) fn not_an_icloud_login(evidence: &Evidence) -> Option<Fit> {
    let refused: Vec<Protocol> = sign_ins(evidence)
        .filter(|(of, sign_in)| sign_in.outcome == Outcome::Refused && login_is_elsewhere(evidence, *of))
        .map(|(of, _)| of)
        .collect();
    if refused.is_empty() || any(evidence, &Outcome::Unavailable) {
        return None;
    }
    let is_account = evidence.settings.address == Some(AddressKind::OtherDomain);
    let what = if is_account { "the address given" } else { "a login name given" };
    let mut fit = Fit::trouble(Sure::Likely)
        .because(Check::Settings, format!("{what} is not at icloud.com, me.com or mac.com"))
        .because_all(said(evidence, &Outcome::Refused));
    for (of, sign_in) in
        sign_ins(evidence).filter(|(of, sign_in)| sign_in.is_accepted() && login_is_elsewhere(evidence, *of))
    {
        fit = fit.against(of.check(), saw::sign_in(of, sign_in));
    }
    Some(fit.decided_by("a sign-in with the name of the iCloud address instead"))
}

/// The Apple Account's own password where an app-specific one is needed (<https://support.apple.com/102654>).
pub(super) fn apple_password_used(evidence: &Evidence) -> Option<Fit> {
    if !password_is_in_doubt(evidence) || shape(evidence)?.kind != Kind::Other {
        return None;
    }
    Some(
        Fit::trouble(Sure::Likely)
            .because(
                Check::Settings,
                "the password does not look like one that Apple makes for an app (four groups of four letters)",
            )
            .because_all(said(evidence, &Outcome::Refused))
            .decided_by("a sign-in with a new app-specific password"),
    )
}

/// The right shape, and refused: mistyped or revoked.
pub(super) fn password_refused(evidence: &Evidence) -> Option<Fit> {
    let shape = shape(evidence)?;
    if !password_is_in_doubt(evidence) || shape.kind == Kind::Other {
        return None;
    }
    let elsewhere = BOTH.into_iter().any(|of| login_is_elsewhere(evidence, of));
    let mut fit = Fit::trouble(if elsewhere { Sure::Possible } else { Sure::Likely })
        .because_all(said(evidence, &Outcome::Refused))
        .because(
            Check::Settings,
            match shape.kind {
                Kind::AppSpecificWithoutDashes => "the password looks like an app-specific one without its dashes",
                _ => "the password has the shape of an app-specific one",
            },
        );
    if elsewhere {
        fit = fit.against(Check::Settings, "the login name is no iCloud address, which is refused with any password");
    }
    Some(fit.decided_by("a sign-in with a new app-specific password"))
}

/// Blanks or line breaks came along with the password.
pub(super) fn password_mangled(evidence: &Evidence) -> Option<Fit> {
    let shape = shape(evidence)?;
    if shape.mangled_by.is_empty() {
        return None;
    }
    let came_along: Vec<&str> = shape
        .mangled_by
        .iter()
        .map(|mangling| match mangling {
            Mangling::OuterBlanks => "blanks before or after it",
            Mangling::LineBreak => "a line break",
            Mangling::InvisibleCharacters => "characters that cannot be seen",
            Mangling::InnerBlanks => "blanks inside it",
            Mangling::OtherDashes => "dashes of another kind than the keyboard's",
        })
        .collect();
    let seen = format!("the password came with {}; we took that off", came_along.join(" and "));
    // Without it the password works: so with it, as a mail program sends it, it does not.
    let fit = match (any(evidence, &Outcome::Accepted), any(evidence, &Outcome::Refused)) {
        (true, false) => {
            Fit::trouble(Sure::Certain).because(Check::Settings, seen).because_all(said(evidence, &Outcome::Accepted))
        }
        (_, true) => Fit::warning(Sure::Possible).because(Check::Settings, seen),
        _ => Fit::warning(Sure::Likely).because(Check::Settings, seen),
    };
    Some(fit)
}

/// One server's refusal where the other took the same password.
fn one_sided(evidence: &Evidence, refused: Protocol, accepted: Protocol) -> Option<Fit> {
    let no = evidence.sign_in(refused).filter(|sign_in| sign_in.outcome == Outcome::Refused)?;
    let yes = evidence.sign_in(accepted).filter(|sign_in| sign_in.is_accepted())?;
    Some(
        Fit::trouble(Sure::Certain)
            .because(refused.check(), saw::sign_in(refused, no))
            .because(accepted.check(), format!("{}, so the password is right", saw::sign_in(accepted, yes))),
    )
}

/// The server for reading refuses what the server for sending takes.
pub(super) fn imap_sign_in_refused(evidence: &Evidence) -> Option<Fit> {
    one_sided(evidence, Protocol::Imap, Protocol::Smtp)
        .map(|fit| fit.decided_by("a sign-in to IMAP with the other form of the login name"))
}

/// The server for sending refuses what the server for reading takes.
pub(super) fn smtp_sign_in_refused(evidence: &Evidence) -> Option<Fit> {
    one_sided(evidence, Protocol::Smtp, Protocol::Imap)
        .map(|fit| fit.decided_by("a sign-in to SMTP a quarter of an hour later: a fault at Apple passes"))
}

/// IMAP was given the whole address and refuses it; Apple says to use the name part first.
pub(super) fn imap_username_form(evidence: &Evidence) -> Option<Fit> {
    let fit = one_sided(evidence, Protocol::Imap, Protocol::Smtp)?;
    let form = evidence.settings.imap.login_form?;
    (form == LoginForm::FullAddress).then(|| {
        Fit { sure: Sure::Likely, ..fit }
            .because(Check::Settings, "IMAP was given the whole address; Apple says to try the part before the @ first")
    })
}

/// SMTP was given the name part; Apple says to use the whole address.
pub(super) fn smtp_username_form(evidence: &Evidence) -> Option<Fit> {
    let fit = one_sided(evidence, Protocol::Smtp, Protocol::Imap)?;
    let form = evidence.settings.smtp.login_form?;
    (form == LoginForm::NamePart).then(|| {
        Fit { sure: Sure::Likely, ..fit }
            .because(Check::Settings, "SMTP was given the part before the @; Apple says to use the whole address")
    })
}

/// The server offers no way that a mail program with an app-specific password can take.
pub(super) fn sign_in_mechanism(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let sign_in = evidence.sign_in(of)?;
    match &sign_in.outcome {
        Outcome::NoMechanism { .. } | Outcome::NotUnderstood => {
            Some(Fit::trouble(Sure::Likely).because(of.check(), saw::sign_in(of, sign_in)))
        }
        _ => None,
    }
}

/// The server says that IMAP itself is switched off for the account.
pub(super) fn imap_disabled(evidence: &Evidence) -> Option<Fit> {
    let sign_in = evidence.sign_in(Protocol::Imap).filter(|sign_in| !sign_in.is_accepted())?;
    let answer = sign_in.answer.as_ref()?.to_lowercase();
    let says_so =
        answer.contains("imap") && ["disabled", "not enabled", "is off"].iter().any(|words| answer.contains(words));
    says_so.then(|| Fit::trouble(Sure::Likely).because(Check::Imap, saw::sign_in(Protocol::Imap, sign_in)))
}
