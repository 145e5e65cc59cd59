//! One layer over another. Sections merge field by field, backends by name, lists are replaced.

use super::document::{GatewayPart, ListenerPart};
use super::layer::Layer;
use super::merge_supply::merge_supply;
use super::{Listener, Logging, Profile, Setting};

/// `below` with everything that `layer` says.
pub(super) fn merge(below: Profile, layer: &Layer) -> Profile {
    let mut profile = below;
    let document = layer.document.clone();
    profile.name.clone_from(&layer.name);
    if let Some(title) = document.title {
        profile.title = title;
    }
    let mut said = Vec::new();
    let mut say = |there: bool, setting: Setting| said.extend(there.then_some(setting));

    say(put_some(&mut profile.release, document.release), Setting::Release);
    say(put(&mut profile.cluster.provider, document.cluster.provider), Setting::Provider);
    say(put_some(&mut profile.cluster.kubernetes, document.cluster.kubernetes), Setting::Kubernetes);
    say(put(&mut profile.routes, document.routes), Setting::Routes);
    say(put(&mut profile.policies, document.policies), Setting::Policies);
    say(put(&mut profile.scenarios, document.scenarios), Setting::Scenarios);
    say(put_some(&mut profile.cluster.node_image, document.cluster.node_image.clone()), Setting::NodeImage);
    say(put(&mut profile.mocks.at, document.mocks.at), Setting::Mocks);
    say(merge_supply(&mut profile.supply, layer), Setting::Supply);
    let folder = document.definitions.map(|folder| layer.beside(&folder));
    say(put_some(&mut profile.definitions, folder), Setting::Definitions);
    say(document.backends.is_some(), Setting::Backends);
    profile.backends.extend(document.backends.into_iter().flatten());
    said.extend(merge_gateway(&mut profile, document.gateway));

    if layer.file.is_some() {
        profile.said.extend(said);
    }
    profile
}

fn merge_gateway(profile: &mut Profile, part: GatewayPart) -> Vec<Setting> {
    let gateway = &mut profile.gateway;
    let listeners = part.listeners.map(|parts| parts.into_iter().enumerate().map(listener).collect());
    let logging = part.logging.map(|logging| Logging { level: logging.level });
    let settings = [
        (put_some(&mut gateway.implementation, part.implementation), Setting::Implementation),
        (put(&mut gateway.name, part.name), Setting::GatewayName),
        (put(&mut gateway.listeners, listeners), Setting::Listeners),
        (put(&mut gateway.logging, logging), Setting::Logging),
    ];
    settings.into_iter().filter_map(|(there, setting)| there.then_some(setting)).collect()
}

/// The range was checked when the layer was read.
fn listener((index, part): (usize, ListenerPart)) -> Listener {
    let port = u16::try_from(part.port).unwrap_or(u16::MAX);
    let name = match (part.name, index) {
        (Some(name), _) => name,
        (None, 0) => "http".to_owned(),
        (None, _) => format!("http-{port}"),
    };
    Listener { name, port, hostname: part.hostname }
}

pub(super) fn put<T>(place: &mut T, value: Option<T>) -> bool {
    let Some(value) = value else { return false };
    *place = value;
    true
}

pub(super) fn put_some<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let Some(value) = value else { return false };
    *place = Some(value);
    true
}
