//! Causes of a refused sign-in. The servers answer most of them with the same words, so nearly all are only "likely".

use checks::attempts;
use checks::attempts::rules::Why;
use checks::evidence::Evidence;
use checks::login::AddressKind;
use checks::meaning::Meaning;
use checks::password::{Kind, Shape};
use checks::plan::Protocol;
use checks::questions::Question;
use checks::second_look::other_sign_in::{Difference, Try};
use checks::settings::LoginForm;
use checks::sign_in::{Outcome, SignIn};
use checks::slip::slip_in;

use super::saw::{Conversation, Setting};
use super::{Fit, Seen, Sure, WouldDecide, saw, service};

/// The result of one more sign-in at a server.
fn again(evidence: &Evidence, of: Protocol) -> Option<&Try> {
    evidence.first.sign_in(of)?;
    evidence.second_look.other_sign_in.as_ref()?.facts.of(of)
}

/// The second sign-in, if it was accepted with this one thing changed.
fn accepted_with(evidence: &Evidence, of: Protocol, difference: Difference) -> Option<&Try> {
    again(evidence, of).filter(|tried| tried.differs_by == difference && tried.is_accepted())
}

/// The sign-in that shows how a server judges the account: the second one where it was accepted, or where the first one
/// was not understood.
fn telling(evidence: &Evidence, of: Protocol) -> Option<&SignIn> {
    let first = evidence.first.sign_in(of)?;
    let second = again(evidence, of).and_then(|tried| tried.sign_in.as_ref());
    second.filter(|second| second.is_accepted() || first.outcome == Outcome::NotUnderstood).or(Some(first))
}

/// The sign-ins that were answered or should have been, each with its server.
fn sign_ins(evidence: &Evidence) -> impl Iterator<Item = (Protocol, &SignIn)> {
    Protocol::BOTH.into_iter().filter_map(|of| telling(evidence, of).map(|sign_in| (of, sign_in)))
}

fn any(evidence: &Evidence, outcome: &Outcome) -> bool {
    sign_ins(evidence).any(|(_, sign_in)| sign_in.outcome == *outcome)
}

/// What the servers with this outcome said.
fn said(evidence: &Evidence, outcome: &Outcome) -> Vec<Seen> {
    sign_ins(evidence)
        .filter(|(_, sign_in)| sign_in.outcome == *outcome)
        .map(|(of, sign_in)| Seen::new(of.check(), saw::sign_in(of, sign_in)))
        .collect()
}

/// That a server accepted this same password a moment ago, so that it was not sent there again.
fn just_accepted(evidence: &Evidence, of: Protocol) -> Option<Seen> {
    let held = evidence.first.held_back(of).filter(|held| held.why == Why::JustAccepted)?;
    Some(Seen::new(of.check(), Conversation::HeldBack(of, held)))
}

/// Whether a server refused, and none said anything in favour of the password: by accepting it, or by reporting a fault
/// of its own. Postfix answers 535 both for a wrong password and for a fault of its own.
fn password_is_in_doubt(evidence: &Evidence) -> bool {
    any(evidence, &Outcome::Refused)
        && !any(evidence, &Outcome::Accepted)
        && !Protocol::BOTH.into_iter().any(|of| just_accepted(evidence, of).is_some())
        && !Protocol::BOTH.into_iter().any(|of| service::says_unavailable(evidence, of))
}

/// How many seconds ago the servers that refuse this password now accepted it, if they did: it was revoked since. Where
/// Apple reports an outage, the refusal may be one of its consequences.
pub(crate) fn accepted_before(evidence: &Evidence) -> Vec<(Protocol, u64)> {
    if evidence.first.status().is_some_and(|status| !status.ongoing().is_empty()) {
        return Vec::new();
    }
    let refusing = sign_ins(evidence).filter(|(_, sign_in)| sign_in.outcome == Outcome::Refused);
    let accepted = refusing.filter_map(|(of, _)| {
        let is_it = |one: &&attempts::Earlier| one.same_password && one.outcome == attempts::Outcome::Accepted;
        Some((of, evidence.first.earlier_sign_ins(of).iter().find(is_it)?.ago_s))
    });
    accepted.collect()
}

