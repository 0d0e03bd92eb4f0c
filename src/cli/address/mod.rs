//! Checks addresses, login names and server names when they are entered.

pub(crate) mod domain;
pub(crate) mod pasted;

use std::net::Ipv6Addr;

use checks::login::{AddressKind, address_kind};

use crate::misuse::Misuse;

/// RFC 5321, section 4.5.3.1: the most bytes before and behind the `@`.
const LONGEST: (usize, usize) = (64, 255);

/// Refuses what is not an email address. The complaint does not repeat it: it may be a password that was typed in the
/// wrong place.
pub(crate) fn address(text: &str, what: &str) -> Result<(), Misuse> {
    let whole = "write all of it, for instance you@icloud.com; a password never goes here, it is asked for";
    let instead = match text.contains('@') {
        true => whole.to_owned(),
        false => format!("{whole}. An error message goes after `explain`, and a saved report after `render`"),
    };
    let parts = text.rsplit_once('@').filter(|(name, domain)| is_local_part(name) && is_domain(domain));
    let Some((name, _)) = parts else {
        let why = match text.rsplit_once('@') {
            None => " (it has no @)",
            Some((_, domain)) if !domain.contains('.') || !ends_in_letters(domain) => {
                " (nothing like .com is at its end)"
            }
            Some(_) => "",
        };
        return Err(Misuse::new(format!("{what} is not an email address{why}"), instead));
    };
    if address_kind(text) == AddressKind::Icloud && !name.chars().all(is_apples) {
        let why = format!("{what} is not one of iCloud's, which have only a to z, digits and . _ + - before the @");
        return Err(Misuse::new(why, "check the spelling"));
    }
    Ok(())
}

/// Refuses what cannot be the login name of a mail server. As with an address, the complaint does not repeat it.
pub(crate) fn login(text: &str, what: &str) -> Result<(), Misuse> {
    if text.is_empty() {
        return Err(Misuse::new(
            format!("{what} is empty"),
            "for iCloud it is the part before the @, for instance you",
        ));
    }
    let is_word = !text.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    if is_word && text.len() <= LONGEST.0 + 1 + LONGEST.1 {
        return Ok(());
    }
    Err(Misuse::new(format!("{what} is not one word"), "write it without spaces, for instance you or you@icloud.com"))
}

/// Returns the server's name or IP address without what is around it. As with an address, a complaint does not repeat
/// it.
pub(crate) fn host<'t>(text: &'t str, what: &str) -> Result<&'t str, Misuse> {
    let host = text.trim().trim_end_matches('.');
    let is_name = !host.is_empty()
        && host.len() <= LONGEST.1
        && host.chars().all(|letter| letter.is_alphanumeric() || ".-_".contains(letter));
    if is_name || host.parse::<Ipv6Addr>().is_ok() {
        return Ok(host);
    }
    let instead = match host.rsplit_once(':') {
        Some((_, port)) if port.parse::<u16>().is_ok() => "write the port after --imap-port or --smtp-port",
        _ => "Apple's are imap.mail.me.com and smtp.mail.me.com",
    };
    Err(Misuse::new(format!("{what} is not one that a server can have"), instead))
}

/// An RFC 5321 dot-atom, or with the letters of RFC 6531, but without the backtick, which no set of instructions can
/// show. Programs take a word that begins with a hyphen for an option.
fn is_local_part(name: &str) -> bool {
    name.len() <= LONGEST.0
        && !name.starts_with('-')
        && name
            .split('.')
            .all(|atom| !atom.is_empty() && atom.chars().all(|letter| is_letter(letter) || is_sign(letter)))
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        let is_bounded = !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
        is_bounded && label.chars().all(|letter| is_letter(letter) || letter == '-')
    };
    let is_sized = domain.len() <= LONGEST.1 && domain.contains('.');
    is_sized && domain.split('.').all(is_label) && ends_in_letters(domain)
}

/// RFC 3696, section 2: the last part of a domain has letters alone, if it is not another alphabet in disguise.
fn ends_in_letters(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    last.starts_with("xn--") || !last.contains(|letter: char| letter.is_numeric() || letter == '-')
}

