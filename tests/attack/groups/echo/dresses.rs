//! How a server can dress the password that it sends back.

#![allow(clippy::format_collect, reason = "a dress reads best as one expression")]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};

use crate::cloud::ADDRESS;

pub(super) fn bytes(text: &str, show: impl Fn(u8) -> String) -> String {
    text.bytes().map(show).collect()
}

fn signs(text: &str, sign: &str) -> String {
    text.replace('-', sign)
}

fn between(text: &str, mark: &str) -> String {
    text.chars().map(String::from).collect::<Vec<_>>().join(mark)
}

fn shifted(text: &str, by: u32) -> String {
    text.chars().map(|c| if c.is_ascii_lowercase() { char::from_u32(u32::from(c) + by).unwrap() } else { c }).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn utf16_other_end(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

pub(super) type Dress = fn(&str) -> String;

/// The dresses that the README promises, and some that fall out of the same comparison.
pub(super) const DRESSES: &[(&str, Dress)] = &[
    ("itself", str::to_owned),
    ("capitals", str::to_uppercase),
    ("letters without dashes", |p| signs(p, "")),
    ("groups with blanks", |p| signs(p, " ")),
    ("groups with long dashes", |p| signs(p, "\u{2013}")),
    ("groups with soft hyphens", |p| signs(p, "\u{ad}")),
    ("groups with dots", |p| signs(p, ". ")),
    ("percent", |p| bytes(p, |b| format!("%{b:02x}"))),
    ("percent, dashes alone", |p| signs(p, "%2D")),
    ("percent as of old scripts", |p| bytes(p, |b| format!("%u00{b:02x}"))),
    ("quoted-printable", |p| bytes(p, |b| format!("={b:02X}"))),
    ("quoted-printable, dashes alone", |p| signs(p, "=2D")),
    ("backslash and x", |p| bytes(p, |b| format!("\\x{b:02x}"))),
    ("backslash and u", |p| bytes(p, |b| format!("\\u{b:04x}"))),
    ("backslash, u and braces", |p| bytes(p, |b| format!("\\u{{{b:x}}}"))),
    ("dashes as backslash and u", |p| signs(p, "\\u002d")),
    ("octal escapes", |p| bytes(p, |b| format!("\\{b:03o}"))),
    ("entities", |p| bytes(p, |b| format!("&#{b};"))),
    ("hexadecimal entities", |p| bytes(p, |b| format!("&#x{b:02x};"))),
    ("entities, dashes alone", |p| signs(p, "&#45;")),
    ("named entities, dashes alone", |p| signs(p, "&hyphen;")),
    ("code points", |p| bytes(p, |b| format!("U+{b:04X} "))),
    ("hexadecimal", |p| bytes(p, |b| format!("{b:02x}"))),
    ("hexadecimal in capitals", |p| bytes(p, |b| format!("{b:02X}"))),
    ("hexadecimal with blanks", |p| bytes(p, |b| format!("{b:02x} "))),
    ("hexadecimal with colons", |p| bytes(p, |b| format!("{b:02x}:"))),
    ("hexadecimal with commas and 0x", |p| bytes(p, |b| format!("0x{b:02x}, "))),
    ("hexadecimal in groups", |p| {
        p.as_bytes().chunks(2).map(|two| bytes(&String::from_utf8_lossy(two), |b| format!("{b:02x}")) + " ").collect()
    }),
    ("hexadecimal of UTF-16", |p| utf16(p).iter().map(|b| format!("{b:02x}")).collect()),
    ("base64", |p| STANDARD.encode(p)),
    ("base64 after one byte", |p| STANDARD.encode(format!("x{p}"))),
    ("base64 after two bytes", |p| STANDARD.encode(format!("xy{p} and more"))),
    ("base64 for web addresses", |p| URL_SAFE.encode(format!("\u{ff}?{p}"))),
    ("base64 of capitals", |p| STANDARD.encode(p.to_uppercase())),
    ("base64 of no dashes", |p| STANDARD.encode(signs(p, ""))),
    ("base64 of UTF-16", |p| STANDARD.encode(utf16(p))),
    ("base64 of UTF-16, the other end first", |p| STANDARD.encode(utf16_other_end(p))),
    ("base64 twice", |p| STANDARD.encode(STANDARD.encode(p))),
    ("base64 without padding", |p| STANDARD_NO_PAD.encode(p)),
    ("base64 in pieces of eight", |p| {
        STANDARD.encode(p).as_bytes().chunks(8).map(|piece| format!("{} ", String::from_utf8_lossy(piece))).collect()
    }),
    ("base64, each group padded", |p| p.as_bytes().chunks(5).map(|piece| STANDARD.encode(piece) + " ").collect()),
    ("SASL PLAIN", |p| STANDARD.encode(format!("\0{ADDRESS}\0{p}"))),
    ("UTF-7", |p| format!("+{}-", STANDARD_NO_PAD.encode(utf16_other_end(p)))),
    ("UTF-7, dashes alone", |p| signs(p, "+AC0-")),
    ("modified UTF-7, dashes alone", |p| signs(p, "&AC0-")),
    ("an encoded word", |p| format!("=?utf-8?B?{}?=", STANDARD.encode(p))),
    ("UTF-16 with zero bytes", |p| between(p, "\0")),
    ("UTF-16 with visible zero bytes", |p| between(p, "\\x00")),
    ("letters apart", |p| between(p, " ")),
    ("letters with dots", |p| between(p, ".")),
    ("letters with nothing to see", |p| between(p, "\u{200b}")),
    ("full-width letters", |p| shifted(p, 0xff41 - 0x61)),
    ("mathematical letters", |p| shifted(p, 0x1d41a - 0x61)),
    ("all but its last letter", |p| p[..p.len() - 1].to_owned()),
    ("all but its first letters", |p| p[5..].to_owned()),
    ("half of it", |p| p[..9].to_owned()),
    ("accents on it", |p| p.replace('e', "é").replace('u', "ü")),
    ("a log line of JSON", |p| format!("{{\\\"pass\\\":\\\"{p}\\\"}}")),
    ("a word of another", |p| format!("xx{p}yy")),
];