fn seen_accepted_before(evidence: &Evidence) -> Vec<Seen> {
    let accepted = accepted_before(evidence).into_iter();
    accepted.map(|(of, ago_s)| Seen::new(of.check(), Conversation::AcceptedBefore(of, ago_s))).collect()
}

/// The refusals of second sign-ins: they make it less likely that only the form of the login was wrong.
fn refused_again(evidence: &Evidence) -> Vec<Seen> {
    let refused = |tried: &&Try| tried.sign_in.as_ref().is_some_and(|sign_in| sign_in.outcome == Outcome::Refused);
    let tries = Protocol::BOTH.into_iter().filter_map(|of| again(evidence, of)).filter(refused);
    tries.map(|tried| Seen::new(Question::OtherSignIn, saw::other_sign_in(tried))).collect()
}

/// Whether a server itself says that it wants another kind of password.
fn is_of_the_wrong_kind(evidence: &Evidence) -> bool {
    Protocol::BOTH.into_iter().any(|of| service::is_sure_of(evidence, of, &[Meaning::WrongKind]).is_some())
}

fn shape(evidence: &Evidence) -> Option<&Shape> {
    evidence.first.settings.password.as_ref()
}

fn login_is_elsewhere(evidence: &Evidence, of: Protocol) -> bool {
    evidence.first.server(of).login_form == Some(LoginForm::OtherAddress)
}

/// A domain that is nearly one of iCloud's, and that domain.
fn slip(evidence: &Evidence) -> Option<(String, &'static str)> {
    slip_in(&evidence.first.settings).map(|(domain, own)| (domain.to_owned(), own))
}

/// A custom-domain, alias or third-party address was used as the login (<https://support.apple.com/102525> asks for the
/// name of the iCloud address).
pub(super) fn not_an_icloud_login(evidence: &Evidence) -> Option<Fit> {
    let refused: Vec<Protocol> = sign_ins(evidence)
        .filter(|(of, sign_in)| sign_in.outcome == Outcome::Refused && login_is_elsewhere(evidence, *of))
        .map(|(of, _)| of)
        .collect();
    if refused.is_empty() || any(evidence, &Outcome::Unavailable) {
        return None;
    }
    // A server that has accepted this login name knows it.
    let accepted_before = seen_accepted_before(evidence);
    let is_account = evidence.first.settings.address == Some(AddressKind::OtherDomain);
    let mut fit = Fit::trouble(if accepted_before.is_empty() { Sure::Likely } else { Sure::Possible })
        .because(Question::Settings, Setting::NotAtIcloud { is_account, slip: slip(evidence) })
        .because_all(said(evidence, &Outcome::Refused));
    for (of, sign_in) in
        sign_ins(evidence).filter(|(of, sign_in)| sign_in.is_accepted() && login_is_elsewhere(evidence, *of))
    {
        fit = fit.against(of.check(), saw::sign_in(of, sign_in));
    }
    fit.against.extend(accepted_before);
    Some(fit.decided_by(WouldDecide::IcloudName))
}

/// The Apple Account's own password where an app-specific one is needed (<https://support.apple.com/102654>).
pub(super) fn apple_password_used(evidence: &Evidence) -> Option<Fit> {
    let has_other_shape = shape(evidence)?.kind == Kind::Other;
    if !password_is_in_doubt(evidence) || !(has_other_shape || is_of_the_wrong_kind(evidence)) {
        return None;
    }
    let seen = has_other_shape.then(|| Seen::new(Question::Settings, Setting::PasswordOfOtherShape));
    // A password that the server has accepted is of a kind that it accepts.
    let accepted_before = seen_accepted_before(evidence);
    let fit = Fit::trouble(if accepted_before.is_empty() { Sure::Likely } else { Sure::Possible })
        .because_all(seen)
        .because_all(said(evidence, &Outcome::Refused))
        .decided_by(WouldDecide::NewPassword);
    Some(Fit { against: accepted_before, ..fit })
}

