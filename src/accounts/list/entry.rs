//! One entry of a list as it was written, and the account that it describes.

use std::fmt;

use checks::secret::Secret;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

use super::{Account, Around, Source, labels};
use crate::cli::address::domain::{Domain, named};
use crate::cli::address::{address, login};
use crate::meant::{meant, shown};
use crate::misuse::Misuse;
use crate::programs::{self, Use};

/// The fields that an entry may have.
const FIELDS: [&str; 11] = [
    "name",
    "email",
    "from",
    "imap_username",
    "smtp_username",
    "client",
    "labels",
    "password_command",
    "password_file",
    "credential",
    "password",
];

/// A longer name would break every table.
const LONGEST_NAME: usize = 80;

/// What stands in the list, with the line on which it begins.
pub(super) struct Entry {
    pub(super) line: usize,
    pub(super) fields: Fields,
}

/// The fields in their order.
#[derive(Default)]
pub(super) struct Fields(pub(super) Vec<(String, Value)>);

/// The value of a field. It may be a password.
pub(super) enum Value {
    Text(Zeroizing<String>),
    Words(Vec<String>),
    Pairs(Vec<(String, String)>),
}

/// The name of a field, in the spelling of this program: spreadsheets write `E-Mail` and `Password File`.
pub(super) fn field(name: &str) -> String {
    let name = name.trim().trim_start_matches('\u{feff}').to_lowercase().replace(['-', ' '], "_");
    if name == "e_mail" { "email".to_owned() } else { name }
}

impl Entry {
    /// The account, or what is wrong with it. No sentence repeats a value, because it may be a password.
    pub(super) fn account(self, around: &Around<'_>) -> Result<Account, Vec<String>> {
        let mut wrong = Vec::new();
        let Self { line, fields: Fields(fields) } = self;
        let (mut texts, mut pairs) = (std::collections::HashMap::new(), Vec::new());
        for (name, value) in fields {
            let name = field(&name);
            let Some(known) = FIELDS.into_iter().find(|known| *known == name) else {
                wrong.push(unknown(&name));
                continue;
            };
            let text = match (known, value) {
                ("labels", Value::Pairs(given)) => {
                    pairs = given;
                    continue;
                }
                ("password_command", Value::Words(words)) => serde_json::to_string(&words).map(Zeroizing::new).ok(),
                (_, Value::Text(text)) => Some(text),
                _ => None,
            };
            match text {
                None => wrong.push(format!("`{known}` is not a text")),
                Some(text) if text.trim().is_empty() => {}
                Some(text) => {
                    if texts.insert(known, text).is_some() {
                        wrong.push(format!("`{known}` is there twice"));
                    }
                }
            }
        }
        let source = source(&mut texts, around).map_err(|why| wrong.push(why)).ok();
        let mut plain = |name: &str| texts.remove(name).map(|text| text.trim().to_owned());
        let name = plain("name").unwrap_or_default();
        let email = plain("email").unwrap_or_default();
        let (from, client) = (plain("from"), plain("client"));
        let (imap_username, smtp_username) = (plain("imap_username"), plain("smtp_username"));
        let labels = match plain("labels") {
            Some(text) => labels::of_text(&text),
            None => labels::of_pairs(pairs),
        };
        if name.is_empty() {
            wrong.push("it has no `name`, by which every output calls it".to_owned());
        } else if name.chars().any(char::is_control) || name.chars().count() > LONGEST_NAME {
            wrong.push(format!("its name is not one line of at most {LONGEST_NAME} characters"));
        }
        let mut check = |checked: Result<(), Misuse>| wrong.extend(checked.err().map(|misuse| clause(&misuse)));
        check(if email.is_empty() {
            Err(Misuse::new("it has no `email`", "write it"))
        } else {
            address(&email, "its email")
        });
        check(from.as_deref().map_or(Ok(()), |from| address(from, "its from")));
        check(imap_username.as_deref().map_or(Ok(()), |name| login(name, "its imap_username")));
        check(smtp_username.as_deref().map_or(Ok(()), |name| login(name, "its smtp_username")));
        if address(&email, "").is_ok() && (imap_username.is_none() || smtp_username.is_none()) {
            wrong.extend(probably_not_meant(&email));
        }
        let client = client.and_then(|client| match programs::find(&client, Use::Words) {
            Ok(program) => Some(program.id.to_owned()),
            Err(_) => {
                wrong.push("its client is not a mail program that the steps can be worded for".to_owned());
                None
            }
        });
        let labels = labels.map_err(|why| wrong.push(why)).unwrap_or_default();
        match source {
            Some(source) if wrong.is_empty() => {
                Ok(Account { name, line, email, from, imap_username, smtp_username, client, labels, source })
            }
            _ => Err(wrong),
        }
    }
}

