//! A server that sends back the password that it was given.

use crate::cloud::{Cloud, PASSWORD};
use crate::imap::Imap;
use crate::smtp::Smtp;
use crate::{Attack, attack, holds};

pub(crate) fn all() -> Vec<Attack> {
    vec![
        attack("control: honest servers, and nothing is wrong", || {
            let ended = Cloud::of(Imap::default(), Smtp::default()).check().args(&["--format", "json"]).run();
            ended.is_bounded()?;
            holds(ended.code == Some(0), || format!("exit {:?}: {}", ended.code, ended.text()))
        }),
        attack("plain, in a refusal", || {
            let refusing = Imap::answering(|given| {
                format!("{} NO [AUTHENTICATIONFAILED] {} is wrong\r\n", given.tag, given.password).into_bytes()
            });
            let ended = Cloud::of(refusing, Smtp::default()).check().args(&["--format", "json", "-vv"]).run();
            ended.is_bounded()?;
            ended.hides(&[PASSWORD])
        }),
    ]
}
