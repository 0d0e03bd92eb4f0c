//! What a server offers in its answer to EHLO (RFC 5321 section 4.1.1.1).

use super::reply::Reply;

/// The most mechanisms that are kept: the registry of SASL has some sixty.
const MECHANISMS_MAX: usize = 100;

/// The answer to EHLO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ehlo {
    /// The first line: the server's name, and its greeting.
    pub greeting: String,
    /// What the server offers, in its order.
    pub keywords: Vec<Keyword>,
}

/// One thing that a server offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyword {
    /// Its name, in upper case.
    pub name: String,
    /// The words after it, as they came.
    pub parameters: Vec<String>,
}

impl Ehlo {
    /// Reads a positive reply to EHLO.
    pub fn read(reply: &Reply) -> Self {
        let mut lines = reply.lines.iter();
        let greeting = lines.next().cloned().unwrap_or_default();
        Self { greeting, keywords: lines.filter_map(|line| Keyword::read(line)).collect() }
    }

    /// Whether the server offers this keyword, in upper or lower case.
    pub fn offers(&self, name: &str) -> bool {
        self.keywords.iter().any(|keyword| keyword.name.eq_ignore_ascii_case(name))
    }

    /// The SASL mechanisms of RFC 4954, in upper case and in the server's order, each once.
    pub fn mechanisms(&self) -> Vec<String> {
        let mut mechanisms = Vec::new();
        for parameter in self.keywords.iter().filter(|keyword| keyword.name == "AUTH").flat_map(|it| &it.parameters) {
            let mechanism = parameter.to_ascii_uppercase();
            if mechanisms.len() < MECHANISMS_MAX && !mechanisms.contains(&mechanism) {
                mechanisms.push(mechanism);
            }
        }
        mechanisms
    }
}

impl Keyword {
    /// `AUTH=PLAIN`, an early form that some servers still send beside the other, reads like `AUTH PLAIN`: an equals
    /// sign cannot be in a keyword.
    fn read(line: &str) -> Option<Self> {
        let line = line.trim_ascii();
        let end =
            line.find(|character: char| character == '=' || character.is_ascii_whitespace()).unwrap_or(line.len());
        let (name, rest) = line.split_at(end);
        let rest = rest.strip_prefix('=').unwrap_or(rest);
        let parameters = rest.split_ascii_whitespace().map(str::to_owned).collect();
        (!name.is_empty()).then(|| Self { name: name.to_ascii_uppercase(), parameters })
    }
}
