//! The JSON Schemas of the report, the review, the comparison and the lines of many accounts: made from their types, and kept as files so that every change is
//! visible.

use crate::packed::Packed;

/// They are made only in a test, because the code for it would make the program much larger.
static SCHEMAS: Packed = Packed::of(include_bytes!(concat!(env!("OUT_DIR"), "/schemas.packed")));

/// The schema of the report.
pub(crate) fn of_report() -> &'static str {
    SCHEMAS.named("report").unwrap_or_default()
}

/// The schema of a review.
pub(crate) fn of_review() -> &'static str {
    SCHEMAS.named("review").unwrap_or_default()
}

/// The schema of a comparison.
pub(crate) fn of_comparison() -> &'static str {
    SCHEMAS.named("comparison").unwrap_or_default()
}

/// The text of the schema of the lines of a run over many accounts, as it is kept.
pub(crate) fn of_accounts() -> &'static str {
    SCHEMAS.named("accounts").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use schemars::generate::SchemaSettings;
    use schemars::transform::RecursiveTransform;
    use schemars::{Schema, SchemaGenerator};
    use serde_json::Value;
    use snapbox::{Assert, Data};

    use crate::report::Report;
    use crate::report::comparison::Comparison;
    use crate::report::line::Line;
    use crate::report::review::Document;

    const TITLE: &str = "Report of icloud-mail-doctor";

    const DESCRIPTION: &str = "\
        What `icloud-mail-doctor --format json` writes. `explain --format json` writes `schema_version` and `findings` \
        alone. What is always written is required, and null where it is not known. Within one `schema_version` fields \
        and words may be added, and none is renamed, retyped or taken away: a reader passes over what it does not know, \
        and holds a report against the schema of the program's version that wrote it.";

    const TITLE_OF_REVIEW: &str = "Review by icloud-mail-doctor";

    const DESCRIPTION_OF_REVIEW: &str = "\
        What `icloud-mail-doctor review --format json` writes. A finding is what a report's is, with its file and line. \
        What is always written is required, and null where it is not known. Within one `schema_version` fields and words \
        may be added, and none is renamed, retyped or taken away.";

    const TITLE_OF_COMPARISON: &str = "Comparison by icloud-mail-doctor";

    const DESCRIPTION_OF_COMPARISON: &str = "\
        What `icloud-mail-doctor compare --format json` writes. What is always written is required, and null where it is \
        not known. Within one `schema_version` fields and words may be added, and none is renamed, retyped or taken away.";

    const TITLE_OF_ACCOUNTS: &str = "Line of icloud-mail-doctor for many accounts";

    const DESCRIPTION_OF_ACCOUNTS: &str = "\
        A line that `icloud-mail-doctor check --accounts` writes: the report of an account with its name and its labels, \
        an account that was not asked and why, what was found once for all accounts, or, as the last line, the summary. \
        Within one `schema_version` fields and words may be added, and none is renamed, retyped or taken away.";

    #[test]
    fn the_kept_schemas_are_what_the_types_make() {
        let all = [
            ("report", schema(), super::of_report()),
            ("review", of_review(), super::of_review()),
            ("comparison", of_comparison(), super::of_comparison()),
            ("accounts", of_accounts(), super::of_accounts()),
        ];
        let kept = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/{name}.schema.json"));
        for (name, schema, _) in &all {
            let made = format!("{:#}\n", schema.as_value());
            Assert::new().action_env("SNAPSHOTS").eq(made, Data::read_from(&kept(name), None).raw());
        }
        for (name, _, printed) in all {
            let is_printed = std::fs::read_to_string(kept(name)).is_ok_and(|kept| kept == printed);
            assert!(is_printed, "tests/{name}.schema.json was written just now: run the test again, to build it in");
        }
    }

    fn generator() -> SchemaGenerator {
        let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(RecursiveTransform(for_readers));
        settings.into_generator()
    }

    fn of_review() -> Schema {
        let mut schema = generator().into_root_schema_for::<Document>();
        schema.insert("title".to_owned(), TITLE_OF_REVIEW.into());
        schema.insert("description".to_owned(), DESCRIPTION_OF_REVIEW.into());
        schema
    }

    fn of_comparison() -> Schema {
        let mut schema = generator().into_root_schema_for::<Comparison>();
        schema.insert("title".to_owned(), TITLE_OF_COMPARISON.into());
        schema.insert("description".to_owned(), DESCRIPTION_OF_COMPARISON.into());
        schema
    }

    /// The schema of a type.
    fn of_accounts() -> Schema {
        let mut schema = generator().into_root_schema_for::<Line>();
        schema.insert("title".to_owned(), TITLE_OF_ACCOUNTS.into());
        schema.insert("description".to_owned(), DESCRIPTION_OF_ACCOUNTS.into());
        schema
    }

    fn schema() -> Schema {
        let mut schema = generator().into_root_schema_for::<Report>();
        schema.insert("title".to_owned(), TITLE.into());
        schema.insert("description".to_owned(), DESCRIPTION.into());
        schema
    }

    /// Allows more fields, because later versions may add some, and replaces Rust's `None` by null.
    fn for_readers(schema: &mut Schema) {
        if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
            schema.remove("additionalProperties");
        }
        if let Some(Value::String(words)) = schema.get_mut("description") {
            *words = words.replace("`None`", "null").replace('\n', " ");
        }
    }
}
