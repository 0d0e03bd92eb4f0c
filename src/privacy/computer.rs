//! What this computer is called and where its user's files lie, which no report has to tell.

use checks::conceal::Concealer;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What stands for the computer's name.
const STAND_IN: &str = "this-computer";

/// The names of a computer; none at all for one that nothing is known of.
#[derive(Default)]
pub(crate) struct Computer {
    host: String,
    home: Option<String>,
}

impl Computer {
    /// The one that this runs on.
    pub(crate) fn this() -> Self {
        // The first label: the domain after it is the network's, and reverse lookups give the computer others.
        let host = gethostname::gethostname().to_string_lossy().split('.').next().unwrap_or_default().to_owned();
        let home = std::env::home_dir().map(|home| home.to_string_lossy().into_owned());
        Self { host, home: home.filter(|home| home.len() > 1) }
    }

    /// The data without them. The servers that were `asked` keep theirs.
    pub(super) fn unnamed<T: Serialize + DeserializeOwned>(
        &self,
        data: &T,
        asked: [&str; 2],
    ) -> Result<T, serde_json::Error> {
        let is_asked =
            asked.iter().flat_map(|name| name.split('.')).any(|label| label.eq_ignore_ascii_case(&self.host));
        let conceals_host = !self.host.is_empty() && self.host != "localhost" && !is_asked;
        let host = Concealer::default();
        let host = if conceals_host { host.identity(&self.host, STAND_IN) } else { host };
        let mut value = serde_json::to_value(data)?;
        self.each(&mut value, &host);
        serde_json::from_value(value)
    }

    fn each(&self, value: &mut Value, host: &Concealer) {
        match value {
            Value::String(text) => {
                if let Some(home) = &self.home {
                    *text = text.replace(home.as_str(), "~");
                }
                // Words of our own, such as an outcome's, are one word; a sentence or a full name is not.
                if text.contains([' ', '.']) {
                    *text = host.text(text);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.each(item, host)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.each(field, host)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_tells_neither_the_computers_name_nor_its_users() {
        let computer = Computer { host: "annas-laptop".to_owned(), home: Some("/home/anna".to_owned()) };
        let told = json!(["250 Hello Annas-Laptop.fritz.box [10.0.0.1]", "/home/anna/roots.pem cannot be read"]);
        let shown = json!(["250 Hello this-computer.fritz.box [10.0.0.1]", "~/roots.pem cannot be read"]);
        assert_eq!(computer.unnamed(&told, ["imap.mail.me.com", ""]).unwrap(), shown);
    }

    #[test]
    fn a_computer_that_is_called_like_a_word_of_ours_or_a_server_spoils_nothing() {
        let told = json!(["refused", "imap.mail.me.com says no"]);
        for host in ["refused", "imap"] {
            let computer = Computer { host: host.to_owned(), home: None };
            assert_eq!(computer.unnamed(&told, ["imap.mail.me.com", ""]).unwrap(), told);
        }
    }
}