/// A complaint without its advice, which is for a single address on the command line.
fn clause(misuse: &Misuse) -> String {
    let sentence = misuse.to_string();
    sentence.split(": ").next().unwrap_or_default().to_owned()
}

fn unknown(name: &str) -> String {
    let given = shown(name, FIELDS, "a field");
    match meant(name, FIELDS) {
        Some(meant) => format!("{given} is not known; `{meant}` may be meant"),
        None => format!("{given} is not known; the fields are {}", FIELDS[..10].join(", ")),
    }
}

/// Asked about in a run for one account; in a list the login names settle it.
fn probably_not_meant(email: &str) -> Option<String> {
    let next = "correct it, or give imap_username and smtp_username";
    match Domain::of(email) {
        Domain::Icloud | Domain::Other => None,
        Domain::SlipOf(own) => Some(format!("its email is at {}, which is very like {own}; {next}", named(email))),
        Domain::OtherProvider => Some(format!("{} is not a domain of iCloud Mail; {next}", named(email))),
    }
}

/// Where the password comes from: exactly one place.
fn source(
    texts: &mut std::collections::HashMap<&'static str, Zeroizing<String>>,
    around: &Around<'_>,
) -> Result<Source, String> {
    let places = ["password_command", "password_file", "credential", "password"];
    let given: Vec<&str> = places.into_iter().filter(|place| texts.contains_key(place)).collect();
    let [place] = given.as_slice() else {
        return Err(match given.as_slice() {
            [] => "it has no password_command, password_file or credential".to_owned(),
            several => format!("it has {}, and one of them is enough", several.join(" and ")),
        });
    };
    let mut text = texts.remove(place).unwrap_or_default();
    match *place {
        "password_command" => Ok(Source::Command(text.trim().to_owned())),
        "password_file" => Ok(Source::File(around.folder.join(text.trim()))),
        "credential" => credential(text.trim(), around),
        _ if around.is_piped => Ok(Source::Given(Secret::new(std::mem::take(&mut *text)))),
        _ => Err("a password is not read from a file, which others may read; use password_command, password_file or \
                  credential, or pipe the list into `--accounts -`"
            .to_owned()),
    }
}

fn credential(name: &str, around: &Around<'_>) -> Result<Source, String> {
    // <https://systemd.io/CREDENTIALS/>: a name is one of a file, without a folder.
    if name.contains(['/', '\\']) || name == ".." || name == "." {
        return Err("its credential is not the name of a file".to_owned());
    }
    let folder = around.credentials.ok_or("it names a credential, and neither --credentials-dir nor the variable CREDENTIALS_DIRECTORY says where those are")?;
    Ok(Source::File(folder.join(name)))
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Fields;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an account")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Option<Value>>()? {
                    fields.extend(value.map(|value| (name, value)));
                }
                Ok(Fields(fields))
            }
        }
        source.deserialize_map(Read)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Value;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text")
            }

            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(Zeroizing::new(text.to_owned())))
            }

            fn visit_string<E>(self, text: String) -> Result<Value, E> {
                Ok(Value::Text(Zeroizing::new(text)))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Text(Zeroizing::new(number.to_string())))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
                Ok(Value::Text(Zeroizing::new(number.to_string())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
                let mut words = Vec::new();
                while let Some(word) = list.next_element()? {
                    words.push(word);
                }
                Ok(Value::Words(words))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Value::Pairs(pairs))
            }
        }
        source.deserialize_any(Read)
    }
}
