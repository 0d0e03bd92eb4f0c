//! Does an output contain the password, in any encoding?

use crate::world::commands::Outcome;
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};

/// One encoding of the password, with its name.
struct Dress {
    name: &'static str,
    bytes: Vec<u8>,
}

pub(crate) struct Leaks(Vec<Dress>);

impl Leaks {
    pub(crate) fn of(password: &str) -> Self {
        let cleaned: String = password.chars().filter(|character| !character.is_whitespace()).collect();
        let mut dresses = dresses(password);
        if cleaned != password {
            dresses.extend(self::dresses(&cleaned));
        }
        let letters = cleaned.replace('-', "");
        dresses.push(Dress { name: "letters alone", bytes: letters.into() });
        // Half of it is half a secret; a wrapped or shortened line would hide the whole from the search.
        let (first, second) = cleaned.split_at(cleaned.len() / 2);
        dresses.push(Dress { name: "first half", bytes: first.into() });
        dresses.push(Dress { name: "second half", bytes: second.into() });
        Self(dresses)
    }

    /// The names of the encodings in which the text contains the password.
    pub(crate) fn in_bytes(&self, text: &[u8]) -> Vec<&'static str> {
        let stands = |dress: &&Dress| text.windows(dress.bytes.len()).any(|window| window == dress.bytes);
        let mut names: Vec<_> = self.0.iter().filter(stands).map(|dress| dress.name).collect();
        names.dedup();
        names
    }
}

fn dresses(password: &str) -> Vec<Dress> {
    let each = |written: fn(u8) -> String| password.bytes().map(written).collect::<Vec<_>>().concat().into_bytes();
    let utf16 = |bytes: fn(u16) -> [u8; 2]| password.encode_utf16().flat_map(bytes).collect();
    let mut dresses = vec![
        Dress { name: "plain", bytes: password.into() },
        Dress { name: "hex", bytes: each(|byte| format!("{byte:02x}")) },
        Dress { name: "HEX", bytes: each(|byte| format!("{byte:02X}")) },
        Dress { name: "spaced hex", bytes: each(|byte| format!("{byte:02x} ")) },
        Dress { name: "list of bytes", bytes: each(|byte| format!("{byte}, ")) },
        Dress { name: "quoted-printable", bytes: each(|byte| format!("={byte:02X}")) },
        Dress { name: "percent", bytes: each(|byte| format!("%{byte:02X}")) },
        Dress { name: "percent, small", bytes: each(|byte| format!("%{byte:02x}")) },
        Dress { name: "JSON escapes", bytes: each(|byte| format!("\\u{byte:04x}")) },
        Dress { name: "UTF-16LE", bytes: utf16(u16::to_le_bytes) },
        Dress { name: "UTF-16BE", bytes: utf16(u16::to_be_bytes) },
    ];
    // A list's last byte has no comma.
    dresses.iter_mut().filter(|dress| ["list of bytes", "spaced hex"].contains(&dress.name)).for_each(|dress| {
        let length = dress.bytes.trim_ascii_end().len();
        dress.bytes.truncate(length - usize::from(dress.name == "list of bytes"));
    });
    for (offset, name) in ["base64", "base64 after one byte", "base64 after two bytes"].into_iter().enumerate() {
        let mut data = vec![0; offset];
        data.extend_from_slice(password.as_bytes());
        // Only the characters that no neighbouring byte has a bit in.
        let inner = (offset * 8).div_ceil(6)..data.len() * 8 / 6;
        for text in [BASE64_STANDARD_NO_PAD.encode(&data), BASE64_URL_SAFE_NO_PAD.encode(&data)] {
            dresses.push(Dress { name, bytes: text[inner.clone()].into() });
        }
    }
    dresses
}

/// A search that finds nothing proves nothing: each encoding is looked for where it is.
pub(crate) fn prove() -> Outcome {
    let password = crate::fault::CANARY;
    let leaks = Leaks::of(password);
    for before in 0..6 {
        let mut login = vec![b'\0'; before];
        login.extend_from_slice(password.as_bytes());
        login.extend_from_slice(b"\0tail");
        let encoded = BASE64_STANDARD_NO_PAD.encode(&login);
        if !leaks.in_bytes(encoded.as_bytes()).iter().any(|name| name.starts_with("base64")) {
            return Err(format!("the leak search misses base64 after {before} bytes").into());
        }
    }
    for dress in dresses(password) {
        let text = [b"before ".as_slice(), &dress.bytes, b" after"].concat();
        if !leaks.in_bytes(&text).contains(&dress.name) {
            return Err(format!("the leak search misses {}", dress.name).into());
        }
    }
    let clean = leaks.in_bytes(b"abcd-efgh-ijkl-mnop qzkv **** cXprdi0");
    if clean.is_empty() { Ok(()) } else { Err(format!("the leak search finds {clean:?} where nothing is").into()) }
}
