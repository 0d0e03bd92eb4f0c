//! A saved report that a stranger sent.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| icloud_mail_doctor::fuzzed::saved_report(text));
