//! Rules for names, labels and annotations.
//! Source of the texts: kubernetes/apimachinery `pkg/util/validation`, seen again at a real kube-apiserver 1.34.

use super::kind::Kind;
use super::schema::{FieldError, FieldErrorKind};
use serde_json::Value;

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const DNS_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const NAME_PART: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/// What is wrong with the metadata of an object.
pub(super) fn problems(kind: &Kind, object: &Value) -> Vec<FieldError> {
    let metadata = &object["metadata"];
    let mut errors = Vec::new();
    let name = metadata["name"].as_str().unwrap_or_default();
    if let Some(why) = name_problem(kind, name) {
        errors.push(invalid("metadata.name", name, why));
    }
    for (key, value) in metadata["labels"].as_object().into_iter().flatten() {
        if let Some(why) = key_problem(key) {
            errors.push(invalid("metadata.labels", key, why));
        }
        let value = value.as_str().unwrap_or_default();
        if value.len() > 63 {
            errors.push(invalid("metadata.labels", value, "must be no more than 63 bytes".to_owned()));
        } else if !value.is_empty() && !is_qualified_name(value) {
            errors.push(invalid("metadata.labels", value, LABEL_VALUE.to_owned()));
        }
    }
    for (key, _) in metadata["annotations"].as_object().into_iter().flatten() {
        if let Some(why) = key_problem(&key.to_lowercase()) {
            errors.push(invalid("metadata.annotations", key, why));
        }
    }
    errors
}

fn invalid(field: &str, value: &str, why: String) -> FieldError {
    let detail = format!("Invalid value: {}: {why}", Value::from(value));
    FieldError { kind: FieldErrorKind::Invalid, field: field.to_owned(), detail }
}

fn name_problem(kind: &Kind, name: &str) -> Option<String> {
    if kind.group == "rbac.authorization.k8s.io" {
        let broken = name.is_empty() || name.contains(['/', '%']) || name == "." || name == "..";
        return broken.then(|| "may not contain '/'".to_owned());
    }
    let label = |text: &str| is_label(text, |first| first.is_ascii_lowercase() || first.is_ascii_digit());
    let (longest, fine, why) = match (kind.group.as_str(), kind.plural.as_str()) {
        ("", "namespaces") => (63, label(name), LABEL),
        ("", "services") => (63, is_label(name, |first| first.is_ascii_lowercase()), DNS_1035),
        _ => (253, name.split('.').all(label), SUBDOMAIN),
    };
    if name.len() > longest {
        return Some(format!("must be no more than {longest} bytes"));
    }
    (!fine).then(|| why.to_owned())
}

fn is_label(text: &str, first: impl Fn(char) -> bool) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.starts_with(first) && text.chars().all(inner) && !text.ends_with('-')
}

fn is_qualified_name(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let edge = |c: char| c.is_ascii_alphanumeric();
    text.starts_with(edge) && text.ends_with(edge) && text.chars().all(inner)
}

/// A key is a name, or a DNS name, a slash and a name.
fn key_problem(key: &str) -> Option<String> {
    let name = match key.split_once('/') {
        Some((prefix, name)) => {
            let label = |text: &str| is_label(text, |first| first.is_ascii_lowercase() || first.is_ascii_digit());
            if prefix.is_empty() {
                return Some("prefix part must be non-empty".to_owned());
            }
            if !prefix.split('.').all(label) {
                return Some(format!("prefix part {SUBDOMAIN}"));
            }
            name
        }
        None => key,
    };
    if name.is_empty() {
        return Some("name part must be non-empty".to_owned());
    }
    if name.len() > 63 {
        return Some("name part must be no more than 63 bytes".to_owned());
    }
    (!is_qualified_name(name)).then(|| NAME_PART.to_owned())
}
