//! Secrets are made here and nowhere earlier: their values are in no plan, no journal and no report.

use crate::{
    canonical::{KeySource, SecretSpec},
    cluster::SANDBOX_LABEL,
    execute::ExecuteError,
    plan::SET_LABEL,
};
use serde_json::{Map, Value, json};

/// The Secrets with their values.
pub fn objects(specs: &[SecretSpec], sandbox: &str, set: &str) -> Result<Vec<Value>, ExecuteError> {
    specs.iter().map(|spec| object(spec, sandbox, set)).collect()
}

fn object(spec: &SecretSpec, sandbox: &str, set: &str) -> Result<Value, ExecuteError> {
    let mut data = Map::new();
    for (key, source) in &spec.data {
        data.insert(key.clone(), json!(value_of(source)?));
    }
    Ok(json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": spec.name,
            "namespace": spec.namespace,
            "labels": {SANDBOX_LABEL: sandbox, SET_LABEL: set},
        },
        "stringData": data,
    }))
}

fn value_of(source: &KeySource) -> Result<String, ExecuteError> {
    match source {
        KeySource::Fake(value) => Ok(value.clone()),
        KeySource::FromEnv(variable) => {
            std::env::var(variable).map_err(|_| ExecuteError::NoSuchVariable { variable: variable.clone() })
        }
    }
}
