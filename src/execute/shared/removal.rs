//! Taking away what is ours from a cluster that is not, in the order in which nothing is left behind.

use super::gone::await_gone;
use crate::{
    cluster::{Cluster, ObjectKey, Telling},
    execute::ExecuteError,
    provider::Shared,
};
use futures_util::future::{BoxFuture, try_join_all};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

/// Pause between two looks at what has to go.
const LOOK: Duration = Duration::from_millis(100);
/// The namespace with the marker, which proves whose the others are and so goes after them.
const MARKED: &str = "agw-sandbox";

/// What the controller has to see going, in order: what leads to backends first, Gateways with it, so that no proxy stays.
const SERVED: [(&str, &str); 10] = [
    ("agentgateway.dev/v1alpha1", "AgentgatewayPolicy"),
    ("gateway.kgateway.dev/v1alpha1", "TrafficPolicy"),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"),
    ("agentgateway.dev/v1alpha1", "AgentgatewayModel"),
    ("gateway.networking.k8s.io/v1beta1", "ReferenceGrant"),
    ("agentgateway.dev/v1alpha1", "AgentgatewayBackend"),
    ("gateway.kgateway.dev/v1alpha1", "Backend"),
    ("gateway.networking.k8s.io/v1", "Gateway"),
    ("agentgateway.dev/v1alpha1", "AgentgatewayParameters"),
    ("gateway.kgateway.dev/v1alpha1", "GatewayParameters"),
];
/// The label on namespaces of scenarios.
const SCENARIO_LABEL: &str = "agw-sandbox.dev/scenario";
/// What lives in no namespace.
const WIDE: [(&str, &str); 2] =
    [("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"), ("rbac.authorization.k8s.io/v1", "ClusterRole")];
const DEFINITION: (&str, &str) = ("apiextensions.k8s.io/v1", "CustomResourceDefinition");

/// Removes the helm releases of a sandbox. Returns what was removed.
pub type Charts<'a> = BoxFuture<'a, Result<Vec<String>, ExecuteError>>;

/// A removal in preparation.
pub struct Removal<'a> {
    cluster: &'a Cluster,
    shared: &'a Shared,
    deadline: Duration,
    telling: Telling<'a>,
}

/// What came of a removal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// What was taken away.
    pub gone: Vec<String>,
    /// What is ours and had to stay, because others use it, with the reason.
    pub stays: Vec<String>,
}

impl<'a> Removal<'a> {
    /// Of all that carries our id. `deadline`: for each wait for something to be gone.
    pub fn new(cluster: &'a Cluster, shared: &'a Shared, deadline: Duration, telling: Telling<'a>) -> Self {
        Self { cluster, shared, deadline, telling }
    }

    /// Removes in order and waits until each part is gone: what the controller serves while it still runs, the charts, their
    /// namespaces, what lives in none, the GatewayClass that the controller made, the definitions, and the marker last.
    ///
    /// # Errors
    /// SHARED-02: something does not go in time; its finalizers are named.
    pub async fn run(self, charts: Option<Charts<'_>>) -> Result<Removed, ExecuteError> {
        let mut removed = Removed::default();
        let had_controller = !self.owned(("apps/v1", "Deployment")).await?.is_empty();
        let scenarios = self.of_scenarios().await?;
        self.remove(scenarios, &mut removed).await?;
        for kind in SERVED {
            let objects = self.owned(kind).await?;
            self.remove(objects, &mut removed).await?;
        }
        self.await_proxies().await?;
        if let Some(charts) = charts {
            removed.gone.extend(charts.await?);
        }
        let (marked, others): (Vec<_>, Vec<_>) =
            self.owned(("v1", "Namespace")).await?.into_iter().partition(|namespace| namespace.name == MARKED);
        self.remove(others, &mut removed).await?;
        for kind in WIDE {
            let objects = self.owned(kind).await?;
            self.remove(objects, &mut removed).await?;
        }
        self.remove_class(had_controller || !marked.is_empty(), &mut removed).await?;
        self.remove_definitions(&mut removed).await?;
        self.remove(marked, &mut removed).await?;
        Ok(removed)
    }

