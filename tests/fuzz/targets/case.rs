//! A recorded case that a stranger sent: what can be read can be written and read again.
#![no_main]

use checks::network::case::Case;
use checks::network::talk_text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = talk_text::read(text);
    if let Ok(case) = Case::read(text) {
        let written = case.write().expect("what was read can be written");
        assert!(Case::read(&written).is_ok(), "{written}");
    }
});
