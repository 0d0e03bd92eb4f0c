//! Servers that are not what their certificate says, or show none: none gets the password.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyPair,
    NameConstraints, SanType,
};
use time::{Duration, OffsetDateTime};

use crate::certificates::{self, Authority, Identity, NAMES, of_an_authority, params, root};
use crate::cloud::{Cloud, PASSWORD};
use crate::imap::Imap;
use crate::resolver::{self, end_of_question};
use crate::smtp::Smtp;
use crate::{Attack, Held, attack, holds};

/// An impostor: what it calls itself, and how it comes to its certificates.
type Impostor = (&'static str, fn() -> Identity);

const IMPOSTORS: [Impostor; 26] = [
    ("signs itself", || {
        let key = KeyPair::generate().unwrap();
        let chain = vec![params(&NAMES).self_signed(&key).unwrap().der().clone()];
        Identity { chain, key }
    }),
    ("is signed by nobody known", || {
        let other = certificates::authority("Home Router CA");
        Identity::signed(&params(&NAMES), &other, &[&other])
    }),
    ("is signed by another authority of the same name", || {
        let forged = certificates::authority("Attack Suite Root");
        Identity::signed(&params(&NAMES), &forged, &[])
    }),
    ("shows the real root beside a forged signature", || {
        let forged = certificates::authority("Attack Suite Root");
        Identity::signed(&params(&NAMES), &forged, &[root()])
    }),
    ("has another name", || Identity::honest(&["mail.example.com"])),
    ("has a name that begins alike", || Identity::honest(&["imap.mail.me.com.evil.example"])),
    ("has a name that ends alike", || Identity::honest(&["evil-imap.mail.me.com", "evil-smtp.mail.me.com"])),
    ("has the name in its subject alone", || {
        let mut params = params(&["mail.example.com"]);
        params.distinguished_name.push(DnType::CommonName, NAMES[0]);
        Identity::signed(&params, root(), &[])
    }),
    ("is for *.com", || Identity::honest(&["*.com"])),
    ("is for *", || Identity::honest(&["*"])),
    ("is for *.*.me.com", || Identity::honest(&["*.*.me.com"])),
    ("is for im*.mail.me.com", || Identity::honest(&["im*.mail.me.com", "sm*.mail.me.com"])),
    ("is for *.me.com", || Identity::honest(&["*.me.com"])),
    ("is for a number", || {
        let mut params = params(&[]);
        params.subject_alt_names = vec![SanType::IpAddress([127, 0, 0, 1].into())];
        Identity::signed(&params, root(), &[])
    }),
    ("has expired", || dated(-Duration::days(90), -Duration::seconds(5))),
    ("is not valid yet", || dated(Duration::minutes(2), Duration::days(90))),
    ("expired before it began", || dated(Duration::days(1), -Duration::days(1))),
    ("may only be a client", || used_for(ExtendedKeyUsagePurpose::ClientAuth)),
    ("may only sign mail", || used_for(ExtendedKeyUsagePurpose::EmailProtection)),
    ("may only sign OCSP", || used_for(ExtendedKeyUsagePurpose::OcspSigning)),
    ("is signed by a server's certificate", || {
        let leaf = below(root(), params(&["leaf.example.com"]));
        Identity::signed(&params(&NAMES), &leaf, &[&leaf])
    }),
    ("is signed below the length of the path", || {
        let mut short = of_an_authority("Short");
        short.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let first = below(root(), short);
        let second = below(&first, of_an_authority("Second"));
        Identity::signed(&params(&NAMES), &second, &[&second, &first])
    }),
    ("is signed outside the names that are permitted", || constrained(&["example.com"], &[])),
    ("is signed inside the names that are excluded", || constrained(&[], &["me.com"])),
    ("is signed by an expired intermediate", expired_intermediate),
    ("is the authority itself", || {
        let mut both = of_an_authority("Both");
        both.subject_alt_names = NAMES.iter().map(|name| SanType::DnsName((*name).try_into().unwrap())).collect();
        Identity::signed(&both, &certificates::authority("Nobody"), &[])
    }),
];

pub(crate) fn all() -> Vec<Attack> {
    let certificates = IMPOSTORS
        .into_iter()
        .map(|(name, identity)| attack(format!("a server that {name}"), move || is_refused(&identity())));
    certificates
        .chain([
            attack("control: the honest server gets it", honest),
            attack("the date of an expired intermediate", intermediates_date),
        ])
        .chain(lying_resolvers())
        .collect()
}

fn is_refused(identity: &Identity) -> Held {
    let imap = Imap { tls: identity.config(), ..Imap::default() };
    let smtp = Smtp { tls: identity.config(), ..Smtp::default() };
    let cloud = Cloud::of(imap, smtp);
    let ended = cloud.check().args(&["--format", "json", "-vv", "--timeout", "2", "--deadline", "10"]).run();
    ended.is_bounded()?;
    ended.hides(&[PASSWORD])?;
    cloud.got_no_password()?;
    holds(ended.code == Some(1), || format!("exit {:?}: {}", ended.code, ended.text()))
}

fn honest() -> Held {
    let cloud = Cloud::of(Imap::default(), Smtp::default());
    cloud.check().run().is_bounded()?;
    holds(cloud.sign_ins() == 2, || cloud.all_heard())
}

/// An authority of these words, below another.
fn below(issuer: &Authority, params: CertificateParams) -> Authority {
    Authority::signed_by(params, KeyPair::generate().unwrap(), issuer).unwrap()
}

fn dated(from: Duration, to: Duration) -> Identity {
    let now = OffsetDateTime::now_utc();
    let mut params = params(&NAMES);
    (params.not_before, params.not_after) = (now + from, now + to);
    Identity::signed(&params, root(), &[])
}

fn used_for(purpose: ExtendedKeyUsagePurpose) -> Identity {
    let mut params = params(&NAMES);
    params.extended_key_usages = vec![purpose];
    Identity::signed(&params, root(), &[])
}

fn constrained(permitted: &[&str], excluded: &[&str]) -> Identity {
    let trees = |names: &[&str]| names.iter().map(|name| GeneralSubtree::DnsName((*name).to_owned())).collect();
    let mut authority = of_an_authority("Constrained");
    authority.name_constraints =
        Some(NameConstraints { permitted_subtrees: trees(permitted), excluded_subtrees: trees(excluded) });
    let authority = below(root(), authority);
    Identity::signed(&params(&NAMES), &authority, &[&authority])
}

fn expired_intermediate() -> Identity {
    let mut old = of_an_authority("Old Intermediate");
    old.not_before = OffsetDateTime::now_utc() - Duration::days(400);
    old.not_after = OffsetDateTime::now_utc() - Duration::days(30);
    let old = below(root(), old);
    let mut params = params(&NAMES);
    params.not_after = OffsetDateTime::now_utc() + Duration::days(30);
    Identity::signed(&params, &old, &[&old])
}

/// It is the intermediate that has expired, a month ago, and not the clock that is wrong.
fn intermediates_date() -> Held {
    let identity = expired_intermediate();
    let imap = Imap { tls: identity.config(), ..Imap::default() };
    let smtp = Smtp { tls: identity.config(), ..Smtp::default() };
    let report = Cloud::of(imap, smtp).check().args(&["--format", "json"]).run().report()?;
    let day = (OffsetDateTime::now_utc() - Duration::days(30)).date();
    let said = format!("expired on {} {} {}", day.day(), day.month(), day.year());
    let text = report.to_string();
    holds(text.contains("Old Intermediate") && text.contains(&said), || {
        format!("not \"{said}\": {}", report["findings"])
    })?;
    // The address is a loopback one, which has a cause of its own.
    let causes: Vec<&str> =
        report["findings"].as_array().into_iter().flatten().filter_map(|found| found["cause"].as_str()).collect();
    holds(causes.contains(&"certificate-expired") && !causes.contains(&"clock-wrong"), || {
        format!("{causes:?} are named")
    })
}

/// What a hostile resolver makes of an honest answer.
type Lie = fn(Vec<u8>) -> Vec<u8>;

/// Answers that are not valid: a program that accepts them can be led anywhere by a machine on the way.
fn lying_resolvers() -> Vec<Attack> {
    let lies: [(&str, Lie); 6] = [
        ("to another question", |mut reply| {
            // The first letter of the name that was asked for.
            reply[13] ^= 1;
            reply
        }),
        ("that is a question", |mut reply| {
            reply[2] &= 0x7f;
            reply
        }),
        ("of another number", |mut reply| {
            reply[0] ^= 0xff;
            reply
        }),
        ("with another name's record", |mut reply| {
            // The record's owner is the name without its first word, which has four letters.
            let end = end_of_question(&reply);
            if let Some(pointer) = reply.get_mut(end + 1) {
                *pointer += 5;
            }
            reply
        }),
        ("without its question", |reply| {
            let end = end_of_question(&reply);
            let mut bare = reply[..12].to_vec();
            bare[5] = 0;
            bare.extend_from_slice(&[0, 0, 1, 0, 1, 0, 0, 0, 20, 0, 4, 127, 0, 0, 1]);
            if reply.len() > end { bare } else { reply }
        }),
        ("of another record type", |mut reply| {
            let end = end_of_question(&reply);
            // Every question is answered by an A record, and says that it was one for AAAA.
            reply[end - 4..end - 2].copy_from_slice(&[0, 28]);
            reply
        }),
    ];
    lies.into_iter()
        .map(|(name, lie)| {
            attack(format!("a resolver's answer {name}"), move || {
                let mut cloud = Cloud::of(Imap::default(), Smtp::default());
                cloud.resolver =
                    resolver::serve(move |question| resolver::honest(question).into_iter().map(lie).collect());
                let ended = cloud.check().args(&["--format", "json", "--timeout", "1", "--deadline", "8"]).run();
                ended.is_bounded()?;
                let heard = cloud.all_heard();
                holds(heard.is_empty(), || format!("a connection was made: {heard}"))
            })
        })
        .chain([attack("a resolver's A record for an AAAA question", || {
            let mut cloud = Cloud::of(Imap::default(), Smtp::default());
            cloud.resolver = resolver::serve(|question| {
                let end = end_of_question(question);
                let mut reply = question[..end].to_vec();
                reply[2..4].copy_from_slice(&[0x81, 0x80]);
                let is_six = question[end - 4..end - 2] == [0, 28];
                reply[6..12].copy_from_slice(&[0, u8::from(is_six), 0, 0, 0, 0]);
                if is_six {
                    reply.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 20, 0, 4, 127, 0, 0, 1]);
                }
                vec![reply]
            });
            let ended = cloud.check().args(&["--format", "json", "--timeout", "1", "--deadline", "8"]).run();
            ended.is_bounded()?;
            let heard = cloud.all_heard();
            holds(heard.is_empty(), || format!("a connection was made: {heard}"))
        })])
        .collect()
}
