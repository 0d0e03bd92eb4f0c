//! Numbers that tell of whose network it is: each gets a stand-in of its own kind, the same one every time, so that a
//! reader can still follow it and the diagnosis finds the same.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The data with stand-ins for addresses of private networks, for hardware addresses, and for what stands in a text of
/// somebody else's and is no address that was asked for: that may be the person's own.
pub(super) fn masked<T: Serialize + DeserializeOwned>(data: &T) -> Result<T, serde_json::Error> {
    let mut value = serde_json::to_value(data)?;
    let mut masks = Masks::default();
    each_text(&mut value, &mut |text| masks.known.extend(whole_address(text)));
    each_text(&mut value, &mut |text| {
        let shown = masks.text(&without_queries(text));
        if shown != *text {
            *text = shown;
        }
    });
    serde_json::from_value(value)
}

#[derive(Default)]
struct Masks {
    /// What was asked or is an answer to a question, and so of public record.
    known: BTreeSet<IpAddr>,
    addresses: BTreeMap<IpAddr, IpAddr>,
    hardware: BTreeMap<String, String>,
}

impl Masks {
    fn text(&mut self, text: &str) -> String {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, ':' | '.' | '-');
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_part) {
            let (before, from) = rest.split_at(start);
            let (word, after) = from.split_at(from.find(|letter| !is_part(letter)).unwrap_or(from.len()));
            shown.push_str(before);
            shown.push_str(&self.word(word));
            rest = after;
        }
        shown.push_str(rest);
        shown
    }

    fn word(&mut self, word: &str) -> String {
        // A full stop or a colon may end the sentence and not the address; a port may follow it.
        let bare = word.trim_end_matches(['.', ':', '-']);
        let end = &word[bare.len()..];
        if let Ok(address) = bare.parse() {
            return format!("{}{end}", self.address(address));
        }
        if let Ok(SocketAddr::V4(to)) = bare.parse() {
            return format!("{}:{}{end}", self.address(IpAddr::V4(*to.ip())), to.port());
        }
        if is_hardware(bare) {
            let nth = self.hardware.len() + 1;
            // The block of RFC 7042 section 2.1.2 that is nobody's.
            let mask = || format!("00:00:5e:00:53:{nth:02x}");
            return format!("{}{end}", self.hardware.entry(bare.to_ascii_lowercase()).or_insert_with(mask));
        }
        word.to_owned()
    }

    fn address(&mut self, address: IpAddr) -> IpAddr {
        if let Some(mask) = self.addresses.get(&address) {
            return *mask;
        }
        let Some(block) = block(address, self.known.contains(&address)) else { return address };
        let same = |mask: &&IpAddr| in_block(block, **mask);
        let nth = self.addresses.values().filter(same).count() + 1;
        let mask = numbered(block, u16::try_from(nth).unwrap_or(u16::MAX));
        self.addresses.insert(address, mask);
        mask
    }
}

/// The block that an address gets its stand-in from: its own kind's, or the one for examples (RFC 5737, RFC 3849).
/// `None` where it may stay: this machine itself, and what is of public record.
fn block(address: IpAddr, is_known: bool) -> Option<IpAddr> {
    let four = |a, b, c| Some(IpAddr::V4(Ipv4Addr::new(a, b, c, 0)));
    let six = |first, second| Some(IpAddr::V6(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0)));
    match address {
        _ if address.is_loopback() || address.is_unspecified() || address.is_multicast() => None,
        IpAddr::V4(address) => match address.octets() {
            [10, ..] => four(10, 0, 0),
            [172, 16..=31, ..] => four(172, 16, 0),
            [192, 168, ..] => four(192, 168, 0),
            [169, 254, ..] => four(169, 254, 0),
            // Of the provider's own network (RFC 6598).
            [100, 64..=127, ..] => four(100, 64, 0),
            _ if is_known || address.is_broadcast() => None,
            _ => four(203, 0, 113),
        },
        IpAddr::V6(address) => match address.segments()[0] {
            0xfe80..=0xfebf => six(0xfe80, 0),
            0xfc00..=0xfdff => six(0xfd00, 0),
            _ if is_known => None,
            _ => six(0x2001, 0xdb8),
        },
    }
}

