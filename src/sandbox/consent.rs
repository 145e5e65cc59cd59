//! Whether a cluster of the user's may be used: asked once, before anything is written to it.

use super::{Prepared, Sandbox, SandboxError};
use crate::{
    execute::{ExecuteError, find_conflicts},
    plan::Step,
    provider::{Agreement, ClusterSpec, Context, ContextError, ContextSight, ContextSpec, ProviderError, ProviderName},
};
use std::{fmt, sync::Arc};
use tokio_util::sync::CancellationToken;

/// Whom the question goes to. It may wait for a person.
#[derive(Clone)]
pub struct Consent(Arc<dyn Fn(&ContextSight) -> bool + Send + Sync>);

impl Consent {
    /// Asks in some way.
    pub fn asking(ask: impl Fn(&ContextSight) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }

    /// Agrees to everything.
    pub fn given() -> Self {
        Self::asking(|_| true)
    }

    /// Agrees to nothing: there is nobody to ask.
    pub fn nobody() -> Self {
        Self::asking(|_| false)
    }
}

impl fmt::Debug for Consent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Consent")
    }
}

/// A cluster of the user's that may be used.
pub(super) struct Agreed {
    context: Context,
    spec: ContextSpec,
    sight: ContextSight,
}

impl Agreed {
    /// Notes it, if it is not noted; what is noted goes when a sandbox starts over.
    pub(super) fn keep(&self, sandbox: &Sandbox) -> Result<(), SandboxError> {
        if Context::is_in(&sandbox.path) {
            return Ok(());
        }
        sandbox.make()?;
        Ok(self.context.agree(&self.spec, &self.sight)?)
    }
}

/// Sees to it that the cluster of a plan may be used. Nothing is written to a cluster here, and to the state only that the
/// user agreed.
///
/// # Errors
/// PROVIDER-32: nobody agreed. SHARED-01: objects of others are in the way.
pub(super) async fn obtain(
    sandbox: &Sandbox,
    prepared: &Prepared,
    consent: &Consent,
    cancel: &CancellationToken,
) -> Result<Option<Agreed>, SandboxError> {
    let Some(spec) = context_spec(prepared) else { return Ok(None) };
    let context = Context::new(sandbox.path.clone(), sandbox.name.as_str());
    let (mut sight, agreement) = context.look(spec).await?;
    if let Agreement::Missing(why) = &agreement
        && !is_agreed(spec, &sight, consent, cancel).await?
    {
        let (context, api, why) = (sight.context, sight.api, why.clone());
        return Err(ProviderError::from(ContextError::NotAgreed { context, api, why }).into());
    }
    let cluster = context.connect(spec).await?;
    find_conflicts(&prepared.plan, &prepared.resolved.line, &prepared.supply, &cluster).await?;
    if agreement == Agreement::Given {
        // A class that we made ourselves was not there before us.
        sight.classes = context.classes_before();
    } else {
        sandbox.make()?;
        context.agree(spec, &sight)?;
    }
    Ok(Some(Agreed { context, spec: spec.clone(), sight }))
}

fn context_spec(prepared: &Prepared) -> Option<&ContextSpec> {
    prepared.plan.steps.iter().find_map(|planned| match &planned.step {
        Step::Cluster(ClusterSpec::Context(spec)) => Some(spec),
        _ => None,
    })
}

/// OrbStack's cluster is on the user's own machine for this very purpose; whoever names another one is asked.
async fn is_agreed(
    spec: &ContextSpec,
    sight: &ContextSight,
    consent: &Consent,
    cancel: &CancellationToken,
) -> Result<bool, SandboxError> {
    if spec.provider == ProviderName::Orbstack {
        return Ok(true);
    }
    let (ask, sight) = (Arc::clone(&consent.0), sight.clone());
    let answer = tokio::task::spawn_blocking(move || ask(&sight));
    tokio::select! {
        answer = answer => Ok(answer.unwrap_or(false)),
        () = cancel.cancelled() => Err(ExecuteError::Interrupted.into()),
    }
}
