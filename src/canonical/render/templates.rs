//! The templates of the release lines. A name that a template does not find is an error.

use crate::canonical::{CanonicalError, Mistake};
use crate::release::{self, ReleaseLine};
use serde::Serialize;
use serde_json::Value;
use std::sync::LazyLock;
use tera::{Context, Kwargs, State, Tera, TeraResult};

macro_rules! template {
    ($name:literal) => {
        ($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/manifests/", $name, ".yaml.tera")))
    };
}

const TEMPLATES: [(&str, &str); 8] = [
    template!("kgateway-2.1/backend"),
    template!("kgateway-2.1/route"),
    template!("kgateway-2.1/policy"),
    template!("kgateway-2.1/gateway"),
    template!("agentgateway-1.4/backend"),
    template!("agentgateway-1.4/route"),
    template!("agentgateway-1.4/policy"),
    template!("agentgateway-1.4/gateway"),
];

static TERA: LazyLock<Result<Tera, String>> = LazyLock::new(|| {
    let mut tera = Tera::new();
    tera.autoescape_on(Vec::<&str>::new());
    tera.register_filter("to_yaml", to_yaml);
    tera.register_filter("to_json", to_json);
    tera.register_filter("indent", indent);
    tera.add_raw_templates(TEMPLATES).map_err(|error| error.to_string())?;
    Ok(tera)
});

/// Renders `kind` for a release line with the fields of `view` and reads the documents that come out.
pub(super) fn render(line: &ReleaseLine, kind: &str, view: &impl Serialize) -> Result<Vec<Value>, CanonicalError> {
    let template = template_of(line, kind);
    let broken = |reason: String| CanonicalError::new("", Mistake::Template { template: template.clone(), reason });
    let tera = TERA.as_ref().map_err(|reason| broken(reason.clone()))?;
    let context = Context::from_serialize(view).map_err(|error| broken(error.to_string()))?;
    let text = tera.render(&template, &context).map_err(|error| broken(error.to_string()))?;
    serde_yaml::from_multiple(&text).map_err(|error| broken(error.to_string()))
}

/// The line's own template, or that of its nearest relative: a line with the same API group, a newer one first. What
/// relatives differ in is told by [`Dialect`](super::dialect::Dialect).
fn template_of(line: &ReleaseLine, kind: &str) -> String {
    let (older, newer): (Vec<_>, Vec<_>) = release::lines()
        .iter()
        .filter(|other| other.api_group == line.api_group)
        .partition(|other| other.first_release < line.first_release);
    let nearest = newer.into_iter().chain(older.into_iter().rev());
    let mut names = nearest.map(|relative| format!("{}/{kind}", relative.name));
    let found = names.find(|name| TEMPLATES.iter().any(|(known, _)| known == name));
    found.unwrap_or_else(|| format!("{}/{kind}", line.name))
}

fn to_json(value: &tera::Value, _: Kwargs, _: &State) -> TeraResult<String> {
    serde_json::to_string(value).map_err(tera::Error::message)
}

fn to_yaml(value: &tera::Value, _: Kwargs, _: &State) -> TeraResult<String> {
    let text = serde_yaml::to_string(value).map_err(tera::Error::message)?;
    Ok(text.trim_end().to_owned())
}

fn indent(text: &str, arguments: Kwargs, _: &State) -> TeraResult<String> {
    let width = arguments.must_get::<usize>("width")?;
    let lines: Vec<String> = text.lines().map(|line| format!("{:width$}{line}", "")).collect();
    Ok(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::{line, lines};

    #[test]
    fn a_name_that_is_not_there_is_an_error_and_not_an_empty_place() {
        let line = line("agentgateway-1.4").unwrap();
        let error = render(line, "route", &serde_json::json!({"name": "x"})).unwrap_err();
        assert!(error.to_string().contains("agentgateway-1.4/route cannot be rendered"), "{error}");
    }

    #[test]
    fn every_line_has_a_template_of_its_own_or_of_a_relative() {
        for line in lines() {
            let wanted = if line.product == "kgateway" { "kgateway-2.1" } else { "agentgateway-1.4" };
            for kind in ["backend", "route", "policy", "gateway"] {
                assert_eq!(template_of(line, kind), format!("{wanted}/{kind}"), "{}", line.name);
            }
        }
    }
}
