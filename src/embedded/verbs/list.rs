//! GET of many objects.

use crate::embedded::call::Call;
use crate::embedded::refusal::{Answer, Refusal};
use crate::embedded::schema::FieldErrorKind;
use crate::embedded::selector::{FieldSelector, LabelSelector};
use crate::embedded::store::ObjectKey;
use crate::embedded::world::World;
use base64::Engine as _;
use serde_json::{Value, json};
use std::sync::Arc;

/// One page of a list.
#[derive(Debug)]
pub(in crate::embedded) struct Page {
    pub items: Vec<Arc<Value>>,
    pub metadata: Value,
}

/// The selectors of a request.
#[derive(Debug, Clone)]
pub(super) struct Selectors {
    labels: LabelSelector,
    fields: FieldSelector,
    name: Option<String>,
    namespace: Option<String>,
}

impl Selectors {
    pub fn of(call: &Call) -> Answer<Self> {
        let labels = call.query.get("labelSelector").unwrap_or_default();
        let fields = call.query.get("fieldSelector").unwrap_or_default();
        Ok(Self {
            labels: LabelSelector::parse(labels).map_err(Refusal::bad_request)?,
            fields: FieldSelector::parse(fields, &call.target.kind.kind).map_err(Refusal::bad_request)?,
            name: call.target.name.clone(),
            namespace: (!call.target.namespace.is_empty()).then(|| call.target.namespace.clone()),
        })
    }

    pub fn matches(&self, object: &Value) -> bool {
        let metadata = &object["metadata"];
        self.name.as_ref().is_none_or(|name| metadata["name"] == name.as_str())
            && self.namespace.as_ref().is_none_or(|namespace| metadata["namespace"] == namespace.as_str())
            && self.labels.matches(object)
            && self.fields.matches(object)
    }

    /// Whether there is nothing to select by.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }
}

/// All objects that the request chooses.
pub(super) fn selected(world: &World, call: &Call) -> Answer<Vec<Arc<Value>>> {
    let selectors = Selectors::of(call)?;
    let objects = world.store.list(&call.target.kind.id(), selectors.namespace());
    Ok(objects.map(|(_, object)| object).filter(|object| selectors.matches(object)).cloned().collect())
}

/// One page of the objects that the request chooses.
pub(in crate::embedded) fn list(world: &World, call: &Call) -> Answer<Page> {
    let limit = call.query.number("limit")?.unwrap_or(0);
    check_version(world, call)?;
    let (start, revision) = match call.query.get("continue") {
        Some(token) => read_token(token).map(|(revision, key)| (Some(key), revision))?,
        None => (None, world.store.revision()),
    };
    let selectors = Selectors::of(call)?;
    let mut found = world
        .store
        .list(&call.target.kind.id(), selectors.namespace())
        .filter(|(key, object)| start.as_ref().is_none_or(|start| *key > start) && selectors.matches(object));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let page: Vec<_> = if limit == 0 { found.by_ref().collect() } else { found.by_ref().take(limit).collect() };
    let remaining = found.count();
    let mut metadata = json!({"resourceVersion": revision.to_string()});
    if let (1.., Some((key, _))) = (remaining, page.last()) {
        metadata["continue"] = token(revision, key).into();
        let selective = call.query.get("labelSelector").or(call.query.get("fieldSelector")).is_some();
        if !selective {
            metadata["remainingItemCount"] = remaining.into();
        }
    }
    Ok(Page { items: page.into_iter().map(|(_, object)| Arc::clone(object)).collect(), metadata })
}

/// An exact version is only there while it is the newest; one from the future is refused.
fn check_version(world: &World, call: &Call) -> Answer<()> {
    let wanted = call.query.resource_version()?;
    let newest = world.store.revision();
    match (call.query.get("resourceVersionMatch"), wanted) {
        (Some("Exact"), Some(wanted)) if wanted < newest => {
            let message = format!("The provided resource version {wanted} is not available, the newest is {newest}.");
            Err(Refusal::expired(message))
        }
        (Some(_), None) if call.query.get("sendInitialEvents").is_none() => {
            let detail = "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided";
            let (field, why) = ("resourceVersionMatch", FieldErrorKind::Forbidden);
            Err(Refusal::invalid_field("meta.k8s.io", "ListOptions", "", field, why, detail))
        }
        (_, Some(wanted)) if wanted > newest => Err(Refusal::too_new(wanted, newest)),
        _ => Ok(()),
    }
}

fn token(revision: u64, key: &ObjectKey) -> String {
    let token = json!({"v": "meta.k8s.io/v1", "rv": revision, "start": [key.0, key.1]});
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(token.to_string())
}

fn read_token(token: &str) -> Answer<(u64, ObjectKey)> {
    let invalid =
        |why: String| Refusal::bad_request(format!("invalid continue token: continue key is not valid: {why}"));
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token).map_err(|e| invalid(e.to_string()))?;
    let token: Value = serde_json::from_slice(&bytes).map_err(|error| invalid(error.to_string()))?;
    let text = |index: usize| token["start"][index].as_str().unwrap_or_default().to_owned();
    Ok((token["rv"].as_u64().unwrap_or(0), (text(0), text(1))))
}
