//! Steps that change what is there: objects in the cluster, and how mocks behave.

use super::{
    converge::settled,
    given::{Prepared, completed, gateway_of, prepare},
    objects::{ObjectRef, apply},
    outcome::{Judge, Outcome, Seen},
    trial::{Trial, Trouble},
    wait::Pause,
};
use crate::exchange::Behaviour;
use crate::scenario::{
    expect::{Evidence, Subject},
    spec::{ApplyCall, ObjectName, Release, Step},
};
use futures_util::future::try_join_all;
use indexmap::IndexMap;
use serde_json::Value;
use std::sync::Arc;

impl Trial {
    /// Applies what is new or changed. A refusal is what some steps expect.
    pub(super) async fn apply(
        &mut self,
        step: &Step,
        call: &ApplyCall,
        release: Option<Release>,
    ) -> Result<Outcome, Trouble> {
        let scenario = Arc::clone(&self.scenario);
        let judge = Judge::new(&scenario, step, release);
        let likely = judge.likely();
        let is_refusal = likely.iter().any(|expectation| matches!(expectation.subject, Subject::Refused));
        let mut evidence = Evidence::default();
        match self.applied_now(call).await {
            Ok(()) => {}
            Err(Trouble::Object(error)) if is_refusal => {
                evidence.refused = Some(error.refusal().ok_or(Trouble::Object(error))?);
            }
            Err(other) => return Err(other),
        }
        evidence.received = self.received(&likely).await?;
        Ok(judge.outcome(&Seen { answers: Vec::new(), evidence }))
    }

    async fn applied_now(&mut self, call: &ApplyCall) -> Result<(), Trouble> {
        let scenario = Arc::clone(&self.scenario);
        let namespace = scenario.slug();
        self.wiring.backends.extend(call.backends.clone());
        self.wiring.routes.extend(call.routes.iter().cloned());
        self.wiring.policies.extend(call.policies.iter().cloned());
        let gateway = gateway_of(&scenario, &self.target.gateway);
        let Prepared { mut manifests, awaited, mocks, .. } =
            prepare(&scenario, &self.wiring, &self.target.facts.line, &self.target.gateway)?;
        manifests.extend(call.manifests.iter().map(|manifest| completed(manifest, &namespace, &gateway)));
        manifests.retain(|manifest| !self.applied.contains(manifest));
        apply(&self.target.cluster, &manifests, &namespace, call.validation).await?;
        let is_new = |manifest: &&Value| manifests.contains(manifest);
        let awaited: Vec<ObjectRef> =
            awaited.iter().filter(is_new).map(|manifest| ObjectRef::of(manifest, &namespace)).collect();
        for manifest in manifests.iter() {
            let object = ObjectRef::of(manifest, &namespace);
            self.objects.retain(|known| *known != object);
            self.objects.push(object);
        }
        self.applied.extend(manifests.iter().cloned());
        self.mocks.extend(mocks.into_iter().filter(|mock| !self.mocks.contains(mock)).collect::<Vec<_>>());
        let tell = |what: String| self.waits(what);
        try_join_all(awaited.iter().map(|object| settled(&self.target.cluster, object, &tell))).await?;
        self.prove_routes(&call.routes, &self.wiring.policies).await;
        Ok(())
    }

    /// Takes objects away, and waits until they are gone.
    pub(super) async fn remove(&mut self, objects: &[ObjectName]) -> Result<(), Trouble> {
        for name in objects {
            let namespace = name.namespace.clone().unwrap_or_else(|| self.scenario.slug());
            let object = ObjectRef { kind: name.kind.clone(), namespace, name: name.name.clone() };
            object.delete(&self.target.cluster).await?;
            self.waits(format!("{object} to be gone"));
            let mut pause = Pause::new();
            while object.read(&self.target.cluster).await?.is_some() {
                pause.take().await;
            }
            self.objects.retain(|known| *known != object);
        }
        Ok(())
    }

    /// Tells mocks how to behave from now on.
    pub(super) async fn behave(&mut self, mocks: &IndexMap<String, Behaviour>) -> Result<(), Trouble> {
        for (mock, behaviour) in mocks {
            self.target.mocks.behave(&self.lane, mock, behaviour).await?;
        }
        Ok(())
    }

    /// Judges a step that brings nothing to light but what the mocks have received until now.
    pub(super) async fn quiet(&mut self, step: &Step, release: Option<Release>) -> Result<Outcome, Trouble> {
        let scenario = Arc::clone(&self.scenario);
        let judge = Judge::new(&scenario, step, release);
        let evidence = Evidence { received: self.received(&judge.likely()).await?, ..Evidence::default() };
        Ok(judge.outcome(&Seen { answers: Vec::new(), evidence }))
    }
}
