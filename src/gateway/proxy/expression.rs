//! CEL expressions about a request.

use super::host::without_port;
use crate::gateway::table::Rules;
use http::{HeaderValue, request};
use kube_cel::{
    KubeCelExt as _,
    cel::{Context, ExecutionError, FunctionContext, Program, Value as Cel, to_value},
};
use serde_json::{Map, Value, json};

/// A context with the functions that the real proxy has beyond the standard's, as far as they are done here.
pub fn functions() -> Context<'static> {
    let mut context = Context::default().with_all();
    context.add_function("json", parsed);
    context
}

/// `json(text)`: what a text or bytes say as JSON.
fn parsed(call: &FunctionContext<'_, '_>) -> Result<Cel, ExecutionError> {
    let argument = match (&call.this, call.args.first()) {
        (Some(this), _) => this.clone(),
        (None, Some(argument)) => call.ptx.resolve(argument)?,
        (None, None) => return Err(ExecutionError::missing_argument_or_target()),
    };
    let parsed: Result<Value, _> = match &argument {
        Cel::String(text) => serde_json::from_str(text),
        Cel::Bytes(bytes) => serde_json::from_slice(bytes),
        _ => return Err(ExecutionError::NoSuchOverload),
    };
    let parsed = parsed.map_err(|error| call.error(error))?;
    to_value(parsed).map_err(|error| call.error(error))
}

/// An expression; one that is none never holds. Source: facts/controller.md 8.
#[derive(Debug)]
pub struct Expression(Option<Program>);

impl Expression {
    /// Compiles a text.
    pub fn new(text: &str) -> Self {
        Self(Program::compile(text).ok())
    }

    /// Whether it is true of these variables. What cannot be evaluated is not.
    pub fn holds(&self, variables: &[(&str, &Value)]) -> bool {
        matches!(self.value(variables), Some(Cel::Bool(true)))
    }

    /// Its value as text, where it has one.
    pub fn text(&self, variables: &[(&str, &Value)]) -> Option<String> {
        match self.value(variables)? {
            Cel::String(text) => Some(text.to_string()),
            Cel::Int(number) => Some(number.to_string()),
            Cel::UInt(number) => Some(number.to_string()),
            Cel::Float(number) => Some(number.to_string()),
            Cel::Bool(truth) => Some(truth.to_string()),
            _ => None,
        }
    }

    fn value(&self, variables: &[(&str, &Value)]) -> Option<Cel> {
        let program = self.0.as_ref()?;
        let mut context = functions();
        for (name, value) in variables {
            context.add_variable(*name, *value).ok()?;
        }
        program.execute(&context).ok()
    }
}

/// A request as expressions see it: `request.method`, `request.path`, `request.host`, `request.headers["x"]`, and
/// `request.body` where it is known.
pub fn request(request: &request::Parts, host: &HeaderValue, body: Option<String>) -> Value {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Map<String, Value> =
        request.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value).into())).collect();
    let host = text(host);
    let mut about = json!({
        "method": request.method.as_str(),
        "path": request.uri.path(),
        "host": without_port(&host),
        "headers": headers,
    });
    if let Some(body) = body {
        about["body"] = body.into();
    }
    about
}

/// Rules, ready to be asked.
#[derive(Debug)]
pub struct RuleSet {
    allow: Vec<Expression>,
    deny: Vec<Expression>,
    require: Vec<Expression>,
}

impl RuleSet {
    /// Compiles rules.
    pub fn new(rules: &Rules) -> Self {
        let compiled = |texts: &[String]| texts.iter().map(|text| Expression::new(text)).collect();
        Self { allow: compiled(&rules.allow), deny: compiled(&rules.deny), require: compiled(&rules.require) }
    }

    /// Whether what these variables describe gets through: what is denied does not, what is required must be; a list of
    /// what is allowed is complete.
    pub fn admits(&self, variables: &[(&str, &Value)]) -> bool {
        let any = |expressions: &[Expression]| expressions.iter().any(|expression| expression.holds(variables));
        !any(&self.deny)
            && self.require.iter().all(|expression| expression.holds(variables))
            && (self.allow.is_empty() || any(&self.allow))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_denial_wins_and_a_list_of_what_is_allowed_is_complete() {
        let tool = json!({"tool": {"name": "echo", "target": "one"}});
        let admits = |allow: &[&str], deny: &[&str], require: &[&str]| {
            let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
            let rules = Rules { allow: texts(allow), deny: texts(deny), require: texts(require) };
            RuleSet::new(&rules).admits(&[("mcp", &tool)])
        };
        let (echo, other) = (r#"mcp.tool.name == "echo""#, r#"mcp.tool.name == "other""#);
        assert!(admits(&[], &[], &[]) && admits(&[echo, other], &[], &[]) && admits(&[], &[other], &[echo]));
        assert!(!admits(&[other], &[], &[]) && !admits(&[echo], &[echo], &[]) && !admits(&[echo], &[], &[other]));
        assert!(!admits(&["jwt.role == 'admin'"], &[], &[]), "a variable that is not there");
        assert!(!admits(&["not a rule ("], &[], &[]) && admits(&[], &["not a rule ("], &[]));
        assert!(admits(&["mcp.tool.target.startsWith('o') && has(mcp.tool.name)"], &[], &[]));
    }
}
