//! What a path names.

use super::kind::{Kind, Version};
use super::query::percent_decode;
use super::registry::Registry;
use std::sync::Arc;

/// What a path under `/api` or `/apis` names.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub kind: Arc<Kind>,
    pub version: String,
    /// Empty for cluster-scoped objects and for all namespaces.
    pub namespace: String,
    pub name: Option<String>,
    pub subresource: Option<String>,
}

/// A path that is no resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    /// There is no such group and version: plain text 404.
    GroupVersion,
    /// The group and version have no such resource: a Status.
    Resource,
}

impl Target {
    /// Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`.
    pub fn parse(path: &str, registry: &Registry) -> Result<Self, Unknown> {
        let segments: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(percent_decode).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let (group, version, rest) = match segments.as_slice() {
            ["api", version, rest @ ..] => ("", *version, rest),
            ["apis", group, version, rest @ ..] => (*group, *version, rest),
            _ => return Err(Unknown::GroupVersion),
        };
        let served = registry.kinds().iter().any(|kind| kind.group == group && kind.version(version).is_some());
        if !served {
            return Err(Unknown::GroupVersion);
        }
        let find = |plural: &str| registry.find(group, plural).filter(|kind| kind.version(version).is_some());
        // `/namespaces/NAME/x` is a resource within a namespace, unless x is a subresource of the namespace itself.
        let (namespace, rest) = match rest {
            ["namespaces", namespace, plural, rest @ ..] if !(group.is_empty() && is_namespace_part(plural)) => {
                (*namespace, [&[*plural], rest].concat())
            }
            rest => ("", rest.to_vec()),
        };
        let (plural, name, subresource) = match rest.as_slice() {
            [plural] => (*plural, None, None),
            [plural, name] => (*plural, Some(*name), None),
            [plural, name, subresource] => (*plural, Some(*name), Some((*subresource).to_owned())),
            [plural, name, subresource, ..] if *subresource == "proxy" => {
                (*plural, Some(*name), Some((*subresource).to_owned()))
            }
            _ => return Err(Unknown::Resource),
        };
        // In groups that only definitions make, the API server knows no resource that is not defined.
        let custom = registry.kinds().iter().filter(|kind| kind.group == group).all(|kind| kind.custom);
        let unknown = if custom { Unknown::GroupVersion } else { Unknown::Resource };
        let kind = find(plural).ok_or(unknown)?;
        let in_namespace = !namespace.is_empty();
        if in_namespace != kind.namespaced && (in_namespace || name.is_some()) {
            return Err(Unknown::Resource);
        }
        Ok(Self {
            kind: Arc::clone(kind),
            version: version.to_owned(),
            namespace: namespace.to_owned(),
            name: name.map(str::to_owned),
            subresource,
        })
    }

    /// What is known of the kind in the version of the path.
    pub fn schema_version(&self) -> Option<&Version> {
        self.kind.version(&self.version)
    }

    /// `group/version` of the path.
    pub fn api_version(&self) -> String {
        self.kind.api_version(&self.version)
    }

    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    pub fn is_status(&self) -> bool {
        self.subresource.as_deref() == Some("status")
    }
}

fn is_namespace_part(name: &str) -> bool {
    matches!(name, "status" | "finalize")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_resources() {
        let registry = Registry::new();
        let target = |path: &str| Target::parse(path, &registry);
        let named = target("/api/v1/namespaces/default/configmaps/a").expect("a config map");
        assert_eq!((named.kind.kind.as_str(), named.namespace.as_str(), named.name()), ("ConfigMap", "default", "a"));
        assert!(target("/api/v1/namespaces/default/status").expect("status").is_status());
        assert_eq!(target("/api/v1/nope").expect_err("unknown"), Unknown::Resource);
        assert_eq!(target("/apis/foo.io/v1/bars").expect_err("unknown"), Unknown::GroupVersion);
        assert_eq!(target("/api/v1/configmaps/a").expect_err("no namespace"), Unknown::Resource);
    }
}