    async fn owned(&self, (api_version, kind): (&str, &str)) -> Result<Vec<ObjectKey>, ExecuteError> {
        Ok(self.cluster.list_owned(api_version, kind, &self.shared.owner).await?)
    }

    /// Namespaces that an interrupted run of scenarios left: one sandbox at a time uses the cluster, so they are ours.
    async fn of_scenarios(&self) -> Result<Vec<ObjectKey>, ExecuteError> {
        let namespaces = self.cluster.list("v1", "Namespace").await?;
        let of_scenario = |namespace: &&Value| {
            namespace.pointer("/metadata/labels").is_some_and(|labels| labels.get(SCENARIO_LABEL).is_some())
        };
        Ok(namespaces.iter().filter(of_scenario).map(ObjectKey::of).collect())
    }

    async fn remove(&self, objects: Vec<ObjectKey>, removed: &mut Removed) -> Result<(), ExecuteError> {
        try_join_all(objects.iter().map(|key| self.cluster.delete(key))).await?;
        await_gone(self.cluster, &objects, self.deadline, self.telling).await?;
        removed.gone.extend(objects.iter().map(ToString::to_string));
        Ok(())
    }

    /// A Gateway's proxy goes with it through its owner; on the way there it may outlive it a little. One that stays goes
    /// with its namespace.
    async fn await_proxies(&self) -> Result<(), ExecuteError> {
        let began = Instant::now();
        let ours: BTreeSet<String> = self.owned(("v1", "Namespace")).await?.into_iter().map(|key| key.name).collect();
        while began.elapsed() < self.deadline {
            let deployments = self.cluster.list("apps/v1", "Deployment").await?;
            let of_gateway = |deployment: &&Value| {
                let owners = deployment.pointer("/metadata/ownerReferences").and_then(Value::as_array);
                let namespace = deployment["metadata"]["namespace"].as_str().unwrap_or_default();
                ours.contains(namespace) && owners.into_iter().flatten().any(|owner| owner["kind"] == "Gateway")
            };
            let Some(proxy) = deployments.iter().find(of_gateway) else { return Ok(()) };
            (self.telling)(format!("{} to go with its Gateway", ObjectKey::of(proxy)));
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// The class that our controller made carries no label of ours. It goes if it was not there before us and nobody uses it.
    async fn remove_class(&self, had_controller: bool, removed: &mut Removed) -> Result<(), ExecuteError> {
        let key = wide("gateway.networking.k8s.io/v1", "GatewayClass", "agentgateway");
        if !had_controller || self.shared.classes_before.contains(&key.name) {
            return Ok(());
        }
        if !matches!(self.cluster.get(&key).await, Ok(Some(_))) {
            return Ok(());
        }
        let gateways = self.instances("gateway.networking.k8s.io/v1", "Gateway").await;
        match gateways
            .iter()
            .find(|gateway| gateway.pointer("/spec/gatewayClassName") == Some(&Value::from("agentgateway")))
        {
            Some(user) => removed.stays.push(format!("{key}, which {} uses", ObjectKey::of(user))),
            None => self.remove(vec![key], removed).await?,
        }
        Ok(())
    }

    /// Definitions that we brought go, unless somebody else has objects of that kind: those would go with them.
    async fn remove_definitions(&self, removed: &mut Removed) -> Result<(), ExecuteError> {
        for key in self.owned(DEFINITION).await? {
            let definition = self.cluster.get(&key).await?.unwrap_or_default();
            match self.cluster.first_instance(&definition).await? {
                Some(user) => removed.stays.push(format!("{key}, which {user} is of")),
                None => self.remove(vec![key], removed).await?,
            }
        }
        Ok(())
    }

    async fn instances(&self, api_version: &str, kind: &str) -> Vec<Value> {
        self.cluster.list(api_version, kind).await.unwrap_or_default()
    }
}

fn wide(api_version: &str, kind: &str, name: &str) -> ObjectKey {
    ObjectKey { api_version: api_version.into(), kind: kind.into(), namespace: None, name: name.into() }
}
