//! Encryption and certificates: what came of a handshake, who signed what, and whose clock says so.

use checks::network::certificate::Certificate as Shown;
use checks::network::{Judgement, TlsFailed};
use checks::second_look::other_hello::Try;
use checks::tls;
use time::OffsetDateTime;

use super::said::Said;
use super::shortened;
use crate::diagnosis::saw::{Certificate, Handshake};

/// More names than these that a certificate is for are not listed.
const MOST_NAMES: usize = 3;

pub(super) fn said(saw: &Certificate) -> Said {
    match saw {
        Certificate::IsForOthers { covered, name } => is_for_others(covered, name),
        Certificate::IsKnownElsewhere(facts) => {
            handshake(facts).then(", although the public list of trusted authorities has it")
        }
        Certificate::StoreLacksRoot { roots } => Said::whole(store_lacks_root(*roots)),
        Certificate::SystemLacksRoot => {
            Said::whole("this computer's own check of certificates does not know the authority of this one")
        }
        Certificate::ListLacksRoot { roots } => Said::whole(format!(
            "the authority of this certificate is not in the list that this computer shows ({roots}), but it may know \
             more: Windows fetches an authority when it first needs it"
        )),
        Certificate::OfSameIssuer { host } => Said::of(
            host,
            " shows a certificate by the same authority, so more connections than those for mail are opened on their way",
        ),
        Certificate::OwnElsewhere { host } => {
            Said::of(host, " shows its own certificate, so not every encrypted connection is opened on its way")
        }
        Certificate::OfProduct { issuer } => Said::whole(format!(
            "\"{}\" is the name of a product that looks inside encrypted connections",
            common_name(issuer)
        )),
        Certificate::IssuerWasAdded => Said::whole(
            "an antivirus, a company's gateway or another program added that authority to this computer's store",
        ),
        Certificate::IssuerIsUnknown => {
            Said::whole("neither this computer's store nor the public list of trusted authorities has that authority")
        }
        Certificate::ChainEndsAt { issuer } => Said::whole(format!(
            "the certificates that were sent end at \"{}\", and the certificate of that issuer was not sent",
            common_name(issuer)
        )),
        Certificate::OtherServerSendsIt => {
            Said::whole("the other server sends the missing certificate along, and is trusted with it")
        }
        Certificate::OrganisationIsPublic => {
            Said::whole("the public list of trusted authorities has the organisation that signed it")
        }
        Certificate::CallsItselfApples => Said::whole("the authority that signed it calls itself one of Apple's own"),
        Certificate::SaysWhereIssuerIs => {
            Said::whole("the certificate says where the missing one can be fetched, as real ones do")
        }
        Certificate::AddressIsApples(address) => {
            let one = " is in Apple's own network, so this certificate comes from something on the way there";
            let many = " are in Apple's own network, so this certificate comes from something on the way there";
            Said::of_one_or_many(address.to_string(), one, many)
        }
        Certificate::SignedItself => Said::whole("the certificate is signed by itself, and by no authority"),
        Certificate::RootIsNotInStore => {
            Said::whole("the certificates lead to an authority that is not in this computer's store")
        }
        Certificate::ClockIsOff { ahead } => {
            let way = if ahead.is_positive() { "ahead of" } else { "behind" };
            Said::whole(format!("this computer's clock is {} {way} a web server's", super::timing::length(ahead.abs())))
        }
        Certificate::ClockAgrees => Said::whole("a web server's clock agrees with this computer's"),
    }
}

pub(super) fn handshake_said(saw: &Handshake) -> Said {
    match saw {
        Handshake::Tried(facts) => handshake(facts),
        Handshake::OfOldKind(facts) => handshake(facts).behind(OLD),
        Handshake::Small(facts) => handshake(facts).behind(SMALL),
        Handshake::SmallToo(facts) => handshake(facts).behind("a smaller first message does not help: "),
        Handshake::SmallSegments(facts) => handshake(facts).behind(SMALL_SEGMENTS),
        Handshake::SmallSegmentsToo(facts) => handshake(facts).behind("smaller packets do not help: "),
        Handshake::Again(facts) => handshake(facts).behind(AGAIN),
        Handshake::SameSizeElsewhere(facts) => {
            handshake(facts).behind("a first message of the same size got through: ")
        }
        Handshake::SamePacketsElsewhere(facts) => handshake(facts).behind("packets of the same size got through: "),
        Handshake::NotOffered { host } => {
            Said::of(host, " does not offer STARTTLS, the way to encryption").behind("the server that answers as ")
        }
        Handshake::Injected => Said::whole("more text came between the server's answer to STARTTLS and the encryption"),
    }
}

const OLD: &str = "with a first message of the old kind: ";
const SMALL: &str = "with a smaller first message, which fits into one packet: ";
const SMALL_SEGMENTS: &str = "in smaller packets: ";
const AGAIN: &str = "with the usual first message once more: ";

/// What came of other forms of the first message.
pub(super) fn other_hellos(tried: &Try) -> impl Iterator<Item = Said> {
    let Try { protocol: _, small, old, small_segments, again } = tried;
    let forms = [(small, SMALL), (old, OLD), (small_segments, SMALL_SEGMENTS), (again, AGAIN)];
    forms.into_iter().filter_map(|(facts, before)| Some(handshake(facts.as_ref()?).behind(before)))
}

