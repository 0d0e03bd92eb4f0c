//! For tests: what a reader makes of bytes, which must not depend on how they arrive.

use super::{Reader, Unreadable};

type Answers<R> = Vec<Result<<R as Reader>::Answer, Unreadable>>;

/// All answers in pieces that arrive one after the other, and what is left over.
pub(super) fn read<'a, R: Reader>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Answers<R>, Vec<u8>) {
    let mut reader = R::default();
    let mut answers = Vec::new();
    for piece in pieces {
        reader.take(piece);
        while let Some(answer) = reader.next() {
            answers.push(answer);
        }
    }
    (answers, reader.leftover().to_vec())
}

/// All answers in a transcript, after making sure that they are the same in whatever pieces it comes.
pub(super) fn read_however_cut<R: Reader>(bytes: &[u8]) -> (Answers<R>, Vec<u8>)
where
    R::Answer: PartialEq + std::fmt::Debug,
{
    let whole = read::<R>([bytes]);
    assert_eq!(read::<R>(bytes.chunks(1)), whole, "byte by byte: {:?}", String::from_utf8_lossy(bytes));
    for at in 0..=bytes.len() {
        let (before, after) = bytes.split_at(at);
        assert_eq!(read::<R>([before, after]), whole, "cut at {at}: {:?}", String::from_utf8_lossy(bytes));
    }
    whole
}
