//! The templates of the release lines. A name that a template does not find is an error.

use crate::canonical::{CanonicalError, Mistake};
use serde::Serialize;
use serde_json::Value;
use std::sync::LazyLock;
use tera::{Context, Kwargs, State, Tera, TeraResult};

/// Release lines that templates exist for.
pub(super) const LINES: &[&str] = &["agentgateway-1.4"];

macro_rules! template {
    ($name:literal) => {
        ($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/manifests/", $name, ".yaml.tera")))
    };
}

const TEMPLATES: [(&str, &str); 4] = [
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

/// Renders `kind` of a release line with the fields of `view` and reads the documents that come out.
pub(super) fn render(line: &str, kind: &str, view: &impl Serialize) -> Result<Vec<Value>, CanonicalError> {
    if !LINES.contains(&line) {
        let known = LINES.iter().map(|line| (*line).to_owned()).collect();
        return Err(CanonicalError::new(
            "",
            Mistake::NoSuch { kind: "release line with templates", name: line.to_owned(), known },
        ));
    }
    let template = format!("{line}/{kind}");
    let broken = |reason: String| CanonicalError::new("", Mistake::Template { template: template.clone(), reason });
    let tera = TERA.as_ref().map_err(|reason| broken(reason.clone()))?;
    let context = Context::from_serialize(view).map_err(|error| broken(error.to_string()))?;
    let text = tera.render(&template, &context).map_err(|error| broken(error.to_string()))?;
    serde_yaml::from_multiple(&text).map_err(|error| broken(error.to_string()))
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

    #[test]
    fn a_name_that_is_not_there_is_an_error_and_not_an_empty_place() {
        let error = render("agentgateway-1.4", "route", &serde_json::json!({"name": "x"})).unwrap_err();
        assert!(error.to_string().contains("agentgateway-1.4/route cannot be rendered"), "{error}");
    }

    #[test]
    fn an_unknown_line_is_told_with_those_that_exist() {
        let error = render("agentgateway-1.5", "route", &serde_json::json!({})).unwrap_err();
        assert_eq!(error.mistake.help().as_deref(), Some("did you mean `agentgateway-1.4`?"));
    }
}
