//! LLM providers in groups: the first group that is well is asked. Source: facts/manifests.md 6.

use super::{ai, balance::Balance, body::Body, call::Call, refusal::Refusal, scope::Scope};
use crate::gateway::{
    Mutant,
    table::{Backend, Health, LlmBackend, LlmGroups, Table},
};
use http::{Response, request};
use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// For how long a provider is left alone unless something is said.
const USUAL_EVICTION: Duration = Duration::from_secs(3);
/// Providers that are remembered; of more nobody is left alone.
const MOST_PATIENTS: usize = 10_000;

/// Asks a provider of the first group that has one that is well.
pub async fn serve(
    call: &Call<'_>,
    groups: &LlmGroups,
    request: request::Parts,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    let infirmary = &call.shared.infirmary;
    let chosen = infirmary.choose(groups, Instant::now()).ok_or(Refusal::NoHealthyBackends)?;
    let Some(health) = chosen.provider.policies.health.as_ref().filter(|_| !call.acting.is(Mutant::EvictionIgnored))
    else {
        return ai::serve(call, chosen.provider, request, body).await;
    };
    let seen = health.unhealthy.is_some().then(|| request.clone());
    let result = ai::serve(call, chosen.provider, request, body).await;
    let failed = failed(health, seen.as_ref(), &result);
    infirmary.note(&chosen.key, health, failed, call.repeats, Instant::now());
    result
}

fn failed(health: &Health, seen: Option<&request::Parts>, result: &Result<Response<Body>, Refusal>) -> bool {
    match (&health.unhealthy, seen, result) {
        (Some(expression), Some(seen), Ok(response)) => {
            Scope::of(seen, None).and_answer(response.status().as_u16(), response.headers(), None).holds(expression)
        }
        (_, _, Ok(response)) => response.status().is_server_error(),
        (_, _, Err(_)) => true,
    }
}

/// A provider and the name under which it is remembered.
struct Chosen<'a> {
    provider: &'a LlmBackend,
    key: String,
}

/// Providers that were not well.
#[derive(Debug, Default)]
pub struct Infirmary {
    patients: Mutex<HashMap<String, Patient>>,
    turns: Turns,
}

#[derive(Debug)]
struct Turns(Balance);

impl Default for Turns {
    fn default() -> Self {
        Self(Balance::new())
    }
}

#[derive(Debug, Default)]
struct Patient {
    failures: u32,
    evictions: u32,
    until: Option<Instant>,
    /// It is left alone from the choice after next: the real proxy notices too late for a call that is repeated at once.
    noticed_late: Option<Instant>,
}

impl Infirmary {
    fn choose<'a>(&self, groups: &'a LlmGroups, now: Instant) -> Option<Chosen<'a>> {
        let mut patients = self.patients.lock().unwrap_or_else(PoisonError::into_inner);
        let keyed = |group: usize, index: usize| format!("{}/{group}/{index}", groups.name);
        let well = |key: &str| patients.get(key).and_then(|patient| patient.until).is_none_or(|until| until <= now);
        let all = groups.groups.iter().enumerate();
        let some_well =
            all.clone().find(|(group, members)| (0..members.len()).any(|index| well(&keyed(*group, index))));
        // Where nobody is well, one that is not is better than none.
        let (group, members) = some_well.or_else(|| all.clone().next())?;
        let weights: Vec<u32> =
            (0..members.len()).map(|index| u32::from(some_well.is_none() || well(&keyed(group, index)))).collect();
        let index = self.turns.0.next(weights.iter().copied())?;
        for (key, patient) in patients.iter_mut() {
            if patient.noticed_late.is_some() && key.starts_with(&format!("{}/", groups.name)) {
                patient.until = patient.noticed_late.take();
            }
        }
        Some(Chosen { provider: members.get(index)?, key: keyed(group, index) })
    }

    /// Forgets the providers that nobody leads to any more.
    pub fn keep_only(&self, table: &Table) {
        let rules = table.listeners.iter().flat_map(|listener| &listener.routes).flat_map(|route| &route.rules);
        let backends = rules.flat_map(|rule| &rule.backends).map(|backend| backend.backend.as_ref());
        let names: HashSet<String> = backends
            .filter_map(|backend| match backend {
                Backend::LlmGroups(groups) => Some(groups.name.to_string()),
                _ => None,
            })
            .collect();
        let known = |key: &str| key.rsplitn(3, '/').last().is_some_and(|name| names.contains(name));
        self.patients.lock().unwrap_or_else(PoisonError::into_inner).retain(|key, _| known(key));
    }

    fn note(&self, key: &str, health: &Health, failed: bool, repeats: bool, now: Instant) {
        let mut patients = self.patients.lock().unwrap_or_else(PoisonError::into_inner);
        if !failed {
            patients.remove(key);
            return;
        }
        let Some(eviction) = &health.eviction else { return };
        if !patients.contains_key(key) && patients.len() >= MOST_PATIENTS {
            return;
        }
        let patient = patients.entry(key.to_owned()).or_default();
        patient.failures += 1;
        if patient.failures < eviction.consecutive_failures.unwrap_or(1) {
            return;
        }
        patient.evictions += 1;
        let time = eviction.duration.unwrap_or(USUAL_EVICTION).saturating_mul(patient.evictions);
        let until = now.checked_add(time);
        match repeats {
            true => patient.noticed_late = until,
            false => patient.until = until,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::table::{Eviction, LlmProvider, ObjectName, UpstreamPath};
    use std::sync::Arc;

    fn groups() -> LlmGroups {
        let name = ObjectName { namespace: "ns".into(), name: "b".into() };
        let provider = |model: &str| LlmBackend {
            name: name.clone(),
            provider: LlmProvider::OpenAi,
            model: Some(model.into()),
            host_override: None,
            path: UpstreamPath::Default,
            auth: None,
            tls: false,
            policies: Arc::default(),
        };
        LlmGroups { groups: vec![vec![provider("main")], vec![provider("spare")]], name }
    }

    #[test]
    fn a_provider_is_left_alone_longer_each_time() {
        let (infirmary, groups, start) = (Infirmary::default(), groups(), Instant::now());
        let eviction = Eviction { duration: Some(Duration::from_secs(2)), consecutive_failures: None };
        let health = Health { unhealthy: None, eviction: Some(eviction) };
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let asked = |seconds| {
            let chosen = infirmary.choose(&groups, at(seconds)).unwrap();
            (chosen.provider.model.clone().unwrap(), chosen.key)
        };
        let (model, key) = asked(0);
        assert_eq!(model, "main");
        infirmary.note(&key, &health, true, false, at(0));
        assert_eq!((asked(1).0.as_str(), asked(2).0.as_str()), ("spare", "main"));
        infirmary.note(&key, &health, true, false, at(2));
        assert_eq!((asked(5).0.as_str(), asked(6).0.as_str()), ("spare", "main"));
        infirmary.note(&key, &health, false, false, at(6));
        infirmary.note(&key, &health, true, true, at(7));
        assert_eq!((asked(7).0.as_str(), asked(7).0.as_str()), ("main", "spare"), "a call at once comes too early");
        infirmary.keep_only(&Table::default());
        assert_eq!(asked(7).0, "main", "a backend that went and came begins anew");
        infirmary.note(&key, &Health::default(), true, false, at(20));
        assert_eq!(asked(20).0, "main", "nothing is said of leaving alone");
    }
}