/// The password has the right shape and was refused: it is mistyped or revoked.
pub(super) fn password_refused(evidence: &Evidence) -> Option<Fit> {
    let shape = shape(evidence)?;
    let is_other = matches!(shape.kind, Kind::Other | Kind::Example);
    if !password_is_in_doubt(evidence) || is_other || is_of_the_wrong_kind(evidence) {
        return None;
    }
    let accepted_before = seen_accepted_before(evidence);
    // The server knew the login name then.
    let elsewhere = accepted_before.is_empty() && Protocol::BOTH.into_iter().any(|of| login_is_elsewhere(evidence, of));
    let mut fit = Fit::trouble(if elsewhere { Sure::Possible } else { Sure::Likely })
        .because_all(said(evidence, &Outcome::Refused))
        .because_all(accepted_before)
        .because_all(refused_again(evidence))
        .because(
            Question::Settings,
            match shape.kind {
                Kind::AppSpecificWithoutDashes => Setting::PasswordWithoutDashes,
                Kind::AppSpecificInCapitals => Setting::PasswordInCapitals,
                Kind::AppSpecific | Kind::Example | Kind::Other => Setting::PasswordOfRightShape,
            },
        );
    if elsewhere {
        fit = fit.against(Question::Settings, Setting::LoginIsRefusedAnyway);
    }
    Some(fit.decided_by(WouldDecide::NewPassword))
}

/// Spaces, line breaks or quotes came along with the password, or it was given in another form than Apple shows it; or
/// it is the example of a guide.
pub(super) fn password_mangled(evidence: &Evidence) -> Option<Fit> {
    let shape = shape(evidence)?;
    if let Some(fit) = another_form(evidence, shape.kind) {
        return Some(fit);
    }
    if shape.mangled_by.is_empty() {
        return None;
    }
    let seen = Setting::PasswordCameWith(shape.mangled_by.clone());
    // Without them the password is accepted; a mail program sends them along, and is refused.
    let fit = match (any(evidence, &Outcome::Accepted), any(evidence, &Outcome::Refused)) {
        (true, false) => Fit::trouble(Sure::Certain)
            .because(Question::Settings, seen)
            .because_all(said(evidence, &Outcome::Accepted)),
        (_, true) => Fit::warning(Sure::Possible).because(Question::Settings, seen),
        _ => Fit::warning(Sure::Likely).because(Question::Settings, seen),
    };
    Some(fit)
}

/// The password was refused as it was given. In the form in which Apple shows it, it was accepted; or it is an example.
fn another_form(evidence: &Evidence, kind: Kind) -> Option<Fit> {
    let seen = match kind {
        Kind::AppSpecificWithoutDashes => Setting::PasswordWithoutDashes,
        Kind::AppSpecificInCapitals => Setting::PasswordInCapitals,
        Kind::Example if password_is_in_doubt(evidence) => {
            let fit = Fit::trouble(Sure::Certain).because(Question::Settings, Setting::PasswordIsExample);
            return Some(fit.because_all(said(evidence, &Outcome::Refused)));
        }
        Kind::Example | Kind::AppSpecific | Kind::Other => return None,
    };
    let accepted: Vec<(Protocol, &Try)> = Protocol::BOTH
        .into_iter()
        .filter_map(|of| accepted_with(evidence, of, Difference::Password).map(|tried| (of, tried)))
        .collect();
    let mut fit = Fit::trouble(Sure::Certain).because(Question::Settings, seen);
    for (of, tried) in &accepted {
        let refused = evidence.first.sign_in(*of)?;
        fit = fit
            .because(of.check(), saw::sign_in(*of, refused))
            .because(Question::OtherSignIn, saw::other_sign_in(tried));
    }
    (!accepted.is_empty()).then_some(fit)
}

