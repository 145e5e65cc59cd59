//! The two families of resources.

use super::kgateway;
use crate::gateway::controller::resource::Kind;
use kube::core::{ApiResource, GroupVersionKind};
use serde_json::Value;

/// Which resources a release has for backends, policies and parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Family {
    /// `agentgateway.dev`: 2.2 and everything that came later.
    #[default]
    Agentgateway,
    /// `gateway.kgateway.dev`: 2.1.
    Kgateway,
}

impl Family {
    /// That of a release, `2.1.3`.
    pub fn of(release: &str) -> Self {
        let release = release.trim_start_matches('v');
        if release == "2.1" || release.starts_with("2.1.") { Self::Kgateway } else { Self::Agentgateway }
    }

    /// What `kube` needs to know to call the API for a kind.
    pub fn resource(self, kind: Kind) -> ApiResource {
        let (name, plural) = match (self, kind) {
            (Self::Kgateway, Kind::Backend) => ("Backend", "backends"),
            (Self::Kgateway, Kind::Policy) => ("TrafficPolicy", "trafficpolicies"),
            (Self::Kgateway, Kind::Parameters) => ("GatewayParameters", "gatewayparameters"),
            _ => return kind.resource(),
        };
        ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(kgateway::GROUP, "v1alpha1", name), plural)
    }

    /// An object in the words of `agentgateway.dev`, which the controller understands.
    pub fn translate(self, kind: Kind, object: Value) -> Value {
        match self {
            Self::Agentgateway => object,
            Self::Kgateway => kgateway::translate(kind, object),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_point_one_is_of_the_old_family() {
        for (release, family) in [
            ("2.1.3", Family::Kgateway),
            ("v2.1.0", Family::Kgateway),
            ("2.2.1", Family::Agentgateway),
            ("1.0.1", Family::Agentgateway),
            ("2.10.0", Family::Agentgateway),
        ] {
            assert_eq!(Family::of(release), family, "{release}");
        }
        assert_eq!(Family::Kgateway.resource(Kind::Backend).api_version, "gateway.kgateway.dev/v1alpha1");
        assert_eq!(Family::Kgateway.resource(Kind::HttpRoute), Kind::HttpRoute.resource());
    }
}
