//! What an SMTP server sends: it gives the same answers in any pieces, within limits.
#![no_main]

use checks::protocol::Reader as _;
use checks::protocol::smtp::Reader;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let answers = |size: usize| {
        let (mut reader, mut answers) = (Reader::default(), Vec::new());
        for piece in bytes.chunks(size) {
            reader.take(piece);
            while let Some(answer) = reader.next() {
                answers.push(format!("{answer:?}"));
            }
        }
        answers
    };
    assert_eq!(answers(bytes.len().max(1)), answers(7));
});
