//! NixOS's module `programs.msmtp`: msmtp's own settings as Nix writes them, an attribute set for each account.

use std::collections::BTreeMap;

use crate::review::account::{Account, Encryption, Spoken, Stated};
use crate::review::mechanism::is_refused;
use crate::review::switch::{switch, turned};
use crate::review::tree::Leaf;

/// Where the module keeps accounts, and what all of them inherit
/// (nixpkgs, nixos/modules/programs/msmtp.nix).
const ACCOUNTS: &str = "programs.msmtp.accounts.";
const DEFAULTS: &str = "programs.msmtp.defaults.";

type Section<'l, 't> = BTreeMap<String, &'l Leaf<'t>>;

pub(super) fn accounts(leaves: &[Leaf]) -> Vec<Account> {
    let mut defaults = Section::new();
    let mut named: BTreeMap<String, Section> = BTreeMap::new();
    for leaf in leaves {
        let path = leaf.keys.iter().map(|key| key.text).collect::<Vec<_>>().join(".");
        // A module may put all of it below `config`.
        if let Some((_, option)) = path.split_once(DEFAULTS) {
            defaults.insert(option.to_owned(), leaf);
        } else if let Some((name, option)) = path.split_once(ACCOUNTS).and_then(|(_, rest)| rest.rsplit_once('.')) {
            named.entry(name.to_owned()).or_default().insert(option.to_owned(), leaf);
        }
    }
    let inheriting = |own: Section<'_, '_>| {
        let section: Section = defaults.iter().map(|(option, leaf)| (option.clone(), *leaf)).chain(own).collect();
        account(&section)
    };
    named.into_values().filter_map(inheriting).collect()
}

/// msmtp(1): port 25, no TLS, STARTTLS once TLS is on, no sign-in.
fn account(section: &Section) -> Option<Account> {
    let find = |option: &str| section.get(option).copied();
    let word = |option: &str| find(option).filter(|leaf| leaf.is_literal).map(|leaf| leaf.value.said());
    let mut account = Account::new(Spoken::Smtp, word("host")?, 25, Encryption::Off);
    if let Some(port) = find("port") {
        account.port = port.value.port(587);
    }
    let said = |option: &str, usual: bool| find(option).map_or(Some(usual), |leaf| switch(leaf.value.text));
    let is = match (said("tls", false), said("tls_starttls", true)) {
        (Some(false), _) => Encryption::Off,
        (Some(true), Some(true)) => Encryption::Starttls,
        (Some(true), Some(false)) => Encryption::Tls,
        _ => Encryption::Unknown,
    };
    let wrong = if is == Encryption::Tls { find("tls_starttls") } else { find("tls") };
    account.encryption = match wrong {
        Some(leaf) => Stated::at(is, leaf.value.at()).rightly(turned(leaf.value.text)),
        None => Stated::by_itself(is),
    };
    if matches!(is, Encryption::Starttls | Encryption::Unknown) {
        account.encryption.mend = None;
    }
    if let Some(leaf) = find("tls_certcheck").filter(|leaf| switch(leaf.value.text) == Some(false)) {
        account.is_verified = Stated::at(false, leaf.value.at()).rightly(turned(leaf.value.text));
    }
    match find("auth") {
        None => account.no_sign_in = Some(Stated::by_itself(())),
        Some(auth) if switch(auth.value.text) == Some(false) => {
            account.no_sign_in = Some(Stated::at((), auth.value.at()).rightly(turned(auth.value.text)));
        }
        Some(auth) if is_refused(auth.value.text) => account.no_plain = Some(Stated::at((), auth.value.at())),
        Some(_) => {}
    }
    account.login = word("user");
    account.password = find("password").filter(|leaf| leaf.is_text).map(|leaf| leaf.value.at());
    account.password_command = word("passwordeval");
    Some(account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::tree::leaves;

    #[test]
    fn an_account_inherits_the_defaults() {
        use Encryption::{Off, Starttls, Tls};
        let text = "{ programs.msmtp = { enable = true; defaults = { tls = true; port = 587; }; accounts = {\n  default = \
                    { host = \"h.x\"; auth = true; user = \"you\"; };\n  other = { host = \"o.x\"; tls_starttls = false; \
                    port = 465; auth = \"off\"; };\n  old = { host = \"u.x\"; tls = false; }; }; }; }";
        let found = accounts(&leaves(text));
        let told: Vec<_> = found.iter().map(|it| (it.host.is.as_str(), it.port.is, it.encryption.is)).collect();
        assert_eq!(told, [("h.x", 587, Starttls), ("u.x", 587, Off), ("o.x", 465, Tls)]);
        assert!(found[0].no_sign_in.is_none() && found[1].no_sign_in.is_some() && found[2].no_sign_in.is_some());
        assert_eq!(found[1].encryption.mend.as_ref().map(|edit| edit.with.as_str()), Some("true"));
    }

    #[test]
    fn another_module_is_not_it() {
        assert_eq!(accounts(&leaves("services.mailer.accounts.a = { host = \"h.x\"; };")), []);
    }
}