/// One server's refusal where the other took the same password.
fn one_sided(evidence: &Evidence, refused: Protocol, accepted: Protocol) -> Option<Fit> {
    let no = telling(evidence, refused).filter(|sign_in| sign_in.outcome == Outcome::Refused)?;
    let yes = telling(evidence, accepted).filter(|sign_in| sign_in.is_accepted());
    let proof = yes.map(|yes| Conversation::SignInProvesPassword(accepted, yes.clone()));
    let proof = proof.map(|proof| Seen::new(accepted.check(), proof)).or_else(|| just_accepted(evidence, accepted))?;
    Some(
        Fit::trouble(Sure::Likely)
            .because(refused.check(), saw::sign_in(refused, no))
            .because_all(refused_again(evidence))
            .because_all([proof]),
    )
}

/// What is still open after a second sign-in at a server, where only that server refuses.
fn left_open(evidence: &Evidence, of: Protocol) -> WouldDecide {
    match (again(evidence, of).map(|tried| tried.differs_by), of) {
        (Some(Difference::LoginName), _) => WouldDecide::OtherMechanism,
        (_, Protocol::Imap) => WouldDecide::OtherLoginForm(of),
        (_, Protocol::Smtp) => WouldDecide::LaterSignIn(of),
    }
}

/// The IMAP server refuses the password that the SMTP server accepts.
pub(super) fn imap_sign_in_refused(evidence: &Evidence) -> Option<Fit> {
    let fit = one_sided(evidence, Protocol::Imap, Protocol::Smtp)?;
    Some(fit.decided_by(left_open(evidence, Protocol::Imap)))
}

/// The SMTP server refuses the password that the IMAP server accepts.
pub(super) fn smtp_sign_in_refused(evidence: &Evidence) -> Option<Fit> {
    let fit = one_sided(evidence, Protocol::Smtp, Protocol::Imap)?;
    Some(fit.decided_by(left_open(evidence, Protocol::Smtp)))
}

/// A server that refused one form of the login name accepted the other. Where that was not tried: the login name has
/// the form that Apple does not name first, and the other server accepted the password.
fn username_form(evidence: &Evidence, of: Protocol, unusual: LoginForm) -> Option<Fit> {
    if let Some(tried) = accepted_with(evidence, of, Difference::LoginName) {
        let first = evidence.first.sign_in(of)?;
        return Some(
            Fit::trouble(Sure::Certain)
                .because(of.check(), saw::sign_in(of, first))
                .because(Question::OtherSignIn, saw::other_sign_in(tried)),
        );
    }
    let other = of.other();
    let fit = one_sided(evidence, of, other)?;
    let is_open = again(evidence, of).is_none() && evidence.first.server(of).login_form == Some(unusual);
    is_open
        .then(|| fit.because(Question::Settings, Setting::UnusualLogin(of)).decided_by(WouldDecide::OtherLoginForm(of)))
}

/// IMAP expects the other form of the login name (<https://support.apple.com/102525>: the name part, and if that
/// fails the whole address).
pub(super) fn imap_username_form(evidence: &Evidence) -> Option<Fit> {
    username_form(evidence, Protocol::Imap, LoginForm::FullAddress)
}

/// SMTP was given the name part; Apple says to use the whole address.
pub(super) fn smtp_username_form(evidence: &Evidence) -> Option<Fit> {
    username_form(evidence, Protocol::Smtp, LoginForm::NamePart)
}

/// The server accepts the password, but not with the mechanism that was tried; or it offers no mechanism with which a
/// mail program can send an app-specific password.
pub(super) fn sign_in_mechanism(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let sign_in = evidence.first.sign_in(of)?;
    let fit = Fit::trouble(Sure::Likely).because(of.check(), saw::sign_in(of, sign_in));
    if let Some(tried) = accepted_with(evidence, of, Difference::Mechanism) {
        return Some(Fit { sure: Sure::Certain, ..fit }.because(Question::OtherSignIn, saw::other_sign_in(tried)));
    }
    let is_open = matches!(telling(evidence, of)?.outcome, Outcome::NoMechanism { .. } | Outcome::NotUnderstood);
    is_open.then_some(fit)
}

