//! Writing what differs, and nothing else.

use super::watch::plain;
use crate::gateway::controller::{
    line::Family,
    reconcile::{Desired, settle},
    resource::{ObjectKey, Snapshot},
};
use kube::{
    Api, Client,
    api::{DeleteParams, Patch, PatchParams, Preconditions},
    core::DynamicObject,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

/// Under which name fields are managed.
const FIELD_MANAGER: &str = "agentgateway";

/// Longest time for one write.
const DEADLINE: Duration = Duration::from_secs(5);

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Write {
    /// Apply the object.
    Apply(ObjectKey, Value),
    /// Bring the status about that is named last, by merging what comes before.
    Status(ObjectKey, Value, Value),
    /// Delete the object if it still has this uid.
    Delete(ObjectKey, String),
}

/// What was written last. Fields that were dropped since cannot be seen in the live object; and what an API changed or left
/// out of a write must not be written again and again.
#[derive(Debug, Default)]
pub(super) struct Memory {
    objects: BTreeMap<ObjectKey, Written>,
    statuses: BTreeMap<ObjectKey, Written>,
}

#[derive(Debug)]
struct Written {
    wanted: Value,
    version: Value,
}

impl Written {
    /// Whether the same was asked for before, and nobody has written since.
    fn answers(&self, wanted: &Value, live: &Value) -> bool {
        self.wanted == *wanted && self.version == live["metadata"]["resourceVersion"]
    }
}

impl Memory {
    /// Remembers a write and the object that came of it.
    pub(super) fn record(&mut self, write: Write, result: &Value) {
        let version = result["metadata"]["resourceVersion"].clone();
        match write {
            Write::Apply(key, wanted) => drop(self.objects.insert(key, Written { wanted, version })),
            Write::Status(key, _, wanted) => drop(self.statuses.insert(key, Written { wanted, version })),
            Write::Delete(..) => {}
        }
    }

    /// Forgets objects that are gone.
    pub(super) fn retain(&mut self, is_there: impl Fn(&ObjectKey) -> bool) {
        self.objects.retain(|key, _| is_there(key));
        self.statuses.retain(|key, _| is_there(key));
    }
}

/// The writes that make what is into what should be, one for each object at most: two at once would get in each other's way,
/// and a status speaks about the spec that is there. The next round does the rest.
pub(super) fn plan(desired: &Desired, snapshot: &Snapshot, memory: &Memory, now: &str) -> Vec<Write> {
    let mut writes = Vec::new();
    for (key, object) in &desired.objects {
        let last = memory.objects.get(key);
        let done = snapshot.live(key).is_some_and(|live| match last {
            Some(last) if last.answers(object, live) => true,
            Some(last) => last.wanted == *object && contains(live, object),
            None => contains(live, object),
        });
        if !done {
            writes.push(Write::Apply(key.clone(), object.clone()));
        }
    }
    for (key, status) in &desired.statuses {
        let Some(live) = snapshot.live(key).filter(|_| !applies(&writes, key)) else { continue };
        if memory.statuses.get(key).is_some_and(|last| last.answers(status, live)) {
            continue;
        }
        if let Some(patch) = settle(&live["status"], status, now) {
            writes.push(Write::Status(key.clone(), patch, status.clone()));
        }
    }
    for key in &desired.doomed {
        let uid = snapshot.live(key).and_then(|live| live["metadata"]["uid"].as_str());
        writes.extend(uid.map(|uid| Write::Delete(key.clone(), uid.to_owned())));
    }
    writes
}

fn applies(writes: &[Write], key: &ObjectKey) -> bool {
    writes.iter().any(|write| matches!(write, Write::Apply(applied, _) if applied == key))
}

/// Whether everything of `wanted` is in `live`; maps may hold more, lists may not.
fn contains(live: &Value, wanted: &Value) -> bool {
    match (live, wanted) {
        (Value::Object(live), Value::Object(wanted)) => wanted.iter().all(|(field, value)| match live.get(field) {
            Some(there) => contains(there, value),
            None => is_nothing(value),
        }),
        (Value::Array(live), Value::Array(wanted)) => {
            live.len() == wanted.len() && live.iter().zip(wanted).all(|(live, wanted)| contains(live, wanted))
        }
        (live, wanted) => live == wanted,
    }
}

/// An API server may leave out what says nothing.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

impl Write {
    /// The object that is written.
    pub(super) fn key(&self) -> &ObjectKey {
        match self {
            Self::Apply(key, _) | Self::Status(key, ..) | Self::Delete(key, _) => key,
        }
    }

    /// Does it, and gives the object as it then is; `None` if it is gone.
    ///
    /// # Errors
    /// The API refuses, does not answer in time, or the object is not there any more.
    pub(super) async fn carry_out(&self, client: &Client, family: Family) -> Result<Option<Value>, kube::Error> {
        let key = self.key();
        let api = api(client, family, key);
        let name = &key.name.name;
        let done = async {
            match self {
                Self::Apply(_, object) => {
                    let parameters = PatchParams::apply(FIELD_MANAGER).force();
                    api.patch(name, &parameters, &Patch::Apply(object)).await.map(plain)
                }
                Self::Status(_, status, _) => {
                    let parameters =
                        PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..Default::default() };
                    let patch = Patch::Merge(json!({"status": status}));
                    api.patch_status(name, &parameters, &patch).await.map(plain)
                }
                Self::Delete(_, uid) => {
                    let only = Preconditions { uid: Some(uid.clone()), ..Default::default() };
                    api.delete(name, &DeleteParams::background().preconditions(only)).await.map(|_| None)
                }
            }
        };
        let late = |_| kube::Error::Service("the API did not answer in time".into());
        tokio::time::timeout(DEADLINE, done).await.map_err(late)?
    }
}

