//! The text format of metrics, in the two dialects that Prometheus asks for.
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/>, <https://prometheus.io/docs/instrumenting/exposition_formats/>

use std::fmt::{Display, Write as _};

/// What the names of all our own metrics begin with.
const PREFIX: &str = "icloud_mail_";

/// The dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `OpenMetrics` 1.0.
    OpenMetrics,
    /// Prometheus' own, version 0.0.4: without units, and without an end.
    Prometheus,
}

impl Dialect {
    /// The media type of a text in it.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

/// A name and a value.
pub(super) type Label<'a> = (&'a str, &'a str);

/// One metric.
pub(super) struct Family {
    prefix: &'static str,
    name: &'static str,
    help: &'static str,
    is_counter: bool,
    unit: Option<&'static str>,
}

impl Family {
    pub(super) const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self { prefix: PREFIX, name, help, is_counter: false, unit: None }
    }

    pub(super) const fn in_seconds(name: &'static str, help: &'static str) -> Self {
        Self { unit: Some("seconds"), ..Self::gauge(name, help) }
    }

    /// Its samples end in `_total`.
    pub(super) const fn counter(name: &'static str, help: &'static str) -> Self {
        Self { is_counter: true, ..Self::gauge(name, help) }
    }

    pub(super) const fn without_our_prefix(self) -> Self {
        Self { prefix: "", ..self }
    }
}

/// A text that grows.
pub(super) struct Exposition {
    dialect: Dialect,
    text: String,
}

impl Exposition {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, text: String::new() }
    }

    /// Adds a metric with its samples.
    pub(super) fn family(&mut self, family: &Family, samples: impl FnOnce(&mut Samples<'_>)) {
        let Family { prefix, name, help, is_counter, unit } = family;
        let sample = format!("{prefix}{name}{}", if *is_counter { "_total" } else { "" });
        let named = match self.dialect {
            Dialect::OpenMetrics => format!("{prefix}{name}"),
            Dialect::Prometheus => sample.clone(),
        };
        let kind = if *is_counter { "counter" } else { "gauge" };
        self.line(format_args!("# HELP {named} {help}"));
        self.line(format_args!("# TYPE {named} {kind}"));
        if let (Some(unit), Dialect::OpenMetrics) = (unit, self.dialect) {
            self.line(format_args!("# UNIT {named} {unit}"));
        }
        samples(&mut Samples { text: &mut self.text, name: sample });
    }

    /// Adds a metric with one sample, which has no label.
    pub(super) fn single(&mut self, family: &Family, value: impl Display) {
        self.family(family, |samples| samples.add(&[], &[], value));
    }

    /// The whole text.
    pub(super) fn ended(mut self) -> String {
        if self.dialect == Dialect::OpenMetrics {
            self.line(format_args!("# EOF"));
        }
        self.text
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // A text grows without a fault.
        let _ = writeln!(self.text, "{line}");
    }
}

/// The samples of a metric.
pub(super) struct Samples<'e> {
    text: &'e mut String,
    name: String,
}

impl Samples<'_> {
    /// Adds one, with labels of what it is about and labels of its own.
    pub(super) fn add(&mut self, about: &[Label<'_>], own: &[Label<'_>], value: impl Display) {
        self.text.push_str(&self.name);
        for (at, (name, text)) in about.iter().chain(own).enumerate() {
            self.text.push(if at == 0 { '{' } else { ',' });
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape(text, self.text);
            self.text.push('"');
        }
        if !about.is_empty() || !own.is_empty() {
            self.text.push('}');
        }
        // A text grows without a fault.
        let _ = writeln!(self.text, " {value}");
    }
}

/// Escapes the text between the quotes of a label.
fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '\\' | '"' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            _ => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_ends_at_its_own_quote() {
        let mut told = String::new();
        escape("a\"b\\c\nd", &mut told);
        assert_eq!(told, r#"a\"b\\c\nd"#);
    }

    #[test]
    fn the_dialects_differ_in_units_counters_and_the_end() {
        let told = |dialect| {
            let mut exposition = Exposition::new(dialect);
            exposition.family(&Family::counter("sign_ins", "How many."), |samples| samples.add(&[("a", "b")], &[], 7));
            exposition.single(&Family::in_seconds("age_seconds", "How old.").without_our_prefix(), 1);
            exposition.ended()
        };
        assert_eq!(
            told(Dialect::OpenMetrics),
            "# HELP icloud_mail_sign_ins How many.\n# TYPE icloud_mail_sign_ins counter\n\
             icloud_mail_sign_ins_total{a=\"b\"} 7\n# HELP age_seconds How old.\n# TYPE age_seconds gauge\n\
             # UNIT age_seconds seconds\nage_seconds 1\n# EOF\n"
        );
        assert_eq!(
            told(Dialect::Prometheus),
            "# HELP icloud_mail_sign_ins_total How many.\n# TYPE icloud_mail_sign_ins_total counter\n\
             icloud_mail_sign_ins_total{a=\"b\"} 7\n# HELP age_seconds How old.\n# TYPE age_seconds gauge\n\
             age_seconds 1\n"
        );
    }
}
