//! A typing error in a mail domain: which of iCloud's was very likely meant.

use crate::login::ICLOUD_DOMAINS;
use crate::settings::{Facts, distance};

/// More errors than this in a long name make another name.
const MOST_SLIPS: usize = 2;

/// A name with fewer letters is another word after two errors; after one, such names are rarely mail domains: we.com,
/// max.com.
const SHORTEST_TO_SLIP_IN: usize = 4;

/// Returns the domain of iCloud's that differs from this one by a typing error; `None` if it is one of them, or
/// another.
pub fn slip_of(domain: &str) -> Option<&'static str> {
    let domain = domain.to_lowercase();
    if ICLOUD_DOMAINS.contains(&domain.as_str()) {
        return None;
    }
    let likely = ICLOUD_DOMAINS.into_iter().filter(|own| is_slip(&domain, own));
    likely.min_by_key(|own| distance(&domain, own))
}

/// Returns the first domain of the address or of a login name with a typing error, and the one that was very likely
/// meant.
pub fn slip_in(settings: &Facts) -> Option<(&str, &'static str)> {
    let given = [&settings.email, &settings.imap.server.login, &settings.smtp.server.login];
    let mut domains = given.into_iter().flatten().filter_map(|address| Some(address.rsplit_once('@')?.1));
    domains.find_map(|domain| Some((domain, slip_of(domain)?)))
}

fn is_slip(domain: &str, own: &str) -> bool {
    // Apple has servers below its domains, but no addresses.
    if domain.strip_suffix(own).is_some_and(|before| before.ends_with('.')) {
        return true;
    }
    let name = |domain: &str| domain.split('.').next().unwrap_or_default().to_owned();
    match name(own).len() >= SHORTEST_TO_SLIP_IN {
        true => name(domain) == name(own) || distance(domain, own) <= MOST_SLIPS,
        false => distance(domain, own) <= 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icloud_domain_is_no_slip_however_it_is_written() {
        for domain in ["icloud.com", "iCloud.com", "ME.COM", "shop.example", "mac.de"] {
            assert_eq!(slip_of(domain), None, "{domain}");
        }
        for domain in ["iCloud.de", "mail.icloud.com", "iclod.con"] {
            assert_eq!(slip_of(domain), Some("icloud.com"), "{domain}");
        }
    }
}
