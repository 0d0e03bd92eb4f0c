//! Replaces the IP addresses that identify a network: each gets a stand-in of its own kind, always the same one, so
//! that a reader can still follow the report and the diagnosis stays the same.

mod blocks;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde_json::Value;

use crate::texts;
pub(super) use blocks::Blocks;
use blocks::{block, example, is_example, numbered};

/// Replaces addresses of private networks, hardware addresses, and any address in a text from outside that was not
/// asked for, because it may be the user's own. Returns the stand-ins among the IP addresses.
pub(super) fn mask(value: &mut Value, blocks: Blocks, is_ours: impl Fn(&[&str]) -> bool) -> Vec<IpAddr> {
    let mut masks = Masks::of(blocks);
    texts::each(value, |place, text| {
        if may_have_any(text) && !is_ours(place) {
            masks.known.extend(whole_address(text).into_iter().chain(examples(text)));
        }
    });
    texts::each(value, |place, text| {
        if may_have_any(text) && !is_ours(place) {
            let shown = without_queries(text);
            *text = masks.text(&shown);
        }
    });
    masks.addresses.into_values().collect::<BTreeSet<_>>().into_iter().collect()
}

/// No address in any form is without these, and hardly any word has them.
fn may_have_any(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit() || byte == b':' || byte == b'-')
}

struct Masks {
    blocks: Blocks,
    /// The addresses that were asked for or are an answer to a question, and so are public.
    known: BTreeSet<IpAddr>,
    addresses: BTreeMap<IpAddr, IpAddr>,
    /// How many stand-ins of each block are used.
    given: BTreeMap<IpAddr, u32>,
    hardware: BTreeMap<String, String>,
}

impl Masks {
    fn of(blocks: Blocks) -> Self {
        let (known, addresses) = (BTreeSet::new(), BTreeMap::new());
        Self { blocks, known, addresses, given: BTreeMap::new(), hardware: BTreeMap::new() }
    }

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

