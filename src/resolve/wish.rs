//! From a profile to choices.

use super::{
    ResolveError, Resolved, SharedChoice,
    charts::{self, ImageWay},
    definitions, host_backends, kind, shared, windows,
};
use crate::{
    canonical::{GatewaySpec, KeySource, Listener, Logging, Wiring},
    chart::Supply,
    profile::{Implementation, Profile, Setting},
    provider::ProviderName,
    release::{self, Conflict, WantedRelease},
};
use std::path::Path;

/// Makes every choice that the profile leaves open. Reads the environment and files, changes nothing.
pub async fn resolve(
    sandbox: &str,
    home: &Path,
    profile: &Profile,
    provider: ProviderName,
    implementation: Implementation,
    supply: &Supply,
) -> Result<Resolved, ResolveError> {
    let release = release::wanted(profile.release.as_deref().unwrap_or(PLAYED_LINE))?;
    let warnings = windows::check(profile, &release, implementation)?;
    let mut wiring = profile.wiring();
    check_keys(&wiring)?;
    let exact = profile.says(Setting::Listeners);
    let ports = profile.gateway.listeners.iter().map(|listener| listener.port);
    let mut shared = match provider {
        ProviderName::Context | ProviderName::Orbstack => Some(shared::choose(profile, home, provider).await?),
        _ => None,
    };
    if let Some(choice) = &mut shared {
        host_backends::leave_out(&mut wiring, choice, provider)?;
    }
    let way = shared.as_ref().map_or(ImageWay::Given, SharedChoice::image_way);
    let (parts, definitions) = match implementation {
        Implementation::Real => {
            let mut parts = charts::choose(supply, &release, &profile.supply, way).await?;
            parts.notes.extend(warnings.iter().map(Conflict::to_note));
            (Some(parts), None)
        }
        Implementation::Reference => {
            check_played(&release)?;
            (None, Some(definitions::resolve(profile.definitions.as_deref(), release.line)?))
        }
    };
    let kind = match provider {
        ProviderName::Kind => Some(kind::choose(sandbox, home, profile, release.line).await?),
        _ => None,
    };
    Ok(Resolved {
        sandbox: sandbox.to_owned(),
        kind,
        shared,
        parts,
        profile: profile.name.clone(),
        provider,
        line: release.line.name.clone(),
        release: release.version.to_string(),
        definitions,
        gateway: gateway_of(profile, provider),
        exact_ports: if exact { ports.collect() } else { Vec::new() },
        mocks: profile.mocks.at,
        wiring,
        scenarios: profile.scenarios.clone(),
    })
}

/// Only one line is played by the reference gateway; others are refused, not approximated.
fn check_played(release: &WantedRelease) -> Result<(), ResolveError> {
    if release.line.name == PLAYED_LINE {
        return Ok(());
    }
    let why = format!("this version plays {PLAYED_LINE} only");
    Err(ResolveError::NotPlayed { release: release.to_string(), why })
}

/// Node port of the gateway's first listener, where a cluster has nodes.
pub const GATEWAY_NODE_PORT: u16 = 30080;

/// The line that the reference gateway plays.
pub const PLAYED_LINE: &str = "agentgateway-1.4";

fn gateway_of(profile: &Profile, provider: ProviderName) -> GatewaySpec {
    let listeners = profile.gateway.listeners.iter().map(|listener| Listener {
        name: Some(listener.name.clone()),
        port: listener.port,
        hostname: listener.hostname.clone(),
        models: false,
    });
    let level = profile.gateway.logging.level;
    let logging = (level != Default::default())
        .then(|| Logging { level: Some(format!("{level:?}").to_lowercase()), ..Logging::default() });
    let node_port = (provider == ProviderName::Kind).then_some(GATEWAY_NODE_PORT);
    GatewaySpec { name: profile.gateway.name.clone(), listeners: listeners.collect(), logging, node_port }
}

/// All variables that credentials come from must be set, before anything is made.
fn check_keys(wiring: &Wiring) -> Result<(), ResolveError> {
    let backends = wiring.backends.iter().filter_map(|(name, backend)| Some((name, backend.key.as_ref()?)));
    let policies = wiring.policies.iter().flat_map(|policy| policy.api_key.iter().flatten());
    for (user, source) in backends.chain(policies) {
        if let KeySource::FromEnv(variable) = source
            && std::env::var_os(variable).is_none()
        {
            return Err(ResolveError::NoSuchVariable { variable: variable.clone(), user: user.clone() });
        }
    }
    Ok(())
}
