//! What becomes of requests and answers on their way.

use super::reader::Reader;
use crate::gateway::table::{Cel, HeaderChange, HeaderModifiers, ModelRequest, Transform, Transformation};
use serde_json::Value;

impl Reader<'_> {
    pub(super) fn header_modifiers(&mut self, spec: &Value) {
        let change = |side: &Value| {
            let pairs = |field: &str| {
                side[field].as_array().into_iter().flatten().map(|header| pair(header, "name", "value")).collect()
            };
            HeaderChange { set: pairs("set"), add: pairs("add"), remove: texts(&side["remove"]) }
        };
        self.policies.headers = Some(HeaderModifiers {
            request: spec.get("request").map(change),
            response: spec.get("response").map(change),
        });
    }

    pub(super) fn transformation(&mut self, spec: &Value) {
        self.only("traffic.transformation", spec, &["request", "response"]);
        let request = spec.get("request").map(|side| self.transform(side));
        let response = spec.get("response").map(|side| self.transform(side));
        self.policies.transformation = Some(Transformation { request, response });
    }

    /// An expression that is none is ignored and told.
    fn transform(&mut self, side: &Value) -> Transform {
        self.only("traffic.transformation", side, &["set", "add", "remove", "body"]);
        let body = side["body"].as_str().and_then(|text| self.cel(text, "body value"));
        Transform {
            set: self.values(&side["set"]),
            add: self.values(&side["add"]),
            remove: texts(&side["remove"]),
            body,
        }
    }

    fn values(&mut self, headers: &Value) -> Vec<(String, Cel)> {
        let mut made = Vec::new();
        for header in headers.as_array().into_iter().flatten() {
            let (name, value) = pair(header, "name", "value");
            made.extend(self.cel(&value, "header value").map(|value| (name, value)));
        }
        made
    }

    /// What of `backend.ai` shapes the body of a request; `false` where a field is something else.
    pub(super) fn model_request(&mut self, field: &str, value: &Value) -> bool {
        let mut wanted = self.policies.model_request.take().unwrap_or_default();
        let known = self.shape(&mut wanted, field, value);
        if wanted != ModelRequest::default() {
            self.policies.model_request = Some(wanted);
        }
        known
    }

    fn shape(&mut self, wanted: &mut ModelRequest, field: &str, value: &Value) -> bool {
        let items = || value.as_array().into_iter().flatten();
        let fields = || items().map(|item| (text(item, "field"), item["value"].to_string())).collect();
        match field {
            "defaults" => wanted.defaults = fields(),
            "overrides" => wanted.overrides = fields(),
            "transformations" => {
                for item in items() {
                    let (name, expression) = pair(item, "field", "expression");
                    let expression = self.cel(&expression, &format!("transformation \"{name}\""));
                    wanted.computed.extend(expression.map(|expression| (name, expression)));
                }
            }
            "modelAliases" => {
                let aliases = value.as_object().into_iter().flatten();
                wanted.aliases =
                    aliases.filter_map(|(name, model)| Some((name.clone(), model.as_str()?.to_owned()))).collect();
            }
            "prompt" => {
                let messages = |side: &str| {
                    value[side].as_array().into_iter().flatten().map(|one| pair(one, "role", "content")).collect()
                };
                (wanted.prepend, wanted.append) = (messages("prepend"), messages("append"));
            }
            _ => return false,
        }
        true
    }
}

fn pair(value: &Value, one: &str, other: &str) -> (String, String) {
    (text(value, one), text(value, other))
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