    fn word<'w>(&mut self, word: &'w str) -> Cow<'w, str> {
        if may_have_any(word) { Cow::Owned(self.masked(word)) } else { Cow::Borrowed(word) }
    }

    fn masked(&mut self, word: &str) -> String {
        // A full stop or a colon may belong to the sentence and not to the address; a port may follow the address.
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
            // The documentation block of RFC 7042 section 2.1.2.
            let mask = || format!("00:00:5e:00:53:{nth:02x}");
            return format!("{}{end}", self.hardware.entry(bare.to_ascii_lowercase()).or_insert_with(mask));
        }
        let inside = self.reversed(word).or_else(|| self.labelled(bare).map(|shown| format!("{shown}{end}")));
        inside.unwrap_or_else(|| {
            let dotted = self.inside(word, '.');
            if word.contains(|letter: char| letter.is_ascii_alphabetic()) { self.inside(&dotted, '-') } else { dotted }
        })
    }

    /// The name of a reverse lookup (RFC 1035 section 3.5, RFC 3596 section 2.5).
    fn reversed(&mut self, word: &str) -> Option<String> {
        let lower = word.to_ascii_lowercase();
        let (end, count) = [(".in-addr.arpa", 4), (".ip6.arpa", 32)]
            .into_iter()
            .find_map(|(zone, count)| Some((lower.find(zone)?, count)))?;
        let mut labels: Vec<&str> = lower[..end].rsplit('.').collect();
        let others = labels.split_off(count.min(labels.len()));
        let address: IpAddr = match count {
            4 => IpAddr::V4(labels.join(".").parse().ok()?),
            _ => IpAddr::V6(u128::from_str_radix(&labels.concat(), 16).ok().filter(|_| labels.len() == 32)?.into()),
        };
        let mut shown: Vec<String> = match self.address(address) {
            IpAddr::V4(mask) => mask.octets().map(|part| part.to_string()).to_vec(),
            IpAddr::V6(mask) => format!("{:032x}", mask.to_bits()).chars().map(String::from).collect(),
        };
        shown.extend(others.into_iter().map(str::to_owned));
        shown.reverse();
        Some(format!("{}{}", shown.join("."), &word[end..]))
    }

    /// An IPv6 address after a label: `IPv6:fd00::5` (RFC 5321 section 4.1.3), `from:fd00::5`.
    fn labelled(&mut self, word: &str) -> Option<String> {
        let label = match word.get(..5) {
            Some(label) if label.eq_ignore_ascii_case("ipv6:") => 5,
            _ => word.find(':').filter(|at| word[..*at].contains(|letter: char| !letter.is_ascii_hexdigit()))? + 1,
        };
        let address = IpAddr::V6(word[label..].parse().ok()?);
        Some(format!("{}{}", &word[..label], self.address(address)))
    }

    /// A word with its IPv4 addresses masked, whose parts are separated by this mark: `dyn-10.1.2.3.home.example`,
    /// `ip-10-1-2-3`.
    fn inside(&mut self, word: &str, mark: char) -> String {
        let is_part = |letter: char| letter.is_ascii_digit() || letter == mark;
        let mut shown = String::with_capacity(word.len());
        let mut rest = word;
        while let Some(start) = rest.find(is_part) {
            let (before, from) = rest.split_at(start);
            shown.push_str(before);
            let (run, after) = from.split_at(from.find(|letter| !is_part(letter)).unwrap_or(from.len()));
            let number = run.trim_matches(mark);
            let lead = run.len() - run.trim_start_matches(mark).len();
            let is_word = |side: Option<char>| side.is_some_and(|letter| letter.is_ascii_alphanumeric());
            let goes_on = (lead == 0 && is_word(shown.chars().next_back()))
                || (lead + number.len() == run.len() && is_word(after.chars().next()));
            let address = number.replace(mark, ".").parse::<Ipv4Addr>().ok().filter(|_| !goes_on);
            match address {
                Some(address) => {
                    let stand_in = self.address(IpAddr::V4(address)).to_string().replace('.', &mark.to_string());
                    shown.extend([&run[..lead], stand_in.as_str(), &run[lead + number.len()..]]);
                }
                None => shown.push_str(run),
            }
            rest = after;
        }
        shown.push_str(rest);
        shown
    }

    fn address(&mut self, address: IpAddr) -> IpAddr {
        if let Some(mask) = self.addresses.get(&address) {
            return *mask;
        }
        let Some(own) = block(address, self.known.contains(&address)) else { return address };
        let block = if self.blocks == Blocks::Examples { example(own) } else { own };
        let nth = self.given.entry(block).or_default();
        let mask = loop {
            *nth = nth.saturating_add(1);
            let mask = numbered(block, *nth, self.blocks);
            // A documentation address that is in the text already is not used as a stand-in.
            if !(is_example(mask) && self.known.contains(&mask)) {
                break mask;
            }
        };
        self.addresses.insert(address, mask);
        mask
    }
}

/// The documentation addresses in a text.
fn examples(text: &str) -> Vec<IpAddr> {
    if !["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"].iter().any(|begin| text.contains(begin)) {
        return Vec::new();
    }
    let words = text.split(|letter: char| !(letter.is_ascii_hexdigit() || matches!(letter, '.' | ':')));
    let addresses = words.filter_map(|word| word.trim_end_matches(['.', ':']).parse().ok());
    addresses.filter(|address| is_example(*address)).collect()
}

/// The address, if the text is only an address, with or without a port, or a record that contains one.
fn whole_address(text: &str) -> Option<IpAddr> {
    let last = text.rsplit(" A ").next().and_then(|rest| rest.rsplit(" AAAA ").next()).unwrap_or(text);
    last.parse().ok().or_else(|| Some(last.parse::<SocketAddr>().ok()?.ip()))
}

