//! The beginning of a trial: `given` is brought about and proved to be in effect.

use super::{
    converge::{routed, settled},
    given::{Prepared, prepare},
    objects::{ObjectRef, apply},
    trial::{Trial, Trouble},
    wait::Pause,
};
use crate::canonical::{Policy, Route, Target as On};
use crate::scenario::spec::Validation;
use futures_util::future::{join_all, try_join, try_join_all};
use std::sync::Arc;

/// How often a Service is asked for its port: five seconds, with the pauses in between.
const ASKED_FOR_PORT: usize = 100;

impl Trial {
    /// Brings `given` about and proves that it is in effect.
    pub(super) async fn prepare(&mut self) -> Result<(), Trouble> {
        let scenario = Arc::clone(&self.scenario);
        self.wiring = scenario.given.wiring();
        let Prepared { manifests, awaited, behaviours, mocks } =
            prepare(&scenario, &self.wiring, &self.target.facts.line, &self.target.gateway)?;
        let namespace = scenario.slug();
        self.mocks = mocks;
        self.objects = manifests.iter().map(|manifest| ObjectRef::of(manifest, &namespace)).collect();
        let forget = async { self.target.mocks.forget(&self.lane).await.map_err(Trouble::from) };
        let apply = async {
            apply(&self.target.cluster, &manifests, &namespace, Validation::Strict).await.map_err(Trouble::from)
        };
        try_join(forget, apply).await?;
        self.applied.clone_from(&manifests);
        let awaited: Vec<ObjectRef> = awaited.iter().map(|manifest| ObjectRef::of(manifest, &namespace)).collect();
        let tell = |what: String| self.waits(what);
        try_join_all(awaited.iter().map(|object| settled(&self.target.cluster, object, &tell))).await?;
        for gateway in &scenario.given.gateways {
            let url = self.url_of(&namespace, &gateway.name).await?;
            self.gateways.insert(gateway.name.clone(), url);
        }
        self.prove_routes(&scenario.given.routes, &scenario.given.policies).await;
        // A plain HTTP backend has seen the proof; a mock behaves, and remembers, from here on.
        if scenario.given.backends.values().any(|backend| backend.http.is_some()) {
            self.target.mocks.forget(&self.lane).await?;
        }
        let behave = behaviours.iter().map(|(mock, behaviour)| self.target.mocks.behave(&self.lane, mock, behaviour));
        try_join_all(behave).await?;
        Ok(())
    }

    /// Asks for routes, except where asking would use up a limit.
    pub(super) async fn prove_routes(&self, routes: &[Route], policies: &[Policy]) {
        let is_limited = |path: &Option<String>| {
            let mut limits = policies.iter().filter(|policy| policy.rate_limit.is_some());
            limits.any(|policy| match &policy.on {
                On::Route(route) => Some(route) == path.as_ref(),
                _ => true,
            })
        };
        let base = self.base(None);
        let host = self.scenario.host();
        let tell = |what: String| self.waits(what);
        let routes = routes.iter().filter(|route| !is_limited(&route.path));
        join_all(routes.map(|route| routed(&self.http, &base, &host, route, &tell))).await;
    }

    /// Where a Gateway of the scenario's own is reached: by a way to its Service.
    async fn url_of(&self, namespace: &str, name: &str) -> Result<String, Trouble> {
        let service = ObjectRef { kind: "Service".to_owned(), namespace: namespace.to_owned(), name: name.to_owned() };
        let mut pause = Pause::new();
        for _ in 0..ASKED_FOR_PORT {
            if let Some(object) = service.read(&self.target.cluster).await?
                && let Some(url) = self.target.ways.to(object).await
            {
                return Ok(url);
            }
            self.waits(format!("{service} to have a port on the host"));
            pause.take().await;
        }
        Err(Trouble::NoPort(service))
    }
}
