//! The passwords that servers refused in a run over many accounts: none of them is sent to the same server again.

use std::collections::HashSet;

use crate::attempts::tags::{KEY_LENGTH, Tags};
use crate::evidence::Evidence;
use crate::login::Mechanism;
use crate::plan::{Plan, Protocol};
use crate::sign_in::Outcome;

/// What was refused so far. It holds no password and no address.
#[derive(Debug, Default)]
pub struct Refusals {
    seen: HashSet<(String, String, String)>,
}

impl Refusals {
    /// Notes what the servers refused.
    pub fn note(&mut self, plan: &Plan, evidence: &Evidence) {
        for of in Protocol::BOTH {
            if evidence.first.sign_in(of).is_some_and(|sign_in| sign_in.outcome == Outcome::Refused) {
                self.seen.extend(mark(plan, of));
            }
        }
    }

    /// Whether one of the plan's sign-ins was refused already.
    pub fn hold(&self, plan: &Plan) -> bool {
        Protocol::BOTH.into_iter().filter_map(|of| mark(plan, of)).any(|mark| self.seen.contains(&mark))
    }
}

/// The server, the account at it and the password, of which the last two are hashes.
fn mark(plan: &Plan, of: Protocol) -> Option<(String, String, String)> {
    let attempt = plan.credentials(of)?.attempt(Mechanism::Plain);
    // It is never written anywhere, so that it needs no key of its own.
    let Tags { account, secret } = Tags::of(&attempt, &[0; KEY_LENGTH]);
    Some((attempt.server(), account, secret))
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::asked::Asked;
    use crate::password::Password;
    use crate::secret::Secret;
    use crate::sign_in::SignIn;
    use crate::{imap, settings};

    fn plan(email: &str, password: &str) -> Plan {
        let mut plan = Plan::icloud(email);
        plan.password = Some(Password::new(Secret::new(password.to_owned())));
        plan
    }

    fn refused(plan: &Plan) -> Evidence {
        let mut evidence = Evidence::at_start(settings::look(plan), OffsetDateTime::UNIX_EPOCH);
        let mut facts = imap::Facts::default();
        let outcome = Outcome::Refused;
        facts.shared.sign_in =
            Some(SignIn { mechanism: Some(Mechanism::Plain), login: String::new(), outcome, code: None, answer: None });
        evidence.first.imap.spoken = Some(Asked { started_ms: 0, duration_ms: 0, facts });
        evidence
    }

    #[test]
    fn the_same_password_of_the_same_login_is_known_in_every_spelling() {
        let mut refusals = Refusals::default();
        let first = plan("anna@icloud.com", "abcd-efgh-ijkl-mnop");
        assert!(!refusals.hold(&first));
        refusals.note(&first, &refused(&first));
        assert!(refusals.hold(&first));
        assert!(refusals.hold(&plan("Anna@me.com", "abcd-efgh-ijkl-mnop")));
        assert!(!refusals.hold(&plan("anna@icloud.com", "abcd-efgh-ijkl-mnoq")));
        assert!(!refusals.hold(&plan("berta@icloud.com", "abcd-efgh-ijkl-mnop")));
    }
}
