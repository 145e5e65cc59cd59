//! From Helm's words to what is wrong. Sources: `facts/controller.md` 10 (measured with Helm 4.2.4 and 3.20.2) and
//! `facts/lifecycle.md` E.

use super::HelmError;
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// Longest piece of Helm's words that is shown, in characters.
const SHOWN: usize = 400;

/// Shortest value that is kept out of what is told, in bytes; shorter ones are parts of ordinary words.
const SECRET: usize = 8;

/// What made Helm fail. The first rule that fits decides, so the special ones stand before the general ones.
pub(super) fn understand(release: &str, errors: &str) -> HelmError {
    let said = words(errors);
    let has = |parts: &[&str]| parts.iter().any(|part| errors.contains(part));
    let release = release.to_owned();
    if let Some((object, owner)) = owner(errors) {
        return HelmError::NotOurs { release, object, owner };
    }
    if has(&["another operation (install/upgrade/rollback) is in progress"]) {
        return HelmError::Busy { release };
    }
    if has(&["cannot re-use a name", "cannot reuse a name"]) {
        return HelmError::NameInUse { release, said };
    }
    if has(&["cluster unreachable", "connection refused", "no route to host", "i/o timeout", "TLS handshake timeout"]) {
        return HelmError::ClusterAway { release, said };
    }
    if has(&["estimated rule cost exceeds budget", "rule cost total exceeds"]) {
        return HelmError::TooCostly { release, said };
    }
    if has(&["field is immutable", "Value is immutable"]) {
        return HelmError::Immutable { release, said };
    }
    if has(&["no matches for kind", "ensure CRDs are installed first", "could not find the requested resource"]) {
        return HelmError::DefinitionsMissing { release, said };
    }
    if has(&["data: Too long"]) {
        return HelmError::TooLarge { release };
    }
    if has(&["denied the request", "denied request", "is prohibited by default", "ValidatingAdmissionPolicy"]) {
        return HelmError::Denied { release, said };
    }
    if errors.contains("namespaces \"") && errors.contains("not found") || has(&["because it is being terminated"]) {
        return HelmError::NoNamespace { release, said };
    }
    if has(&["is forbidden:", "is forbidden: User"]) {
        return HelmError::Forbidden { release, said };
    }
    if has(&["context deadline exceeded", "timed out waiting for the condition", "not ready. status:"]) {
        return HelmError::NotReady { release, said };
    }
    if has(&[
        "values don't meet the specifications",
        "execution error at",
        "executing \"",
        "template: ",
        "YAML parse error",
        "unable to build kubernetes objects",
    ]) {
        return HelmError::Rendering { release, said };
    }
    HelmError::Failed { release, said }
}

/// Helm's words without the secrets that were given to it: a value whose name tells of one is replaced by its name.
pub(super) fn masked(errors: &str, values: &Value) -> String {
    let mut found = Vec::new();
    collect("", values, &mut found);
    // The longest first: one may be a part of another.
    found.sort_by_key(|(_, text)| std::cmp::Reverse(text.len()));
    found.into_iter().fold(errors.to_owned(), |errors, (path, text)| errors.replace(text, &format!("<{path}>")))
}

fn collect<'a>(path: &str, value: &'a Value, found: &mut Vec<(String, &'a str)>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::String(text) if text.len() >= SECRET && tells_of_secret(path) => found.push((path.to_owned(), text)),
        Value::Object(inner) => inner.iter().for_each(|(key, value)| collect(&below(key), value, found)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, value)| collect(&below(&at.to_string()), value, found))
        }
        _ => {}
    }
}

/// Variables count too: nobody knows what people put into them.
fn tells_of_secret(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["env", "secret", "token", "password", "key", "credential", "auth"].iter().any(|word| path.contains(word))
}

/// The object that belongs to another, and what it says of its owner.
fn owner(errors: &str) -> Option<(String, String)> {
    static OBJECT: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(\w+) "([^"]+)" in namespace "([^"]*)" exists and cannot be imported"#).ok());
    static CURRENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"key "meta\.helm\.sh/release-(name|namespace)" must equal "[^"]*": current value is "([^"]*)""#)
            .ok()
    });
    let object = OBJECT.as_ref()?.captures(errors)?;
    let place = if object[3].is_empty() { String::new() } else { format!("{}/", &object[3]) };
    let owners: Vec<String> = CURRENT
        .as_ref()?
        .captures_iter(errors)
        .map(|found| match &found[1] {
            "name" => format!("helm release {}", &found[2]),
            _ => format!("a helm release in namespace {}", &found[2]),
        })
        .collect();
    let owner = if owners.is_empty() { "nobody that Helm knows".to_owned() } else { owners.join(", ") };
    Some((format!("{} {place}{}", &object[1], &object[2]), owner))
}

