//! The types of the built-in kinds, read once.

use super::notation::expand_type;
use serde_json::{Map, Value};
use std::sync::OnceLock;

const SOURCES: [&str; 4] =
    [include_str!("core.yaml"), include_str!("pod.yaml"), include_str!("apps.yaml"), include_str!("cluster.yaml")];
const ABOUT: &str = include_str!("about.yaml");

struct Catalogue {
    types: Value,
    about: Value,
}

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let mut types = Map::new();
        for source in SOURCES {
            types.extend(read(source));
        }
        Catalogue { types: Value::Object(types), about: Value::Object(read(ABOUT)) }
    })
}

/// The files are part of the program; a test reads them all, so an empty map is never served.
fn read(source: &str) -> Map<String, Value> {
    serde_yaml::from_str(source).unwrap_or_default()
}

/// The structural schema of a built-in kind; a kind whose fields are not known takes any.
pub(in crate::embedded) fn schema_of(group: &str, kind: &str) -> Value {
    let catalogue = catalogue();
    let name = if group == "events.k8s.io" { "EventsEvent" } else { kind };
    expand_type(&catalogue.types, &catalogue.about, name)
}

/// The schema of `metadata`.
pub(in crate::embedded) fn object_meta() -> &'static Value {
    static OBJECT_META: OnceLock<Value> = OnceLock::new();
    OBJECT_META.get_or_init(|| {
        let catalogue = catalogue();
        expand_type(&catalogue.types, &catalogue.about, "ObjectMeta")
    })
}

/// The fields of `metadata`.
pub(in crate::embedded) fn object_meta_fields() -> Option<&'static Map<String, Value>> {
    object_meta()["properties"].as_object()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_every_kind_has_fields() {
        for source in SOURCES.into_iter().chain([ABOUT]) {
            assert!(!read(source).is_empty(), "{}", &source[..60]);
        }
        for kind in ["Namespace", "Pod", "Deployment", "Secret", "CustomResourceDefinition", "EndpointSlice"] {
            assert!(schema_of("", kind)["properties"].as_object().is_some(), "{kind}");
        }
        assert!(object_meta_fields().expect("fields").contains_key("ownerReferences"));
    }
}
