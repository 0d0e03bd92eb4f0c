//! The system's keyring, where the app-specific password can be kept.

use std::fmt;

use ::keyring::{Entry, Error};

use crate::secret::Secret;

/// Why the keyring cannot be used, in the system's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unavailable(String);

impl fmt::Display for Unavailable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Unavailable {}

/// The name under which the keyring lists our passwords.
const SERVICE: &str = "icloud-mail-doctor";

/// The password that is kept for an address; `None` where none is.
pub fn get(email: &str) -> Result<Option<Secret>, Unavailable> {
    match entry(email)?.get_password() {
        Ok(password) => Ok(Some(Secret::new(password))),
        Err(Error::NoEntry) => Ok(None),
        Err(fault) => Err(words(&fault)),
    }
}

/// Keeps a password for an address.
pub fn set(email: &str, secret: &Secret) -> Result<(), Unavailable> {
    entry(email)?.set_password(secret.expose()).map_err(|fault| words(&fault))
}

/// Removes the password of an address; `false` where there was none.
pub fn delete(email: &str) -> Result<bool, Unavailable> {
    match entry(email)?.delete_credential() {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(fault) => Err(words(&fault)),
    }
}

fn entry(email: &str) -> Result<Entry, Unavailable> {
    // Without a store an entry only says that there is none; the store says why.
    Entry::store_status().as_ref().map_err(words)?;
    Entry::new(SERVICE, email).map_err(|fault| words(&fault))
}

/// The system's own words, where the crate only puts its own before them.
fn words(fault: &Error) -> Unavailable {
    Unavailable(match fault {
        Error::PlatformFailure(fault) | Error::NoStorageAccess(fault) => fault.to_string(),
        fault => fault.to_string(),
    })
}
