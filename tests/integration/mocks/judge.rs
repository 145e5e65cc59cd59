//! Schemas of others as judges.

use jsonschema::Validator;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::OnceLock;

/// A file of the shared upstream data, or the reason why there is none.
pub fn upstream(path: &str) -> Result<String, String> {
    let shared = std::env::var_os("AGW_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let file = shared.join("upstream").join(path);
    std::fs::read_to_string(&file).map_err(|failure| format!("{} cannot be read: {failure}", file.display()))
}

/// OpenAI's own API description.
pub struct OpenAi(Value);

impl OpenAi {
    pub fn find() -> Option<&'static Self> {
        static FOUND: OnceLock<Option<OpenAi>> = OnceLock::new();
        FOUND.get_or_init(Self::read).as_ref()
    }

    fn read() -> Option<Self> {
        match upstream("openai/openapi.yaml") {
            Ok(text) => Some(Self(nullable(serde_yaml::from_str(&text).unwrap()))),
            Err(reason) => {
                println!("skipped: {reason}");
                None
            }
        }
    }

    /// The names of the properties of a schema, with those that it takes over from others.
    pub fn properties(&self, schema: &str) -> Vec<String> {
        self.collect(&self.0["components"]["schemas"][schema])
    }

    fn collect(&self, schema: &Value) -> Vec<String> {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/components/schemas/")) {
            return self.properties(name);
        }
        let own = schema["properties"].as_object().into_iter().flat_map(|properties| properties.keys().cloned());
        let others = schema["allOf"].as_array().into_iter().flatten().flat_map(|part| self.collect(part));
        own.chain(others).collect()
    }

    pub fn of(&self, schema: &str) -> Validator {
        judge(json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": format!("#/components/schemas/{schema}"),
            "components": { "schemas": self.0["components"]["schemas"] },
        }))
    }
}

/// A judge for one definition of an MCP revision.
pub fn mcp(revision: &str, definition: &str) -> Option<Validator> {
    match upstream(&format!("mcp/{revision}/schema.json")) {
        Ok(text) => {
            let mut schema: Value = serde_json::from_str(&text).unwrap();
            let definitions = if schema.get("$defs").is_some() { "$defs" } else { "definitions" };
            schema["$ref"] = format!("#/{definitions}/{definition}").into();
            Some(judge(schema))
        }
        Err(reason) => {
            println!("skipped: {reason}");
            None
        }
    }
}

/// The description says `nullable` as older OpenAPI does, which JSON Schema does not know.
fn nullable(schema: Value) -> Value {
    match schema {
        Value::Array(items) => items.into_iter().map(nullable).collect(),
        Value::Object(mut fields) => {
            let is_nullable = fields.get("nullable") == Some(&Value::Bool(true));
            if is_nullable {
                fields.remove("nullable");
            }
            // The parser reads the name `y` as the truth value that it was in older YAML.
            for name in fields.get_mut("required").and_then(Value::as_array_mut).into_iter().flatten() {
                if *name == true {
                    *name = "y".into();
                }
            }
            let schema: Value = fields.into_iter().map(|(name, value)| (name, nullable(value))).collect();
            if is_nullable { json!({ "anyOf": [{ "type": "null" }, schema] }) } else { schema }
        }
        other => other,
    }
}

fn judge(schema: Value) -> Validator {
    jsonschema::validator_for(&schema).unwrap()
}

pub fn holds(judge: &Validator, value: &Value) {
    let faults: Vec<String> =
        judge.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:#?}\n{value:#}");
}
