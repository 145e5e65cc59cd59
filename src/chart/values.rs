//! Values that people set, held against those that a chart has. Helm drops unknown ones without a word.

use super::{Chart, ChartError};
use serde_json::{Map, Value};

/// A value that the chart does not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue {
    /// Its path, `controller.enableAgentgateway`.
    pub key: String,
    /// What was probably meant.
    pub hint: String,
}

/// Keys below which a chart takes what it is given. Sources: values of agentgateway 1.x and kgateway 2.1, where they
/// are passed on to Kubernetes or are names that people choose (`facts/lifecycle.md` A.3, A.4).
const OPEN: &[&str] = &[
    "extraEnv",
    "nodeSelector",
    "affinity",
    "annotations",
    "labels",
    "podAnnotations",
    "podLabels",
    "podSecurityContext",
    "securityContext",
    "resources",
    "strategy",
    "global",
    "gatewayClassParametersRefs",
    "commonLabels",
];

/// Values that people believe in. Source: `facts/lifecycle.md` A.3, A.4.
const STORIES: &[(&str, &str)] = &[
    (
        "controller.enableAgentgateway",
        "no chart ever had it; from 2.2 on installing the agentgateway chart is all it takes, kgateway 2.1 has `agentgateway.enabled`",
    ),
    ("agentGateway.enabled", "it is written `agentgateway.enabled`, and only kgateway 2.1 has it"),
    ("agentGateway.enableAlphaAPIs", "no chart ever had it; leave it out"),
    ("agentgateway.enabled", "only kgateway 2.1 has it; from 2.2 on installing the agentgateway chart is all it takes"),
    ("controller.xds.tls.enabled", "from 1.2 on it is `controller.xds.mode`: plaintext, tls or either"),
];

impl Chart {
    /// CHART-10 with every key of `set` that the chart's own values do not have. Below a value that is empty in the
    /// chart, and where it is known to take any, every key is fine.
    pub fn check_values(&self, set: &Value) -> Result<(), ChartError> {
        let mut unknown = Vec::new();
        if let (Some(set), Some(known)) = (set.as_object(), self.values.as_object()) {
            self.compare("", set, known, &mut unknown);
        }
        match unknown.is_empty() {
            true => Ok(()),
            false => Err(ChartError::UnknownValues { chart: self.title(), unknown }),
        }
    }

    fn compare(
        &self,
        above: &str,
        set: &Map<String, Value>,
        known: &Map<String, Value>,
        unknown: &mut Vec<UnknownValue>,
    ) {
        for (key, value) in set {
            let path = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
            let brought = above.is_empty() && self.brings.contains(key);
            if brought || OPEN.contains(&key.as_str()) {
                continue;
            }
            match (known.get(key), value) {
                (None, _) => unknown.extend(self.unread(&path, value).iter().map(|path| self.unknown(path, known))),
                (Some(Value::Object(below)), Value::Object(inner)) if !below.is_empty() => {
                    self.compare(&path, inner, below, unknown);
                }
                _ => {}
            }
        }
    }

    /// What is wrong with a branch that values.yaml does not have: of one that is read in part, the leaves that are not;
    /// else the leaves that have a story; else its root.
    fn unread(&self, path: &str, value: &Value) -> Vec<String> {
        let leaves = match value.as_object().filter(|inner| !inner.is_empty()) {
            Some(inner) => leaves(path, inner),
            None => vec![path.to_owned()],
        };
        let (read, unread): (Vec<_>, Vec<_>) =
            leaves.into_iter().partition(|leaf| story(leaf).is_none() && self.reads(leaf));
        let told: Vec<_> = unread.iter().filter(|leaf| story(leaf).is_some()).cloned().collect();
        match (read.is_empty(), told.is_empty()) {
            (false, _) => unread,
            (true, false) => told,
            (true, true) => vec![path.to_owned()],
        }
    }

    /// Whether the schema or a template reads a value or a branch that it is in.
    fn reads(&self, path: &str) -> bool {
        let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
        ends.into_iter().any(|end| self.in_schema(&path[..end]) || self.in_templates(&path[..end]))
    }

    fn unknown(&self, path: &str, known: &Map<String, Value>) -> UnknownValue {
        let hint = self.hint(path, known).unwrap_or_else(|| {
            let all = known.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            format!("`{path}`: known at that place are {all}")
        });
        UnknownValue { key: path.to_owned(), hint }
    }