fn api(client: &Client, family: Family, key: &ObjectKey) -> Api<DynamicObject> {
    let resource = family.resource(key.kind);
    if key.kind.is_namespaced() {
        return Api::namespaced_with(client.clone(), &key.name.namespace, &resource);
    }
    Api::all_with(client.clone(), &resource)
}

/// Whether the failure only means that somebody was faster.
pub(super) fn is_outdated(error: &kube::Error) -> bool {
    matches!(error, kube::Error::Api(status) if status.code == 404 || status.code == 409)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::controller::resource::Kind;

    #[test]
    fn what_the_server_leaves_out_is_not_written_again() {
        let key = ObjectKey::new(Kind::GatewayClass, "", "c");
        let live = |version: &str| json!({"metadata": {"name": "c", "resourceVersion": version}, "status": {}});
        let mut snapshot = Snapshot::default();
        snapshot.insert(Kind::GatewayClass, live("1")).unwrap();
        let mut desired = Desired::default();
        desired.statuses.insert(key, json!({"supportedFeatures": []}));
        let mut memory = Memory::default();
        let [write] = plan(&desired, &snapshot, &memory, "now").try_into().unwrap();

        memory.record(write, &live("1"));
        assert_eq!(plan(&desired, &snapshot, &memory, "now"), []);
        snapshot.insert(Kind::GatewayClass, live("2")).unwrap();
        assert_eq!(plan(&desired, &snapshot, &memory, "now").len(), 1, "somebody else has written");
    }

    #[test]
    fn what_the_server_fills_in_is_no_difference() {
        let wanted = json!({"spec": {"ports": [{"port": 80}], "volumes": [{"emptyDir": {}}], "x": {}}});
        let live =
            json!({"spec": {"ports": [{"port": 80, "protocol": "TCP"}], "volumes": [{"emptyDir": {}}]}, "status": {}});
        assert!(contains(&live, &wanted));
        assert!(!contains(&json!({"spec": {"ports": []}}), &wanted));
    }
}
