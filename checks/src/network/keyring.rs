//! The system's keyring, where the app-specific password can be kept.

use ::keyring::Entry;

use crate::secret::Secret;

/// The name under which the keyring lists our passwords.
const SERVICE: &str = "icloud-mail-doctor";

/// The password that is kept for an address; `None` where none is.
pub fn get(email: &str) -> Result<Option<Secret>, String> {
    match Entry::new(SERVICE, email).and_then(|entry| entry.get_password()) {
        Ok(password) => Ok(Some(Secret::new(password))),
        Err(::keyring::Error::NoEntry) => Ok(None),
        Err(fault) => Err(fault.to_string()),
    }
}

/// Keeps a password for an address.
pub fn set(email: &str, secret: &Secret) -> Result<(), String> {
    Entry::new(SERVICE, email).and_then(|entry| entry.set_password(secret.expose())).map_err(|fault| fault.to_string())
}

/// Removes the password of an address; `false` where there was none.
pub fn delete(email: &str) -> Result<bool, String> {
    match Entry::new(SERVICE, email).and_then(|entry| entry.delete_credential()) {
        Ok(()) => Ok(true),
        Err(::keyring::Error::NoEntry) => Ok(false),
        Err(fault) => Err(fault.to_string()),
    }
}
