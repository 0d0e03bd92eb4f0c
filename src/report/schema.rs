//! The JSON Schemas of the report and of a review: made from their types, and kept as files so that a change of one is seen.

/// The report's. They are made in a test alone, because the making would take three times their room in the program.
pub(crate) const OF_REPORT: &str = include_str!("../../tests/report.schema.json");

/// A review's.
pub(crate) const OF_REVIEW: &str = include_str!("../../tests/review.schema.json");

#[cfg(test)]
mod tests {
    use std::path::Path;

    use checks::asked::{Asked, PerServer};
    use checks::plan::{Check, Look};
    use checks::second_look::{
        LOOKS, another_resolver, by_number, control_host, other_family, other_hello, other_port, other_sign_in,
        plain_page,
    };
    use checks::{CHECKS, apple_status, dns, imap, settings, smtp, tcp, tls};
    use schemars::generate::SchemaSettings;
    use schemars::transform::RecursiveTransform;
    use schemars::{JsonSchema as _, Schema, SchemaGenerator};
    use serde_json::{Value, json};
    use snapbox::{Assert, Data};

    use crate::report::review::Document;
    use crate::report::{CheckRow, Report};

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

    #[test]
    fn the_kept_schemas_are_what_the_types_make() {
        for (name, schema) in [("report", schema()), ("review", of_review())] {
            let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/{name}.schema.json"));
            let made = format!("{:#}\n", schema.as_value());
            Assert::new().action_env("SNAPSHOTS").eq(made, Data::read_from(&kept, None).raw());
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

    /// The schema as the types make it.
    fn schema() -> Schema {
        let mut generator = generator();
        let checks = CHECKS.map(|listed| (listed.id, of_check(listed.check, &mut generator)));
        let looks = LOOKS.map(|listed| (listed.id, of_look(listed.look, &mut generator)));
        let evidence: Vec<Value> =
            checks.into_iter().chain(looks).map(|(id, evidence)| in_row(id, &evidence)).collect();
        let row = format!("/$defs/{}", CheckRow::schema_name());
        let mut schema = generator.into_root_schema_for::<Report>();
        schema.pointer_mut(&row).unwrap()["allOf"] = Value::Array(evidence);
        schema.insert("title".to_owned(), TITLE.into());
        schema.insert("description".to_owned(), DESCRIPTION.into());
        schema
    }

    /// The evidence of a row of this name.
    fn in_row(id: &str, evidence: &Schema) -> Value {
        json!({
            "if": { "properties": { "id": { "const": id } } },
            "then": { "properties": { "evidence": evidence } }
        })
    }

    /// What a check's row holds as its evidence.
    fn of_check(check: Check, generator: &mut SchemaGenerator) -> Schema {
        match check {
            Check::Settings => generator.subschema_for::<settings::Facts>(),
            Check::Dns => generator.subschema_for::<PerServer<dns::Facts>>(),
            Check::Tcp => generator.subschema_for::<PerServer<tcp::Facts>>(),
            Check::Tls => generator.subschema_for::<PerServer<tls::Facts>>(),
            Check::Imap => generator.subschema_for::<Option<Asked<imap::Facts>>>(),
            Check::Smtp => generator.subschema_for::<Option<Asked<smtp::Facts>>>(),
            Check::AppleStatus => generator.subschema_for::<Option<Asked<apple_status::Facts>>>(),
        }
    }

    /// What a second look's row holds as its evidence.
    fn of_look(look: Look, generator: &mut SchemaGenerator) -> Schema {
        match look {
            Look::AnotherResolver => generator.subschema_for::<Asked<another_resolver::Facts>>(),
            Look::ByNumber => generator.subschema_for::<Asked<by_number::Facts>>(),
            Look::OtherFamily => generator.subschema_for::<Asked<other_family::Facts>>(),
            Look::OtherPort => generator.subschema_for::<Asked<other_port::Facts>>(),
            Look::PlainPage => generator.subschema_for::<Asked<plain_page::Facts>>(),
            Look::OtherHello => generator.subschema_for::<Asked<other_hello::Facts>>(),
            Look::ControlHost => generator.subschema_for::<Asked<control_host::Facts>>(),
            Look::OtherSignIn => generator.subschema_for::<Asked<other_sign_in::Facts>>(),
        }
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
