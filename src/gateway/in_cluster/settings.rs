//! What a chart tells its controller, in environment variables. Source: facts/lifecycle.md A.3, A.4.

use crate::gateway::controller::{Family, Identity, ProxyImage};

/// What a chart tells its controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartSettings {
    /// As whom it acts.
    pub identity: Identity,
    /// Image of the proxies.
    pub image: ProxyImage,
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub log_level: Option<String>,
    /// Settings that are switched on and that the reference gateway does not do.
    pub ignored: Vec<String>,
}

/// Settings that change what a controller does, and the values that change nothing.
const NOT_DONE: [(&str, &[&str]); 4] = [
    ("ENABLE_INFER_EXT", &["false"]),
    ("ENABLE_AGENTGATEWAY_MODELS", &["false"]),
    ("DISCOVERY_NAMESPACE_SELECTORS", &["[]", "null"]),
    ("GATEWAY_CLASS_PARAMETERS_REFS", &["{}", "null"]),
];

impl ChartSettings {
    /// Reads them for a release: those of 2.x begin with `KGW_`, those of 1.x with `AGW_`.
    pub fn read(release: &str, variable: impl Fn(&str) -> Option<String>) -> Self {
        let prefix = if release.starts_with('2') { "KGW" } else { "AGW" };
        let own = |name: &str| variable(name).filter(|value| !value.is_empty());
        let setting = |name: &str| own(&format!("{prefix}_{name}"));
        let ignored = NOT_DONE.iter().filter_map(|(name, nothing)| {
            let value = setting(name)?;
            (!nothing.contains(&value.as_str())).then(|| format!("{prefix}_{name}"))
        });
        Self {
            identity: identity(release, own("POD_NAMESPACE"), &setting),
            image: image(release, &setting),
            log_level: setting("LOG_LEVEL"),
            ignored: ignored.collect(),
        }
    }
}

fn identity(release: &str, namespace: Option<String>, setting: &impl Fn(&str) -> Option<String>) -> Identity {
    let usual = Identity::of(release);
    let namespace = namespace.unwrap_or(usual.namespace);
    let name = setting("XDS_SERVICE_NAME").unwrap_or(usual.name);
    let scheme = if setting("XDS_MODE").as_deref() == Some("plaintext") { "http" } else { "https" };
    let port = setting("AGENTGATEWAY_XDS_SERVICE_PORT").unwrap_or_else(|| "9978".to_owned());
    let switch = setting("ENABLE_AGENTGATEWAY").map(|value| value == "true");
    Identity {
        class: setting("AGENTGATEWAY_CLASS_NAME").unwrap_or(usual.class),
        controller: setting("CONTROLLER_NAME").unwrap_or(usual.controller),
        // The one controller of 2.1 serves AI gateways only if it is told to; later charts have no other work.
        enabled: switch.unwrap_or(Family::of(release) == Family::Agentgateway),
        configuration: format!("{scheme}://{name}.{namespace}.svc.cluster.local:{port}"),
        namespace,
        name,
    }
}

fn image(release: &str, setting: &impl Fn(&str) -> Option<String>) -> ProxyImage {
    let (registry, tag) = match Family::of(release) {
        Family::Kgateway => ("ghcr.io/agentgateway", "0.10.3".to_owned()),
        Family::Agentgateway if release.starts_with('2') => ("cr.agentgateway.dev", "0.12.0".to_owned()),
        Family::Agentgateway => ("cr.agentgateway.dev", format!("v{release}")),
    };
    let part = |name: &str, usual: String| setting(&format!("PROXY_IMAGE_{name}")).unwrap_or(usual);
    ProxyImage::Parts {
        registry: part("REGISTRY", registry.to_owned()),
        repository: part("REPOSITORY", "agentgateway".to_owned()),
        tag: part("TAG", tag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(release: &str, variables: &[(&str, &str)]) -> ChartSettings {
        ChartSettings::read(release, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn values_of_a_chart_steer_class_controller_image_and_log() {
        let settings = read(
            "1.4.1",
            &[
                ("AGW_AGENTGATEWAY_CLASS_NAME", "second"),
                ("AGW_CONTROLLER_NAME", "example.test/second"),
                ("AGW_PROXY_IMAGE_REGISTRY", "localhost:5000"),
                ("AGW_PROXY_IMAGE_TAG", "mine"),
                ("AGW_LOG_LEVEL", "debug"),
                ("AGW_XDS_MODE", "plaintext"),
                ("AGW_ENABLE_INFER_EXT", "true"),
                ("AGW_DISCOVERY_NAMESPACE_SELECTORS", "[]"),
                ("KGW_LOG_LEVEL", "error"),
                ("POD_NAMESPACE", "mine"),
            ],
        );
        assert_eq!((settings.identity.class.as_str(), settings.identity.enabled), ("second", true));
        assert_eq!(settings.identity.controller, "example.test/second");
        assert_eq!(settings.identity.configuration, "http://agentgateway.mine.svc.cluster.local:9978");
        let (registry, repository) = ("localhost:5000".to_owned(), "agentgateway".to_owned());
        assert_eq!(settings.image, ProxyImage::Parts { registry, repository, tag: "mine".to_owned() });
        assert_eq!(settings.log_level.as_deref(), Some("debug"));
        assert_eq!(settings.ignored, ["AGW_ENABLE_INFER_EXT"]);
    }

    #[test]
    fn the_old_line_serves_only_when_it_is_told_to() {
        assert!(!read("2.1.3", &[]).identity.enabled);
        assert!(!read("2.1.3", &[("KGW_ENABLE_AGENTGATEWAY", "false")]).identity.enabled);
        let told = read("2.1.3", &[("KGW_ENABLE_AGENTGATEWAY", "true"), ("POD_NAMESPACE", "kgateway-system")]);
        assert_eq!(told.identity, Identity::of("2.1.3"));
        let (registry, repository) = ("ghcr.io/agentgateway".to_owned(), "agentgateway".to_owned());
        assert_eq!(told.image, ProxyImage::Parts { registry, repository, tag: "0.10.3".to_owned() });
        assert!(read("2.2.9", &[]).identity.enabled);
    }
}