/// A letter or digit of any alphabet. macOS writes ä as an a and a combining diaeresis.
fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&letter)
}

fn is_sign(letter: char) -> bool {
    "!#$%&'*+-/=?^_{|}~".contains(letter)
}

fn is_apples(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "._+-".contains(letter)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_dot_atom_and_a_domain() {
        for good in [
            "you@icloud.com",
            "You.Too+news_1-x@ME.com",
            "o'brien@example.com",
            "a!b#c$d%e&f*g/h=i?j^k{l|m}n~o@shop.example",
            "änne@bücher.example",
            "a\u{308}nne@example.de",
            "почта@пример.рф",
            "a@e1.XN--p1ai",
        ] {
            assert_eq!(address(good, "it"), Ok(()), "{good}");
        }
        let long = |count: usize| "x".repeat(count);
        for bad in [
            "",
            "you",
            "you@",
            "@icloud.com",
            "you@icloud",
            "you@icloud.c0m",
            "P@ss.word1",
            "a@b@icloud.com",
            "-f@shop.example",
            ".a@shop.example",
            "a..b@shop.example",
            "a.@shop.example",
            "a@.example",
            "a@-shop.example",
            "a@shop.example-",
            "a@shop..example",
            "a@shop_x.example",
            "a@[127.0.0.1]",
            "a b@shop.example",
            "a\tb@shop.example",
            "a\nb@shop.example",
            "a\u{0}b@shop.example",
            "a\u{85}b@shop.example",
            "a\u{2028}b@shop.example",
            "a\u{202e}b@shop.example",
            "a\u{200b}b@shop.example",
            "\"a\"@shop.example",
            "a`b@shop.example",
            "<a@shop.example",
            "a>@shop.example",
            "a,b@shop.example",
            "a;b@shop.example",
            "a:b@shop.example",
            "a\\b@shop.example",
            "a(b)@shop.example",
            "a[b]@shop.example",
            &format!("{}@shop.example", long(65)),
            &format!("a@{}.example", long(250)),
        ] {
            assert!(address(bad, "it").is_err(), "{bad:?}");
        }
    }

    #[test]
    fn at_apples_domains_few_characters_are_possible() {
        for bad in ["o'brien@icloud.com", "a$b@me.com", "a/b@mac.com", "änne@ICLOUD.com", "a|b@Me.Com"] {
            assert!(address(bad, "it").unwrap_err().to_string().contains("not one of iCloud's"), "{bad}");
        }
    }

    #[test]
    fn what_is_no_address_is_never_repeated() {
        for secret in ["qkwe-ruvz-mbhy-xgtn", "qkwe-ruvz@mbhy-xgtn", "qkwe;ruvz@icloud.com"] {
            assert!(!address(secret, "it").unwrap_err().to_string().contains("qkwe"));
            assert!(host(&format!("{secret} x"), "it").is_err_and(|misuse| !misuse.to_string().contains("qkwe")));
            assert!(login(&format!("{secret} x"), "it").is_err_and(|misuse| !misuse.to_string().contains("qkwe")));
        }
    }

    #[test]
    fn a_login_name_is_one_word() {
        assert_eq!(login("you", "it"), Ok(()));
        assert_eq!(login("shop\\you", "it"), Ok(()));
        for bad in ["", "a b", "a\r\nb", "a\u{0}", "a\u{2028}b", &"x".repeat(400)] {
            assert!(login(bad, "it").is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_server_is_a_name_or_a_number() {
        for good in ["imap.mail.me.com", " imap.mail.me.com. ", "127.0.0.1", "::1", "mail_1.example", "bücher.example"]
        {
            assert_eq!(host(good, "it").unwrap(), good.trim().trim_end_matches('.'));
        }
        for bad in ["", ".", "a b", "a/b", "x:y", "user@host", "imap.mail.me.com\r\nx", &"x".repeat(300)] {
            assert!(host(bad, "it").is_err(), "{bad:?}");
        }
        assert!(host("imap.mail.me.com:993", "it").unwrap_err().to_string().contains("--imap-port"));
    }
}
