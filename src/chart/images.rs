//! Images that a release runs, and where the nodes of a cluster pull them from.

use super::{Chart, ChartError, Mirrors, Reference};
use crate::release::WantedRelease;
use serde_json::{Map, Value};

/// The images of a release's controller and proxy, which a cluster needs before it can serve. Source:
/// `facts/lifecycle.md` A.3; only the images of 1.x have the `v` in the tag of the proxy.
pub fn images_of(release: &WantedRelease) -> Result<[Reference; 2], ChartError> {
    let (line, version) = (release.line, &release.version);
    let proxy = line.proxy.as_ref().map_or_else(|| format!("v{version}"), ToString::to_string);
    let (controller, proxy) = match line.product.as_str() {
        "kgateway" => ("cr.kgateway.dev/kgateway-dev/kgateway", format!("ghcr.io/agentgateway/agentgateway:{proxy}")),
        _ => ("cr.agentgateway.dev/controller", format!("cr.agentgateway.dev/agentgateway:{proxy}")),
    };
    Ok([Reference::image(&format!("{controller}:v{version}"))?, Reference::image(&proxy)?])
}

impl Chart {
    /// Values that send the nodes of a cluster to mirrors: every `registry` that the chart's own values name and that a
    /// mirror replaces for them. An empty object where nothing is to be set.
    pub fn values_for_nodes(&self, mirrors: &Mirrors) -> Value {
        self.values
            .as_object()
            .and_then(|values| mirrored(values, mirrors))
            .unwrap_or_else(|| Value::Object(Map::new()))
    }
}

fn mirrored(values: &Map<String, Value>, mirrors: &Mirrors) -> Option<Value> {
    let changed: Map<String, Value> = values
        .iter()
        .filter_map(|(key, value)| {
            let value = match value {
                Value::Object(inner) => mirrored(inner, mirrors)?,
                Value::String(registry) if key == "registry" => {
                    let (host, path) = registry.split_once('/').unwrap_or((registry, ""));
                    Value::String(mirrors.for_cluster(host, path)?.trim_end_matches('/').to_owned())
                }
                _ => return None,
            };
            Some((key.clone(), value))
        })
        .collect();
    (!changed.is_empty()).then_some(Value::Object(changed))
}

#[cfg(test)]
mod tests {
    use super::{images_of, mirrored};
    use crate::chart::Mirrors;
    use crate::release::wanted;
    use serde_json::json;

    #[test]
    fn images_are_tagged_as_they_are_published() {
        for (release, controller, proxy) in [
            ("agentgateway-1.4", "cr.agentgateway.dev/controller:v1.4.1", "cr.agentgateway.dev/agentgateway:v1.4.1"),
            ("agentgateway-2.2", "cr.agentgateway.dev/controller:v2.2.9", "cr.agentgateway.dev/agentgateway:0.12.0"),
            (
                "kgateway-2.1",
                "cr.kgateway.dev/kgateway-dev/kgateway:v2.1.3",
                "ghcr.io/agentgateway/agentgateway:0.10.3",
            ),
        ] {
            let images = images_of(&wanted(release).unwrap()).unwrap();
            assert_eq!(images.map(|image| image.to_string()), [controller, proxy]);
        }
    }

    #[test]
    fn nodes_are_sent_to_their_view_of_a_mirror() {
        let mirrors = Mirrors::parse(
            "{cr.agentgateway.dev: {cluster: 'registry:5000'}, cr.kgateway.dev: {cluster: 'registry:5000/kgw'}}",
        );
        let values = json!({"image": {"registry": "cr.agentgateway.dev", "tag": ""},
                            "controller": {"image": {"registry": "cr.kgateway.dev/kgateway-dev"}},
                            "proxy": {"image": {"registry": ""}}});
        assert_eq!(
            mirrored(values.as_object().unwrap(), &mirrors.unwrap()),
            Some(json!({"image": {"registry": "registry:5000"},
                        "controller": {"image": {"registry": "registry:5000/kgw/kgateway-dev"}}}))
        );
    }
}
