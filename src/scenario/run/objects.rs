//! A scenario's objects in the cluster: applied, read, taken away.

use super::{
    given::SCENARIO_LABEL,
    kinds::{kind, rank},
};
use crate::scenario::spec::Validation;
use futures_util::future::try_join_all;
use kube::{
    Client,
    api::{Api, DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams},
};
use serde_json::Value;

/// The field manager of scenarios.
const MANAGER: &str = "agw-sandbox-scenarios";
/// One more than the highest rank.
const RANKS: usize = 5;

/// What went wrong with an object.
#[derive(Debug, thiserror::Error)]
pub(super) enum ObjectError {
    /// A kind that is not in the table.
    #[error("scenarios do not know the kind {0}")]
    Kind(String),
    /// A namespace of others has the name.
    #[error("namespace {0} is there already and is no scenario's; it was not touched")]
    Taken(String),
    /// The cluster refused.
    #[error("{object}: {}", said(.source))]
    Refused { object: String, source: Box<kube::Error> },
}

/// An object by kind, namespace and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ObjectRef {
    pub kind: String,
    pub namespace: String,
    pub name: String,
}

impl ObjectRef {
    /// The reference to a manifest.
    pub fn of(manifest: &Value, namespace: &str) -> Self {
        let text = |pointer: &str| manifest.pointer(pointer).and_then(Value::as_str);
        Self {
            kind: text("/kind").unwrap_or_default().to_owned(),
            namespace: text("/metadata/namespace").unwrap_or(namespace).to_owned(),
            name: text("/metadata/name").unwrap_or_default().to_owned(),
        }
    }

    /// The object as it is; `None`: it does not exist.
    pub async fn read(&self, client: &Client) -> Result<Option<Value>, ObjectError> {
        let object = self.api(client)?.get_opt(&self.name).await.map_err(|source| self.refused(source))?;
        Ok(object.and_then(|object| serde_json::to_value(object).ok()))
    }

    /// The Events that were told of the object.
    pub async fn events(&self, client: &Client) -> Result<Vec<Value>, ObjectError> {
        let events = Self { kind: "Event".to_owned(), namespace: self.namespace.clone(), name: String::new() };
        let about = format!("involvedObject.name={}", self.name);
        let found = events.api(client)?.list(&ListParams::default().fields(&about)).await;
        let found = found.map_err(|source| events.refused(source))?;
        let values = found.items.into_iter().filter_map(|event| serde_json::to_value(event).ok());
        Ok(values.filter(|event| event.pointer("/involvedObject/kind") == Some(&Value::from(&*self.kind))).collect())
    }

    /// Takes the object away; one that does not exist is as good.
    pub async fn delete(&self, client: &Client) -> Result<(), ObjectError> {
        match self.api(client)?.delete(&self.name, &DeleteParams::default()).await {
            Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
            Err(source) => Err(self.refused(source)),
            Ok(_) => Ok(()),
        }
    }

    fn api(&self, client: &Client) -> Result<Api<DynamicObject>, ObjectError> {
        let kind = kind(&self.kind).ok_or_else(|| ObjectError::Kind(self.kind.clone()))?;
        Ok(match kind.namespaced {
            true => Api::namespaced_with(client.clone(), &self.namespace, &kind.resource),
            false => Api::all_with(client.clone(), &kind.resource),
        })
    }

    fn refused(&self, source: kube::Error) -> ObjectError {
        ObjectError::Refused { object: self.to_string(), source: Box::new(source) }
    }
}

impl ObjectError {
    /// What the cluster said when it refused; `None`: it did not come to that.
    pub fn refusal(&self) -> Option<String> {
        match self {
            Self::Refused { source, .. } => match &**source {
                kube::Error::Api(status) => Some(status.message.clone()),
                _ => None,
            },
            _ => None,
        }
    }
}

impl std::fmt::Display for ObjectRef {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match kind(&self.kind).is_some_and(|kind| !kind.namespaced) {
            true => write!(formatter, "{} {}", self.kind, self.name),
            false => write!(formatter, "{} {}/{}", self.kind, self.namespace, self.name),
        }
    }
}

/// Applies manifests: what is referred to first, what does not depend on each other at the same time.
pub(super) async fn apply(
    client: &Client,
    manifests: &[Value],
    namespace: &str,
    validation: Validation,
) -> Result<(), ObjectError> {
    for wave in 0..RANKS {
        let now = manifests.iter().filter(|manifest| rank(manifest["kind"].as_str().unwrap_or_default()) == wave);
        try_join_all(now.map(|manifest| apply_one(client, manifest, namespace, validation))).await?;
    }
    Ok(())
}

async fn apply_one(
    client: &Client,
    manifest: &Value,
    namespace: &str,
    validation: Validation,
) -> Result<(), ObjectError> {
    let object = ObjectRef::of(manifest, namespace);
    let parameters = PatchParams::apply(MANAGER).force().validation_strict();
    let api = object.api(client)?;
    if object.kind == "Namespace"
        && let Some(there) = object.read(client).await?
        && there.pointer("/metadata/labels").and_then(|labels| labels.get(SCENARIO_LABEL)).is_none()
    {
        return Err(ObjectError::Taken(object.name));
    }
    let sent = match validation {
        Validation::Strict => api.patch(&object.name, &parameters, &Patch::Apply(manifest)).await,
        // Server-side apply looks at every field; a plain create drops those that are not known.
        Validation::Ignore => match serde_json::from_value(manifest.clone()) {
            Ok(new) => api.create(&PostParams::default(), &new).await,
            Err(error) => Err(kube::Error::SerdeError(error)),
        },
    };
    sent.map_err(|source| object.refused(source))?;
    Ok(())
}

fn said(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) => status.message.clone(),
        other => other.to_string(),
    }
}
