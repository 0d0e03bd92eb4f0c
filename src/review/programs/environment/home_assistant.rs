//! Home Assistant's YAML: a mapping with `platform: smtp` or `platform: imap` is an account, whatever is above it.

use super::Line;
use crate::review::lines::Word;

/// The keys of a platform, and the names under which they are read as variables.
struct Platform {
    names: &'static [&'static str],
    keys: &'static [(&'static str, &'static str)],
}

/// The schemas of its components smtp and, in old versions, imap and `imap_email_content`.
const PLATFORMS: [Platform; 2] = [
    Platform {
        names: &["smtp"],
        keys: &[
            ("server", "HASS_SMTP_HOST"),
            ("port", "HASS_SMTP_PORT"),
            ("encryption", "HASS_SMTP_ENCRYPTION"),
            ("username", "HASS_SMTP_USER"),
            ("password", "HASS_SMTP_PASSWORD"),
            ("verify_ssl", "HASS_SMTP_VERIFY_SSL"),
        ],
    },
    Platform {
        names: &["imap", "imap_email_content"],
        keys: &[
            ("server", "HASS_IMAP_HOST"),
            ("port", "HASS_IMAP_PORT"),
            ("username", "HASS_IMAP_USER"),
            ("password", "HASS_IMAP_PASSWORD"),
            ("verify_ssl", "HASS_IMAP_VERIFY_SSL"),
        ],
    },
];

/// Whether YAML has such a mapping, with a server in it.
pub(super) fn is_in(lines: &[Line]) -> bool {
    let mut own = places(lines).into_iter().flat_map(|(_, own)| own);
    own.any(|nth| lines.get(nth).is_some_and(|line| line.key.text == "server"))
}

/// Gives the keys of such mappings the names of variables, and each mapping a place of its own.
pub(super) fn rename(lines: &mut [Line]) {
    for (platform, own) in places(lines) {
        let Some(start) = own.first().and_then(|nth| lines.get(*nth)).map(|line| line.key.start) else { continue };
        for nth in own {
            let Some(line) = lines.get_mut(nth) else { continue };
            if let Some((_, text)) = platform.keys.iter().find(|(key, _)| *key == line.key.text) {
                line.key = Word { text, ..line.key };
                line.below = vec![Word { text: platform.keys[0].1, start }];
            }
        }
    }
}

/// Such mappings, each with its lines.
fn places(lines: &[Line]) -> Vec<(&'static Platform, Vec<usize>)> {
    let platform = |line: &Line| {
        let names = |platform: &&Platform| line.key.text == "platform" && platform.names.contains(&line.value.text);
        PLATFORMS.iter().find(names).filter(|_| !line.is_quoted)
    };
    let known = lines.iter().enumerate().filter_map(|(nth, line)| Some((nth, platform(line)?)));
    known.map(|(nth, platform)| (platform, mapping(lines, nth))).collect()
}

/// The lines of the mapping that a line belongs to.
fn mapping(lines: &[Line], nth: usize) -> Vec<usize> {
    // No mapping of a person's has more keys; without this limit, a long file would be read again for each platform.
    const MOST: usize = 50;
    let Some(own) = lines.get(nth) else { return Vec::new() };
    let above = |line: &Line| line.below.last().map(|key| key.start);
    let is_beside = |line: &Line| line.column() == own.column() && above(line) == above(own) && !line.is_quoted;
    let is_deeper = |line: &Line| line.column() > own.column() || line.is_quoted;
    let begins = |line: &Line| is_beside(line) && line.begins_item;
    let (before, after) = (lines.get(..nth).unwrap_or_default(), lines.get(nth + 1..).unwrap_or_default());
    let mut is_begun = begins(own);
    let goes_back = |line: &&Line| {
        let goes_on = !is_begun && (is_deeper(line) || is_beside(line));
        is_begun |= begins(line);
        goes_on
    };
    let first = nth - before.iter().rev().take(MOST).take_while(goes_back).count();
    let goes_on = |line: &&Line| is_deeper(line) || is_beside(line) && !line.begins_item;
    let end = nth + 1 + after.iter().take(MOST).take_while(goes_on).count();
    (first..end).filter(|nth| lines.get(*nth).is_some_and(is_beside)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::*;

    fn renamed(text: &str) -> Vec<String> {
        let mut lines = lines(text);
        rename(&mut lines);
        let is_renamed = |line: &&Line| line.key.text.starts_with("HASS_");
        let told = |line: &Line| format!("{}={}", line.key.text.trim_start_matches("HASS_"), line.value.text);
        lines.iter().filter(is_renamed).map(told).collect()
    }

    #[test]
    fn a_platform_has_the_keys_beside_it() {
        for text in [
            "notify:\n  - server: a\n    platform: smtp\n    data:\n      - port: 1\n    port: 2\n  - platform: file\n    port: 3\n",
            "- server: a\n  platform: smtp # no\n  port: 2\n- server: b\n",
            "notify mail:\n  server: a\n  platform: \"smtp\"\n  port: 2\nother:\n  server: b\n",
            "- name: x\n  server: b\n- platform: smtp\n  server: a\n  text: |\n    port: 4\n  port: 2\n",
        ] {
            assert_eq!(renamed(text), ["SMTP_HOST=a", "SMTP_PORT=2"], "{text}");
            assert!(is_in(&lines(text)), "{text}");
        }
        assert_eq!(renamed("sensor:\n  - platform: imap\n    server: a\n"), ["IMAP_HOST=a"]);
        assert!(!is_in(&lines("- platform: smtp\n- server: a\n")));
    }
}