    /// The story of a key, or the nearest key at its place, or the same key at another place.
    fn hint(&self, path: &str, known: &Map<String, Value>) -> Option<String> {
        if let Some(story) = story(path) {
            return Some(format!("`{path}`: {story}"));
        }
        let (above, key) = path.rsplit_once('.').unwrap_or(("", path));
        let place = |key: &str| if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") };
        if let Some(near) = nearest(key, known.keys().map(String::as_str)) {
            return Some(format!("`{path}`: did you mean `{}`?", place(near)));
        }
        let all = self.values.as_object().map(|all| leaves_and_branches("", all)).unwrap_or_default();
        let elsewhere = all.iter().find(|other| other.rsplit('.').next() == Some(key) && *other != path)?;
        Some(format!("`{path}`: did you mean `{elsewhere}`?"))
    }

    /// Whether a template reads exactly that, which values.yaml need not have.
    fn in_templates(&self, path: &str) -> bool {
        let read = format!(".Values.{path}");
        let goes_on = |rest: &str| rest.starts_with(|letter: char| letter.is_alphanumeric() || "._".contains(letter));
        let reads = |text: &str| text.match_indices(&read).any(|(at, _)| !goes_on(&text[at + read.len()..]));
        self.texts("templates").any(|(_, text)| reads(text))
    }

    /// Whether the chart's schema names the key, which values.yaml need not.
    fn in_schema(&self, path: &str) -> bool {
        let Some(schema) = &self.schema else { return false };
        let below = |schema: Option<&Value>, key: &str| schema?.get("properties")?.get(key).cloned();
        path.split('.')
            .try_fold(schema.clone(), |schema, key| below(Some(&schema), key))
            .is_some_and(|found| found.get("properties").is_none())
    }
}

fn story(path: &str) -> Option<&'static str> {
    STORIES.iter().find(|(key, _)| *key == path).map(|(_, story)| *story)
}

fn leaves(above: &str, values: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    for (key, value) in values {
        let path = format!("{above}.{key}");
        match value.as_object().filter(|inner| !inner.is_empty()) {
            Some(inner) => found.extend(leaves(&path, inner)),
            None => found.push(path),
        }
    }
    found
}

fn leaves_and_branches(above: &str, values: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    for (key, value) in values {
        let path = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
        found.push(path.clone());
        if let Some(inner) = value.as_object() {
            found.extend(leaves_and_branches(&path, inner));
        }
    }
    found
}

/// The known key that is nearest, if a third of the letters at most differ.
fn nearest<'a>(key: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (key.chars().count() / 3).max(1);
    known
        .map(|one| (strsim::damerau_levenshtein(&key.to_lowercase(), &one.to_lowercase()), one))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, one)| one)
}

#[cfg(test)]
mod tests {
    use crate::chart::{Chart, archive};
    use miette::Diagnostic;
    use serde_json::{Value, json};

    fn chart() -> Chart {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        std::fs::create_dir(folder.path().join("templates")).unwrap();
        write("Chart.yaml", "{name: agentgateway, version: 1.4.1}");
        write(
            "values.yaml",
            "{controller: {replicaCount: 1, logLevel: info, extraEnv: {}}, image: {tag: ''}, nodeSelector: {}}",
        );
        write("templates/a.yaml", "x: {{ .Values.controller.hidden }}{{ .Values.gatewayClassName }}");
        Chart::read(&archive::pack(folder.path()).unwrap(), folder.path(), "x").unwrap()
    }

    fn hints(set: &Value) -> String {
        chart().check_values(set).map_or_else(|error| format!("{error} {}", error.help().unwrap()), |()| String::new())
    }

    #[test]
    fn what_the_chart_reads_is_fine() {
        let set = json!({"controller": {"logLevel": "debug", "extraEnv": {"A": "b"}, "hidden": 1, "resources": {"x": 1}},
                         "nodeSelector": {"a": "b"}, "gatewayClassName": "x"});
        assert_eq!(hints(&set), "");
    }

    #[test]
    fn what_it_does_not_read_is_named_with_what_was_meant() {
        let told = hints(&json!({"controller": {"logLevle": "debug"}, "replicaCount": 2, "hid": 1}));
        assert!(
            told.starts_with("chart agentgateway 1.4.1 has no value `controller.logLevle` and no value `replicaCount`"),
            "{told}"
        );
        assert!(
            told.contains("did you mean `controller.logLevel`?")
                && told.contains("did you mean `controller.replicaCount`?"),
            "{told}"
        );
        assert!(told.contains("known at that place are controller, image, nodeSelector"), "{told}");
    }

    #[test]
    fn the_value_that_never_was_has_a_story() {
        let told = hints(&json!({"controller": {"enableAgentgateway": true}}));
        assert!(told.contains("no chart ever had it"), "{told}");
        let told = hints(&json!({"agentgateway": {"enabled": true}}));
        assert!(told.contains("only kgateway 2.1 has it"), "{told}");
    }
}