/// Earlier sign-ins say to wait, and none was made.
pub(super) fn sign_ins_held_back(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let held = evidence.first.held_back(of)?;
    Some(Fit::warning(Sure::Certain).because(of.check(), Conversation::HeldBack(of, held)))
}

/// The server says that mail, or IMAP itself, is switched off for the account.
pub(super) fn imap_disabled(evidence: &Evidence) -> Option<Fit> {
    let sign_in = |of: Protocol| evidence.first.sign_in(of);
    let says_so = |of: &Protocol| {
        // Where the other server lets the account in, the account has its mailbox.
        let is_alone = *of == Protocol::Smtp && sign_in(Protocol::Imap).is_some_and(SignIn::is_accepted);
        !is_alone && service::is_sure_of(evidence, *of, &[Meaning::SwitchedOff]).is_some()
    };
    let saying: Vec<Protocol> = Protocol::BOTH.into_iter().filter(says_so).collect();
    let said = saying.iter().map(|of| service::ended(evidence, *of));
    let other = sign_in(Protocol::Smtp).filter(|sign_in| sign_in.is_accepted());
    let other = other.map(|sign_in| Seen::new(Question::Smtp, saw::sign_in(Protocol::Smtp, sign_in)));
    (!saying.is_empty()).then(|| Fit::trouble(Sure::Likely).because_all(said).because_all(other))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use checks::attempts::rules::HeldBack;
    use checks::attempts::{Earlier, Outcome as Ended};

    use super::*;
    use crate::diagnosis::diagnose;
    use crate::rehearse;

    fn case(name: &str) -> Evidence {
        rehearse::all().iter().find(|(id, _)| id == name).unwrap().1.clone()
    }

    fn found(evidence: &Evidence) -> Vec<(&'static str, Sure)> {
        diagnose(evidence).into_iter().map(|found| (found.cause, found.sure)).collect()
    }

    fn accepted(same_password: bool) -> Vec<Earlier> {
        vec![Earlier { ago_s: 300_000, outcome: Ended::Accepted, same_password, by_round_trip: false }]
    }

    #[test]
    fn a_password_that_was_accepted_before_is_more_likely_revoked_than_of_another_kind() {
        for (case_name, sure_before, sure_after) in [
            (
                "imap/apple-password-used",
                ("apple-password-used", Sure::Likely),
                ("apple-password-used", Sure::Possible),
            ),
            ("imap/not-an-icloud-login", ("not-an-icloud-login", Sure::Likely), ("password-refused", Sure::Likely)),
        ] {
            let mut evidence = case(case_name);
            assert_eq!(found(&evidence)[0], sure_before);
            evidence.first.imap.spoken.as_mut().unwrap().facts.shared.earlier_sign_ins = accepted(false);
            assert_eq!(found(&evidence)[0], sure_before, "another password says nothing of this one");
            evidence.first.imap.spoken.as_mut().unwrap().facts.shared.earlier_sign_ins = accepted(true);
            assert_eq!(found(&evidence)[0], sure_after);
        }
    }

    #[test]
    fn an_outage_may_refuse_what_was_accepted_before() {
        let mut evidence = case("apple-status/outage-and-wrong-password");
        let before = found(&evidence);
        evidence.first.imap.spoken.as_mut().unwrap().facts.shared.earlier_sign_ins = accepted(true);
        assert_eq!(found(&evidence), before);
        assert_eq!(accepted_before(&evidence), []);
    }

    #[test]
    fn what_a_server_accepted_a_moment_ago_is_the_right_password() {
        let mut evidence = case("smtp/smtp-sign-in-refused");
        let spoken = &mut evidence.first.imap.spoken.as_mut().unwrap().facts.shared;
        spoken.sign_in = None;
        spoken.held_back = Some(HeldBack { why: Why::JustAccepted, ago_s: 12, wait_s: 48 });
        let found = found(&evidence);
        assert!(found.iter().any(|(cause, _)| *cause == "smtp-sign-in-refused"), "{found:?}");
        assert!(found.iter().all(|(cause, _)| *cause != "password-refused"), "{found:?}");
    }
}