/// What came of a handshake.
pub(super) fn handshake(facts: &tls::Facts) -> Said {
    let name = &facts.name;
    if let Some(failed) = &facts.failed {
        return failure(name, failed, &facts.first_bytes);
    }
    let version = facts.negotiated.as_ref().map_or("TLS", |negotiated| negotiated.version.as_str());
    let (Some(first), Some(trust)) = (facts.chain.first(), &facts.trust) else {
        let what = format!("{version} and show");
        return Said::of_one_or_many(name, format!(" speaks {what}s no certificate"), format!(" speak {what} none"));
    };
    let issuer = common_name(&first.issuer);
    match &trust.system.now {
        Judgement::Trusted if !trust.name_matches => is_for_others(&first.names, name),
        Judgement::Trusted if facts.is_trusted_by_system_only() => {
            let which = ", which this computer trusts although the public list of trusted authorities does not";
            shows(name, issuer, [which; 2])
        }
        Judgement::Trusted => {
            let days = (first.not_after - facts.seen_at).whole_days();
            let valid = format!("by \"{issuer}\", valid for {days} more days");
            Said::of_one_or_many(
                name,
                format!(" speaks {version} and shows a trusted certificate ({valid})"),
                format!(" speak {version} and show trusted certificates ({valid})"),
            )
        }
        Judgement::UnknownIssuer => shows(name, issuer, [", an authority that this computer does not know"; 2]),
        Judgement::Expired => {
            let expired = facts.out_of_date().unwrap_or(first);
            let expired_on = format!("expired on {}", day(expired.not_after));
            dated(name, first, expired, [&expired_on; 2])
        }
        Judgement::NotYetValid => {
            let early = facts.out_of_date().unwrap_or(first);
            let before = format!("not valid before {}", day(early.not_before));
            dated(name, first, early, [&format!("is {before}"), &format!("are {before}")])
        }
        Judgement::Other(words) => Said::of_one_or_many(
            name,
            format!(" shows a certificate that is not accepted ({words})"),
            format!(" show certificates that are not accepted ({words})"),
        ),
    }
}

fn failure(name: &str, failed: &TlsFailed, first_bytes: &str) -> Said {
    match failed {
        TlsFailed::TimedOut => Said::of(name, " did not answer the TLS handshake"),
        TlsFailed::NotTls => Said::whole(format!(
            "what answers for {name} does not begin with TLS on this port; it says \"{}\"",
            shortened(first_bytes)
        )),
        TlsFailed::TooOld => {
            let what = "only TLS versions that are too old to be safe";
            Said::of_one_or_many(name, format!(" offers {what}"), format!(" offer {what}")).behind("what answers for ")
        }
        TlsFailed::Closed => Said::of(name, "").behind("the connection was closed during the TLS handshake with "),
        TlsFailed::Reset => Said::of(name, "").behind("the connection was reset during the TLS handshake with "),
        TlsFailed::Alert(alert) => Said::of(name, format!(" refused the TLS handshake (alert {alert})")),
        TlsFailed::Other(words) => Said::of(name, format!(" failed ({words})")).behind("the TLS handshake with "),
        TlsFailed::NotRecorded => Said::of(name, "").behind("the recorded case has no TLS handshake with "),
    }
}

/// "NAME shows a certificate by ISSUER, which …".
fn shows(name: &str, issuer: &str, [one, many]: [&str; 2]) -> Said {
    Said::of_one_or_many(
        name,
        format!(" shows a certificate by \"{issuer}\"{one}"),
        format!(" show certificates by \"{issuer}\"{many}"),
    )
}

/// What is said of a certificate that is out of date: the server's own, or that of an authority above it; `what` has the words
/// for one and for several.
fn dated(name: &str, own: &Shown, out_of_date: &Shown, what: [&str; 2]) -> Said {
    let by_clock = "according to this computer's clock";
    match out_of_date == own {
        true => {
            let [one, many] = what.map(|what| format!(" that {what}, {by_clock}"));
            shows(name, common_name(&own.issuer), [&one, &many])
        }
        false => {
            let authority = common_name(&out_of_date.subject);
            Said::of(name, format!("'s own, {}, {by_clock}", what[0]))
                .behind(&format!("the certificate of \"{authority}\", the authority above "))
        }
    }
}

fn is_for_others(covered: &[String], name: &str) -> Said {
    let covered = covered.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
    Said::of(name, "").or().behind(&format!("the certificate that was shown is for {covered}, not for "))
}

fn store_lacks_root(roots: usize) -> String {
    let has = match roots {
        0 => return "this computer's store of trusted authorities is empty".to_owned(),
        1 => "one authority".to_owned(),
        more => format!("{more} authorities"),
    };
    format!(
        "this computer's store of trusted authorities has {has}, and not the one of this certificate: it is old or was \
         changed"
    )
}

pub(crate) fn day(at: OffsetDateTime) -> String {
    format!("{} {} {}", at.day(), at.month(), at.year())
}

/// The common name in a subject or issuer, or all of it where there is none.
pub(crate) fn common_name(name: &str) -> &str {
    name.split(", ").find_map(|part| part.strip_prefix("CN=")).unwrap_or(name)
}

/// The organisation in a subject or issuer.
pub(crate) fn organisation(name: &str) -> Option<&str> {
    name.split(", ").find_map(|part| part.strip_prefix("O="))
}