fn in_block(block: IpAddr, mask: IpAddr) -> bool {
    match (block, mask) {
        (IpAddr::V4(block), IpAddr::V4(mask)) => block.octets()[..2] == mask.octets()[..2],
        (IpAddr::V6(block), IpAddr::V6(mask)) => block.segments()[..7] == mask.segments()[..7],
        _ => false,
    }
}

fn numbered(block: IpAddr, nth: u16) -> IpAddr {
    match block {
        IpAddr::V4(block) => {
            let [a, b, c, _] = block.octets();
            let [more, last] = nth.to_be_bytes();
            IpAddr::V4(Ipv4Addr::new(a, b, c.wrapping_add(more), last))
        }
        IpAddr::V6(block) => {
            let mut segments = block.segments();
            segments[7] = nth;
            IpAddr::V6(segments.into())
        }
    }
}

/// The address, where a text is one and nothing else, with a port or without, or is a record that holds one.
fn whole_address(text: &str) -> Option<IpAddr> {
    let last = text.rsplit(" A ").next().and_then(|rest| rest.rsplit(" AAAA ").next()).unwrap_or(text);
    last.parse().ok().or_else(|| Some(last.parse::<SocketAddr>().ok()?.ip()))
}

fn is_hardware(word: &str) -> bool {
    let parts: Vec<&str> = word.split([':', '-']).collect();
    parts.len() == 6 && parts.iter().all(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Web addresses without what follows the question mark: portals write there who wants to come in.
fn without_queries(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("://") {
        let (before, url) = rest.split_at(start);
        let end = url.find(|letter: char| letter.is_whitespace() || "\"'<>".contains(letter)).unwrap_or(url.len());
        let (url, after) = url.split_at(end);
        shown.push_str(before);
        match url.split_once('?') {
            Some((place, query)) if !query.is_empty() => shown.extend([place, "?…"]),
            _ => shown.push_str(url),
        }
        rest = after;
    }
    shown.push_str(rest);
    shown
}

fn each_text(value: &mut Value, tell: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => tell(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, tell)),
        Value::Object(fields) => fields.values_mut().for_each(|field| each_text(field, tell)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_number_gets_the_same_stand_in_of_its_kind() {
        let told = json!([
            "192.168.178.1:53",
            "192.168.178.23, which stands before 17.57.155.28; and 192.168.178.1.",
            "[fe80::1c2a:9]:53",
            "fd12:3456::7 and 10.9.8.7:993",
        ]);
        let shown = json!([
            "192.168.0.1:53",
            "192.168.0.2, which stands before 203.0.113.1; and 192.168.0.1.",
            "[fe80::1]:53",
            "fd00::1 and 10.0.0.1:993",
        ]);
        assert_eq!(masked(&told).unwrap(), shown);
    }

    #[test]
    fn what_was_asked_for_stays_and_what_a_server_tells_of_the_person_does_not() {
        let told = json!({
            "to": "17.57.155.28:587",
            "records": ["smtp.mail.me.com 20 AAAA 2620:149:a44::587"],
            "text": "250 17.57.155.28 at your service, [81.2.69.142] (2a02:8071::5), by 2620:149:a44::587 at 127.0.0.1",
        });
        let shown = json!({
            "to": "17.57.155.28:587",
            "records": ["smtp.mail.me.com 20 AAAA 2620:149:a44::587"],
            "text": "250 17.57.155.28 at your service, [203.0.113.1] (2001:db8::1), by 2620:149:a44::587 at 127.0.0.1",
        });
        assert_eq!(masked(&told).unwrap(), shown);
    }

    #[test]
    fn a_portals_page_does_not_tell_whose_machine_it_is() {
        let told = json!("<a href='http://portal.example/in?mac=3c-22-fb-01-02-03&ip=10.1.2.3'>3c:22:fb:01:02:03</a>");
        assert_eq!(masked(&told).unwrap(), json!("<a href='http://portal.example/in?…'>00:00:5e:00:53:01</a>"));
    }

    #[test]
    fn other_words_with_points_and_colons_stay_as_they_are() {
        for word in ["2026-11-24T02:23:35Z", "4.7.0", "a::b::c", "de:ad", "X-Y:Z", "::1", "TLS 1.3", "12:30", "v1.2.3"]
        {
            assert_eq!(masked(&json!(word)).unwrap(), json!(word));
        }
    }
}
