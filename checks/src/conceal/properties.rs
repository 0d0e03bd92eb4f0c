//! No part of any password is left, in any encoding that a server may use.
#![allow(clippy::format_collect, reason = "a dress reads best as one expression")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::Concealer;
use super::form::Form;
use crate::password::Password;
use crate::secret::{HIDDEN, Secret};

fn concealer(password: &str) -> Concealer {
    Concealer::default().password(&Password::new(Secret::new(password.to_owned())))
}

fn letters(text: &str) -> String {
    Form::Letters.of(text).into_iter().collect()
}

/// How a server may write a text.
const DRESSES: [fn(&str) -> String; 14] = [
    str::to_owned,
    str::to_uppercase,
    str::to_lowercase,
    |text| text.chars().map(|c| format!("{c} ")).collect(),
    |text| text.chars().map(|c| format!("{c}\u{200b}")).collect(),
    |text| text.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
    |text| text.chars().map(|c| format!("\\u{{{:x}}}", u32::from(c))).collect(),
    |text| text.bytes().map(|byte| format!("%{byte:02X}")).collect(),
    |text| text.bytes().map(|byte| format!("={byte:02X}")).collect(),
    |text| text.bytes().map(|byte| format!("\\x{byte:02x}")).collect(),
    |text| text.bytes().map(|byte| format!("{byte:02x}:")).collect(),
    |text| STANDARD.encode(text),
    |text| STANDARD.encode(format!("\0somebody\0{text}\n")),
    |text| STANDARD.encode(STANDARD.encode(text)),
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_left_of_a_password_in_any_dress(
        password in "[a-zA-Z0-9äöüßÄÖÜéÉñłЖжПпΣσ漢字가-힣-]{12,24}",
        dress in 0..DRESSES.len(),
        before in "[a-zA-Z0-9 .:,<>()\\[\\]-]{0,40}",
        after in "[a-zA-Z0-9 .:,<>()\\[\\]-]{0,40}",
    ) {
        prop_assume!(letters(&password).chars().count() >= super::sought::NEAR);
        let sent = DRESSES[dress](&password);
        let said = format!("first line\r\n535 {before} {sent} {after}\r\nlast line");
        let shown = concealer(&password).text(&said);
        prop_assert!(shown.contains(HIDDEN), "{shown}");
        prop_assert!(!shown.contains(&sent), "{shown}");
        prop_assert!(!letters(&shown).contains(&letters(&password)), "{shown}");
        prop_assert!(shown.starts_with("first line\r\n") && shown.ends_with("\r\nlast line"), "{shown}");
    }

    #[test]
    fn nothing_is_left_of_a_password_that_is_taken_apart(
        password in "[a-z]{4}-[a-z]{4}-[a-z]{4}-[a-z]{4}",
        cuts in proptest::collection::btree_set(1_usize..18, 1..6),
        is_smtp in any::<bool>(),
    ) {
        let mut parts = Vec::new();
        let mut from = 0;
        for cut in cuts.into_iter().chain([password.len()]) {
            parts.push(&password[from..cut]);
            from = cut;
        }
        let head = if is_smtp { "535-" } else { "* OK " };
        let mut lines: Vec<String> = parts.iter().map(|part| format!("{head}{part}")).collect();
        concealer(&password).lines(&mut lines);
        for (line, part) in lines.iter().zip(parts) {
            prop_assert!(letters(part).is_empty() || line.trim_start_matches(head) == HIDDEN, "{line}");
        }
    }

    #[test]
    fn an_ordinary_text_stays_as_it_is(text in "([a-z]{1,5} ){0,30}", password in "[a-z]{4}-[a-z]{4}-[a-z]{4}-[a-z]{4}") {
        prop_assert_eq!(concealer(&password).text(&text), text.as_str());
    }
}

#[test]
fn a_short_password_is_hidden_as_a_word_of_its_own_only() {
    let short = concealer("ab1");
    assert_eq!(short.text("NO AB1 is wrong\nNO cab12 is wrong"), format!("{HIDDEN}\nNO cab12 is wrong"));
    assert_eq!(concealer("no").text("NO no"), "NO no");
}

#[test]
fn a_password_of_ordinary_words_is_hidden_as_a_whole_only() {
    let concealer = concealer("accepted");
    assert_eq!(concealer.text("250 not accepted"), format!("250 {HIDDEN}"));
    assert_eq!(concealer.text("250 accept"), "250 accept");
}

#[test]
fn megabytes_of_any_text_are_searched_in_one_pass() {
    let concealer = concealer("qkwe-ruvz-mbhy-xgtn").identity("ottilie.kranz@icloud.com", "o…@icloud.com");
    for part in ["10.1.2.3 ", "=41%41\\x41", "+AGEA-", "YWJj", "ottilie.", "qkwer ", "  "] {
        let text = part.repeat(50_000 / part.len());
        assert_eq!(concealer.text(&text), text);
    }
}
