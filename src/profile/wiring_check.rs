//! Names that one part of a profile uses for another: known only when all layers are there.

use super::check::bad;
use super::error::ProfileError;
use super::layer::Layer;
use super::{Profile, nearest};
use crate::canonical::{Policy, Target, To};
use std::time::Duration;

type Checked = Result<(), ProfileError>;

/// The shortest time-out that the resources can say.
const SHORTEST_TIMEOUT: Duration = Duration::from_millis(100);

/// Finds the first name that leads nowhere, in the layer that wrote it.
pub(super) fn check(profile: &Profile, layers: &[Layer]) -> Checked {
    if let Some(layer) = layers.iter().rev().find(|layer| layer.document.routes.is_some()) {
        routes(profile, layer)?;
    }
    if let Some(layer) = layers.iter().rev().find(|layer| layer.document.policies.is_some()) {
        policies(profile, layer)?;
    }
    Ok(())
}

fn routes(profile: &Profile, layer: &Layer) -> Checked {
    for (index, route) in profile.routes.iter().enumerate() {
        let index = index.to_string();
        if let Some(path) = route.path.as_deref().filter(|path| !path.starts_with('/')) {
            return Err(bad(layer, &["routes", &index, "path"], path, "a path", "a path begins with `/`"));
        }
        match &route.to {
            To::One(name) if name.is_empty() => {
                let (key, text) = ("to".to_owned(), layer.text.clone());
                return Err(ProfileError::MissingKey { key, text, at: layer.place(&["routes", &index]) });
            }
            To::One(name) => known_backend(profile, layer, name, || layer.place(&["routes", &index, "to"]))?,
            To::Weighted(shares) => {
                for name in shares.keys() {
                    known_backend(profile, layer, name, || layer.place_of_key(&["routes", &index, "to"], name))?;
                }
            }
        }
    }
    Ok(())
}

fn policies(profile: &Profile, layer: &Layer) -> Checked {
    for (index, policy) in profile.policies.iter().enumerate() {
        let index = index.to_string();
        match &policy.on {
            Target::Backend(name) => {
                known_backend(profile, layer, name, || layer.place(&["policies", &index, "on", "backend"]))?;
            }
            Target::Route(path) => known_route(profile, layer, path, &["policies", &index, "on", "route"])?,
            Target::Gateway(_) => {}
        }
        times(layer, &index, policy)?;
    }
    Ok(())
}

fn times(layer: &Layer, index: &str, policy: &Policy) -> Checked {
    for (key, time) in [("timeout", &policy.timeout), ("backendTimeout", &policy.backend_timeout)] {
        let Some(time) = time else { continue };
        let long_enough = humantime::parse_duration(time).is_ok_and(|time| time >= SHORTEST_TIMEOUT);
        if !long_enough || !is_gateway_api_duration(time) {
            let hint = "100ms, 30s or 1m30s for example; 100ms is the shortest";
            return Err(bad(layer, &["policies", index, key], time, "a time-out", hint));
        }
    }
    let Some(limit) = &policy.rate_limit else { return Ok(()) };
    if ["1s", "60s", "1m", "1h"].contains(&limit.per.as_str()) {
        return Ok(());
    }
    let path = ["policies", index, "rateLimit", "per"];
    Err(bad(layer, &path, &limit.per, "a unit of a rate limit", "1s, 60s or 1h: the resources have no other"))
}

/// Source: Gateway API GEP-2257, `^([0-9]{1,5}(h|m|s|ms)){1,4}$`.
fn is_gateway_api_duration(text: &str) -> bool {
    let mut parts = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let after = &rest[digits..];
        let Some(unit) = ["ms", "h", "m", "s"].into_iter().find(|unit| after.starts_with(unit)) else { return false };
        if digits == 0 || digits > 5 {
            return false;
        }
        parts += 1;
        rest = &after[unit.len()..];
    }
    (1..=4).contains(&parts)
}

fn known_backend(profile: &Profile, layer: &Layer, name: &str, place: impl Fn() -> miette::SourceSpan) -> Checked {
    if profile.backends.contains_key(name) {
        return Ok(());
    }
    let known = profile.backends.keys().map(String::as_str);
    Err(ProfileError::UnknownBackend {
        name: name.to_owned(),
        label: nearest::label(name, known.clone()),
        known: listed("backends", known),
        text: layer.text.clone(),
        at: place(),
    })
}

fn known_route(profile: &Profile, layer: &Layer, path: &str, place: &[&str]) -> Checked {
    let known = profile.routes.iter().filter_map(|route| route.path.as_deref());
    if known.clone().any(|known| known == path) {
        return Ok(());
    }
    Err(ProfileError::UnknownRoute {
        path: path.to_owned(),
        label: nearest::label(path, known.clone()),
        known: listed("routes", known),
        text: layer.text.clone(),
        at: layer.place(place),
    })
}

fn listed<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names = names.collect::<Vec<_>>();
    if names.is_empty() {
        return format!("this profile has no {what}");
    }
    format!("{what} of this profile  {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::is_gateway_api_duration;

    #[test]
    fn durations_are_those_of_gateway_api() {
        for good in ["100ms", "30s", "1h30m", "1m30s500ms"] {
            assert!(is_gateway_api_duration(good), "{good}");
        }
        for bad in ["", "30", "1.5s", "100000s", "1d", "-1s", "1s1s1s1s1s", "ms"] {
            assert!(!is_gateway_api_duration(bad), "{bad}");
        }
    }
}
