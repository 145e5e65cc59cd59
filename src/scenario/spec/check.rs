//! What holds for a scenario as a whole: its head, and what is given.

use super::{
    document::Document,
    mistake::{Mistake, Parsed},
    place::Place,
    release::ReleaseRange,
    text::Text,
};
use crate::canonical::{self, GatewayRef, MockHosts, Policy, RenderContext, Rendered, Target, render_gateway};
use crate::scenario::ScenarioError;
use serde_json::Value;

const SCHEMA: &str = "agw-sandbox/v1";
const KIND: &str = "Scenario";
/// The line that a scenario's short form is checked with when it is read.
const CHECKED_LINE: &str = "agentgateway-1.4";

pub(super) fn check_head(document: &Document) -> Parsed<()> {
    let top = Place::top();
    for (key, is, wanted) in [("schema", &document.schema, SCHEMA), ("kind", &document.kind, KIND)] {
        if is != wanted {
            return Err(Mistake::new(&top.key(key), format!("`{is}` where `{wanted}` is wanted")));
        }
    }
    if !is_id(&document.id) {
        let message = format!("`{}` is not an id like `POL-10`", document.id);
        return Err(Mistake::new(&top.key("id"), message));
    }
    if document.source.is_empty() {
        return Err(Mistake::new(&top.key("source"), "a scenario names its source"));
    }
    if document.steps.is_empty() {
        return Err(Mistake::new(&top.key("steps"), "a scenario has at least one step"));
    }
    if let Some(range) = &document.requires.release
        && ReleaseRange::parse(range).is_none()
    {
        let place = top.key("requires").key("release");
        return Err(Mistake::new(&place, format!("`{range}` is not a range like `1.2..1.5`")));
    }
    check_manifests(&document.given.manifests, &top.key("given").key("manifests"))?;
    Ok(())
}

/// Objects in full have a kind and a name.
pub(super) fn check_manifests(manifests: &[Value], place: &Place) -> Parsed<()> {
    let unnamed = |manifest: &Value| {
        manifest["kind"].as_str().is_none()
            || manifest["apiVersion"].as_str().is_none()
            || manifest["metadata"]["name"].as_str().is_none()
    };
    match manifests.iter().position(unnamed) {
        Some(index) => Err(Mistake::new(&place.index(index), "an object has `apiVersion`, `kind` and `metadata.name`")),
        None => Ok(()),
    }
}

fn is_id(id: &str) -> bool {
    let Some((area, number)) = id.split_once('-') else { return false };
    (2..=4).contains(&area.len())
        && area.bytes().all(|byte| byte.is_ascii_uppercase())
        && (2..=4).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && number.bytes().rev().skip(1).all(|byte| !byte.is_ascii_lowercase())
}

/// Renders `given` once, so that a mistake in it is found when the file is read.
pub(super) fn check_given(document: &Document, text: &Text) -> Result<Rendered, ScenarioError> {
    let given = Place::top().key("given");
    for (index, gateway) in document.given.gateways.iter().enumerate() {
        let place = given.key("gateways").index(index);
        render_gateway(gateway, CHECKED_LINE, "x").map_err(|error| ScenarioError::canonical(text, &place, &error))?;
    }
    let shared = |policy: &Policy| matches!(policy.on, Target::Gateway(_)) && document.given.gateways.is_empty();
    if let Some(index) = document.given.policies.iter().position(shared) {
        let place = given.key("policies").index(index).key("on");
        let message = "a policy on the gateway would meet every other scenario";
        let help = "give the scenario a Gateway of its own under `given.gateways`, or put the policy on a route";
        return Err(ScenarioError::at(text, &place, "SCENARIO-06", message).with_help(Some(help.to_owned())));
    }
    let context = RenderContext {
        line: CHECKED_LINE.to_owned(),
        namespace: "x".to_owned(),
        gateway: GatewayRef { namespace: "x".to_owned(), name: "x".to_owned() },
        hosts: Vec::new(),
        mocks: MockHosts::in_namespace("x"),
    };
    canonical::render(&document.given.wiring(), &context)
        .map_err(|error| ScenarioError::canonical(text, &given, &error))
}
