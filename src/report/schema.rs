//! The JSON Schema of the report: made from its types, and kept as a file so that a change of it is seen.

/// The schema. It is made in a test alone, because the making would take three times its room in the program.
pub(crate) const SCHEMA: &str = include_str!("../../tests/report.schema.json");

#[cfg(test)]
mod tests {
    use std::path::Path;

    use schemars::Schema;
    use schemars::generate::SchemaSettings;
    use schemars::transform::RecursiveTransform;
    use serde_json::Value;
    use snapbox::{Assert, Data};

    use crate::report::Report;

    const TITLE: &str = "Report of icloud-mail-doctor";

    const DESCRIPTION: &str = "\
        What `icloud-mail-doctor --format json` writes. `explain --format json` writes `schema_version` and `findings` \
        alone. What is always written is required, and null where it is not known. Within one `schema_version` fields \
        and words may be added, and none is renamed, retyped or taken away: a reader passes over what it does not know, \
        and holds a report against the schema of the program's version that wrote it.";

    #[test]
    fn the_kept_schema_is_what_the_types_make() {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report.schema.json");
        let made = format!("{:#}\n", schema().as_value());
        Assert::new().action_env("SNAPSHOTS").eq(made, Data::read_from(&kept, None).raw());
    }

    /// The schema as the types make it.
    fn schema() -> Schema {
        let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(RecursiveTransform(for_readers));
        let generator = settings.into_generator();
        let mut schema = generator.into_root_schema_for::<Report>();
        schema.insert("title".to_owned(), TITLE.into());
        schema.insert("description".to_owned(), DESCRIPTION.into());
        schema
    }

    /// Fields may be added later, and a reader knows of null and not of Rust's word for it.
    fn for_readers(schema: &mut Schema) {
        if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
            schema.remove("additionalProperties");
        }
        if let Some(Value::String(words)) = schema.get_mut("description") {
            *words = words.replace("`None`", "null").replace('\n', " ");
        }
    }
}