/// Helm's last error without its log, prefix and line breaks.
fn words(errors: &str) -> String {
    let lines: Vec<_> = errors.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let first = lines.iter().rposition(|line| line.starts_with("Error: ")).unwrap_or(lines.len().saturating_sub(1));
    let text = lines.get(first..).unwrap_or_default().join(" ");
    let text = text.strip_prefix("Error: ").unwrap_or(&text);
    let text = ["INSTALLATION FAILED: ", "UPGRADE FAILED: "]
        .iter()
        .fold(text, |text, prefix| text.strip_prefix(prefix).unwrap_or(text));
    if text.is_empty() { "it said nothing".to_owned() } else { text.chars().take(SHOWN).collect() }
}

#[cfg(test)]
mod tests {
    use super::{masked, understand, words};
    use miette::Diagnostic;
    use serde_json::json;

    #[test]
    fn every_measured_text_has_its_id() {
        for (errors, id) in [
            ("Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress", "HELM-07"),
            ("Error: INSTALLATION FAILED: cannot re-use a name that is still in use", "HELM-16"),
            (
                "level=ERROR msg=\"release name check failed\"\nError: INSTALLATION FAILED: release name check failed: cannot reuse a name that is still in use",
                "HELM-16",
            ),
            ("Error: create: failed to create: namespaces \"agentgateway-system\" not found", "HELM-17"),
            (
                "Error: resource Deployment/a/b not ready. status: InProgress, message: Available: 0/1\ncontext deadline exceeded",
                "HELM-15",
            ),
            ("Error: context deadline exceeded", "HELM-15"),
            (
                "Error: Kubernetes cluster unreachable: Get \"https://127.0.0.1:1/version\": dial tcp: connect: connection refused",
                "HELM-05",
            ),
            (
                "Error: unable to build kubernetes objects from release manifest: resource mapping not found for name: \"x\" namespace: \"\" from \"\": no matches for kind \"Gateway\" in version \"gateway.networking.k8s.io/v1\"\nensure CRDs are installed first",
                "HELM-08",
            ),
            (
                "Error: Deployment.apps \"agentgateway\" is invalid: spec.selector: Invalid value: {}: field is immutable",
                "HELM-09",
            ),
            (
                "Error: CustomResourceDefinition is invalid: estimated rule cost exceeds budget by factor of 1.2x",
                "HELM-10",
            ),
            (
                "Error: create: failed to create: Secret \"sh.helm.release.v1.x.v1\" is invalid: data: Too long: must have at most 1048576 bytes",
                "HELM-14",
            ),
            (
                "Error: ValidatingAdmissionPolicy 'safe-upgrades' denied request: Installing CRDs with version before v1.5.0 is prohibited by default",
                "HELM-11",
            ),
            ("Error: secrets is forbidden: User \"x\" cannot list resource \"secrets\"", "HELM-12"),
            (
                "Error: values don't meet the specifications of the schema(s) in the following chart(s):\nx:\n- port: Invalid type",
                "HELM-13",
            ),
            (
                "Error: UPGRADE FAILED: x/templates/a.yaml:1:13\n  executing \"x/templates/a.yaml\" at <.Values.x.y>: nil pointer",
                "HELM-13",
            ),
            ("Error: something new", "HELM-18"),
            ("", "HELM-18"),
        ] {
            assert_eq!(understand("a/b", errors).code().unwrap().to_string(), id, "{errors}");
        }
    }

    #[test]
    fn the_owner_is_named() {
        let errors = r#"Error: INSTALLATION FAILED: unable to continue with install: CustomResourceDefinition "agentgatewaybackends.agentgateway.dev" in namespace "" exists and cannot be imported into the current release: invalid ownership metadata; annotation validation error: key "meta.helm.sh/release-namespace" must equal "other": current value is "agentgateway-system""#;
        let error = understand("other/agentgateway-crds", errors);
        assert_eq!(
            error.to_string(),
            "CustomResourceDefinition agentgatewaybackends.agentgateway.dev belongs to a helm release in namespace \
             agentgateway-system and other/agentgateway-crds cannot have it"
        );
    }

    #[test]
    fn values_are_not_told() {
        let values = json!({"controller": {"extraEnv": {"KEY": "canary-7f3a"}}, "name": "agentgateway",
                            "tokens": ["canary-7f3a-long"]});
        let told = masked("Invalid value: \"canary-7f3a\", canary-7f3a-long, agentgateway", &values);
        assert_eq!(told, "Invalid value: \"<controller.extraEnv.KEY>\", <tokens.0>, agentgateway");
    }

    #[test]
    fn the_words_are_short() {
        assert_eq!(words("level=WARN\nError: UPGRADE FAILED: a\nb\n"), "a b");
        assert_eq!(words(" \n"), "it said nothing");
    }
}