fn is_hardware(word: &str) -> bool {
    let parts: Vec<&str> = word.split([':', '-']).collect();
    parts.len() == 6 && parts.iter().all(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Web addresses without the part after the question mark: portals put the user's name there.
fn without_queries(text: &str) -> Cow<'_, str> {
    if !text.contains("://") {
        return Cow::Borrowed(text);
    }
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
    Cow::Owned(shown)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use serde_json::json;

    use super::*;

    /// The data as others read them.
    fn shared(told: impl Into<Value>) -> Value {
        masked(told, Blocks::Examples)
    }

    fn recorded(told: &Value) -> Value {
        masked(told.clone(), Blocks::OwnKind)
    }

    fn masked(told: impl Into<Value>, blocks: Blocks) -> Value {
        let mut value = told.into();
        mask(&mut value, blocks, |_| false);
        value
    }

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
        assert_eq!(recorded(&told), shown);
        assert_eq!(recorded(&shown), shown);
        let shown = json!([
            "192.0.2.1:53",
            "192.0.2.2, which stands before 203.0.113.1; and 192.0.2.1.",
            "[2001:db8:1::1]:53",
            "2001:db8:1::2 and 192.0.2.3:993",
        ]);
        assert_eq!(shared(told), shown);
        assert_eq!(shared(shown.clone()), shown);
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
        assert_eq!(shared(told), shown);
    }

    #[test]
    fn a_portals_page_does_not_tell_whose_machine_it_is() {
        let told = json!("<a href='http://portal.example/in?mac=3c-22-fb-01-02-03&ip=10.1.2.3'>3c:22:fb:01:02:03</a>");
        assert_eq!(shared(told), json!("<a href='http://portal.example/in?…'>00:00:5e:00:53:01</a>"));
    }

    #[test]
    fn a_number_is_masked_in_every_form_that_servers_use() {
        let told = json!([
            "[IPv6:fd00:0:0:1::5] ip:10.1.2.3 from:10.1.2.3 dyn-10.1.2.3 dyn-10.1.2.3-x from:fd00:0:0:1::5;",
            "10.1.2.3.home.example ip-10-1-2-3.eu.example [10.1.2.3]:993 10.1.2.3:993.",
            "3.2.1.10.in-addr.arpa x.3.2.1.10.in-addr.arpa.",
            "5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa",
        ]);
        let shown = json!([
            "[IPv6:2001:db8:1::1] ip:192.0.2.1 from:192.0.2.1 dyn-192.0.2.1 dyn-192.0.2.1-x from:2001:db8:1::1;",
            "192.0.2.1.home.example ip-192-0-2-1.eu.example [192.0.2.1]:993 192.0.2.1:993.",
            "1.2.0.192.in-addr.arpa x.1.2.0.192.in-addr.arpa.",
            "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
        ]);
        assert_eq!(shared(told), shown);
    }

    #[test]
    fn so_many_numbers_are_masked_in_one_pass() {
        let told: Vec<_> = (0..165_000_u32).map(|nth| Ipv4Addr::from(0x0a00_0000 + nth).to_string()).collect();
        let told = told.join(" ");
        let shown = shared(told);
        let shown = shown.as_str().unwrap();
        assert!(shown.starts_with("192.0.2.1 192.0.2.2 192.0.2.3 "));
        assert_eq!(shown.split(' ').collect::<BTreeSet<_>>().len(), 165_000);
    }

    #[test]
    fn no_stand_in_is_an_address_that_somebody_has_or_one_that_is_told_already() {
        let mut told =
            json!(["192.168.1.1 and fe80::9 and 81.2.69.142", "192.0.2.1", "100.64.3.2, 169.254.8.8, 10.1.1.1"]);
        let stand_ins = mask(&mut told, Blocks::Examples, |_| false);
        assert_eq!(stand_ins.len(), 6);
        assert!(stand_ins.iter().all(|stand_in| is_example(*stand_in)), "{stand_ins:?}");
        assert!(!stand_ins.contains(&IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))), "{stand_ins:?}");
    }

    #[test]
    fn other_words_with_points_and_colons_stay_as_they_are() {
        for word in [
            "2026-11-24T02:23:35Z",
            "4.7.0",
            "a::b::c",
            "de:ad",
            "X-Y:Z",
            "::1",
            "TLS 1.3",
            "12:30",
            "v1.2.3",
            "v1.2.3.4",
            "1.3.6.1.4.1",
            "24-11-26-10",
            "1.2.3.4a",
            "300.1.2.3",
        ] {
            assert_eq!(shared(json!(word)), json!(word));
        }
    }
}
