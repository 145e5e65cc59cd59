//! Our schemas and a real kube-apiserver say the same of the same objects, word for word.

use super::Definition;
use super::corpus::{self, Judgement};
use super::real::RealApiServer;
use serde_json::Value;

const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

#[tokio::test(flavor = "multi_thread")]
async fn a_real_api_server_says_the_same() {
    let Some(real) = super::upstream() else { return };
    let Some(server) = RealApiServer::start().await else { return };
    takes_built_in_definitions(&server).await;
    let (probe, probes) = probe();
    install(&server, real.values().chain([&probe])).await;
    compare(&server, &probe, &probes).await;
    for (kind, definition) in real {
        let specs = &corpus::specs()[kind];
        compare(&server, definition, specs.good.iter().chain(&specs.wrong)).await;
    }
}

/// A definition with every construct of structural schemas, and specs for it.
fn probe() -> (Definition, Vec<Value>) {
    let mut documents: Vec<Value> = serde_yaml::from_multiple(include_str!("probe.yaml")).unwrap();
    let specs = documents.pop().unwrap()["specs"].as_array().unwrap().clone();
    (Definition { raw: documents.remove(0) }, specs)
}

async fn compare(server: &RealApiServer, definition: &Definition, specs: impl IntoIterator<Item = &Value>) {
    let schema = definition.schema();
    let path = format!("{}?dryRun=All&fieldValidation=Strict", path_of(definition));
    for spec in specs {
        let object = definition.object(spec);
        let (status, answer) = server.post(&path, &object).await;
        let mut ours = corpus::judge(&schema, &object);
        if !ours.unknown.is_empty() {
            ours.errors.clear();
        }
        ours.errors.sort();
        assert_eq!(ours, judgement(status, &answer), "{} {spec}", definition.kind());
        if status == 201 {
            assert_eq!(corpus::stored(&schema, &object)["spec"], answer["spec"], "{} {spec}", definition.kind());
        }
    }
}

async fn takes_built_in_definitions(server: &RealApiServer) {
    for (kind, definition) in super::built_in() {
        let mut plain = definition.raw.clone();
        strip_extensions(&mut plain);
        let (status, answer) = server.post(&format!("{DEFINITIONS}?dryRun=All&fieldValidation=Strict"), &plain).await;
        assert_eq!(status, 201, "{kind}: {}", answer["message"]);
    }
}

/// Our own extensions are for our own API server.
fn strip_extensions(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !key.starts_with("x-agw-sandbox-"));
            map.values_mut().for_each(strip_extensions);
        }
        Value::Array(list) => list.iter_mut().for_each(strip_extensions),
        _ => {}
    }
}

async fn install(server: &RealApiServer, definitions: impl Iterator<Item = &Definition> + Clone) {
    for definition in definitions.clone() {
        let (status, answer) = server.post(DEFINITIONS, &definition.raw).await;
        assert_eq!(status, 201, "{}", answer["message"]);
    }
    for definition in definitions {
        let is_established = |object: &Value| {
            let conditions = object["status"]["conditions"].as_array();
            conditions.into_iter().flatten().any(|is| is["type"] == "Established" && is["status"] == "True")
        };
        let name = definition.raw["metadata"]["name"].as_str().unwrap();
        server.wait_for(&format!("{DEFINITIONS}/{name}"), is_established).await;
        server.wait_for(&path_of(definition), |_| true).await;
    }
}

fn path_of(definition: &Definition) -> String {
    let namespace = if definition.is_namespaced() { "namespaces/default/" } else { "" };
    format!("/apis/{}/{namespace}{}", definition.api_version(), definition.plural())
}

/// The API server goes through the fields of an object in no order, so that causes are sorted.
fn judgement(status: u16, answer: &Value) -> Judgement {
    let message = answer["message"].as_str().unwrap_or_default();
    match status {
        201 => Judgement::default(),
        400 => {
            let (_, unknown) = message.split_once("strict decoding error: ").expect(message);
            let names = unknown.split(", ").map(|name| name.trim_start_matches("unknown field ").replace('"', ""));
            Judgement { unknown: names.collect(), errors: Vec::new() }
        }
        422 => {
            let causes = answer["details"]["causes"].as_array().unwrap().iter();
            let text = |cause: &Value| format!("{}: {}", text(&cause["field"]), text(&cause["message"]));
            let mut errors: Vec<_> = causes.map(text).collect();
            errors.sort();
            Judgement { unknown: Vec::new(), errors }
        }
        other => panic!("{other}: {message}"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
