//! What flags say: the last layer.

use super::error::ProfileError;
use super::{Implementation, Listener, MocksAt, Profile, ProviderChoice, Setting, nearest};
use std::net::IpAddr;

/// Settings from the command line; what is left out changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--release`.
    pub release: Option<String>,
    /// `--provider`, as it was written.
    pub provider: Option<String>,
    /// `--kubernetes`.
    pub kubernetes: Option<String>,
    /// `--context`; without `--provider` it also says that provider.
    pub context: Option<String>,
    /// `--host-address`.
    pub host_address: Option<IpAddr>,
    /// `--self-image`.
    pub self_image: Option<String>,
    /// `--gateway real|reference`.
    pub implementation: Option<Implementation>,
    /// `--port`: of the first listener.
    pub port: Option<u16>,
    /// `--chart`, each the path of a chart or `oci://…`.
    pub charts: Vec<String>,
    /// `--image NAME=REFERENCE`, what an image is for and which one.
    pub images: Vec<(String, String)>,
    /// `--mocks`.
    pub mocks: Option<MocksAt>,
    /// `--scenarios`.
    pub scenarios: Option<Vec<String>>,
}

impl Overrides {
    /// Puts the flags over a profile. PROFILE-06 for a provider that is not known, PROFILE-10 for port 0.
    pub(super) fn apply(&self, profile: &mut Profile) -> Result<(), ProfileError> {
        if let Some(name) = &self.provider {
            profile.cluster.provider = provider(name)?;
            profile.said.insert(Setting::Provider);
        }
        self.apply_cluster(profile);
        if let Some(port) = self.port {
            set_port(profile, port)?;
        }
        if let Some(release) = &self.release {
            profile.release = Some(release.clone());
            profile.said.insert(Setting::Release);
        }
        if let Some(kubernetes) = &self.kubernetes {
            profile.cluster.kubernetes = Some(kubernetes.clone());
            profile.said.insert(Setting::Kubernetes);
        }
        if let Some(implementation) = self.implementation {
            profile.gateway.implementation = Some(implementation);
            profile.said.insert(Setting::Implementation);
        }
        profile.supply.builds.extend(self.charts.iter().cloned());
        profile.supply.images.extend(self.images.iter().cloned());
        if !self.charts.is_empty() || !self.images.is_empty() {
            profile.said.insert(Setting::Supply);
        }
        if let Some(at) = self.mocks {
            profile.mocks.at = at;
            profile.said.insert(Setting::Mocks);
        }
        if let Some(scenarios) = &self.scenarios {
            profile.scenarios.clone_from(scenarios);
            profile.said.insert(Setting::Scenarios);
        }
        Ok(())
    }
}

impl Overrides {
    fn apply_cluster(&self, profile: &mut Profile) {
        let cluster = &mut profile.cluster;
        if let Some(context) = &self.context {
            cluster.context = Some(context.clone());
            if self.provider.is_none() {
                cluster.provider = ProviderChoice::Context;
            }
            profile.said.extend([Setting::Context, Setting::Provider]);
        }
        if let Some(address) = self.host_address {
            cluster.host_address = Some(address);
            profile.said.insert(Setting::HostAddress);
        }
        if let Some(image) = &self.self_image {
            cluster.self_image = Some(image.clone());
            profile.said.insert(Setting::SelfImage);
        }
    }
}

fn provider(name: &str) -> Result<ProviderChoice, ProfileError> {
    ProviderChoice::named(name).ok_or_else(|| ProfileError::UnknownProvider {
        name: name.to_owned(),
        hint: nearest::hint(name, ProviderChoice::NAMES),
        text: None,
        at: None,
    })
}

fn set_port(profile: &mut Profile, port: u16) -> Result<(), ProfileError> {
    if port == 0 {
        let (value, wanted) = ("0".to_owned(), "a port".to_owned());
        let hint = "ports go from 1 to 65535".to_owned();
        return Err(ProfileError::BadValue { value, wanted, hint, text: None, at: None });
    }
    match profile.gateway.listeners.first_mut() {
        Some(first) => first.port = port,
        None => profile.gateway.listeners.push(Listener { name: "http".to_owned(), port, hostname: None }),
    }
    profile.said.insert(Setting::Listeners);
    Ok(())
}
