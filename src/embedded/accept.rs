//! The shape in which a client wants its answer.

/// The shape in which a client wants its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Object,
    Table,
    Metadata,
    Yaml,
}

/// Reads `Accept`: the first entry that can be served wins; what is unknown falls back to JSON.
pub(super) fn shape(accept: &str) -> Shape {
    for entry in accept.split(',') {
        let mut parts = entry.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default();
        let requested = parts.find_map(|part| part.strip_prefix("as=")).unwrap_or_default();
        match (media, requested) {
            ("application/json" | "*/*" | "application/*", "Table") => return Shape::Table,
            ("application/json", "PartialObjectMetadata" | "PartialObjectMetadataList") => return Shape::Metadata,
            ("application/json" | "*/*" | "application/*", "") => return Shape::Object,
            ("application/yaml", "") => return Shape::Yaml,
            _ => {}
        }
    }
    Shape::Object
}

/// The version of aggregated discovery that is wanted, if any.
pub(super) fn aggregated(accept: &str) -> Option<&'static str> {
    accept.split(',').filter(|entry| entry.contains("as=APIGroupDiscoveryList")).find_map(|entry| {
        let version = |part: &str| entry.split(';').any(|other| other.trim() == part);
        if !entry.trim().starts_with("application/json") {
            None
        } else if version("v=v2") {
            Some("v2")
        } else if version("v=v2beta1") {
            Some("v2beta1")
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_shape_that_can_be_served_wins() {
        assert_eq!(shape("application/json;as=Table;v=v1;g=meta.k8s.io,application/json"), Shape::Table);
        assert_eq!(shape("application/vnd.kubernetes.protobuf,application/json"), Shape::Object);
        assert_eq!(
            shape(
                "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
            ),
            Shape::Metadata
        );
        assert_eq!(shape(""), Shape::Object);
        assert_eq!(aggregated("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"), Some("v2"));
        assert_eq!(aggregated("application/json"), None);
    }
}
