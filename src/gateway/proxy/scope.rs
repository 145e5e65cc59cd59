//! What expressions know of a request and its answer. Source: facts/manifests.md 2 and 3.4.

use super::{expression::functions, host};
use crate::gateway::table::Cel;
use bytes::Bytes;
use http::{HeaderMap, request};
use kube_cel::cel::{
    Context, Value,
    objects::{Key, Map},
    to_value,
};
use serde_json::{Value as Json, json};
use std::{collections::HashMap, sync::Arc};

/// Claims of the token that a request came with, if it was checked. An extension of the request.
#[derive(Debug, Clone)]
pub struct Claims(pub Json);

/// What is known of the holder of the request's API key. An extension of the request.
#[derive(Debug, Clone)]
pub struct KeyHolder(pub Json);

/// Who the request's password belongs to. An extension of the request.
#[derive(Debug, Clone)]
pub struct UserName(pub String);

/// What expressions know.
pub struct Scope(Context<'static>);

impl Scope {
    /// A request with as much of its body as was read.
    pub fn of(request: &request::Parts, body: Option<&Bytes>) -> Self {
        let uri = &request.uri;
        let host = host::client_host(uri, &request.headers).map_or("", host::without_port);
        let about = json!({
            "method": request.method.as_str(),
            "uri": uri.to_string(),
            "path": uri.path(),
            "pathAndQuery": uri.path_and_query().map_or("", |whole| whole.as_str()),
            "query": uri.query().unwrap_or_default(),
            "host": host,
            "scheme": uri.scheme_str().unwrap_or("http"),
            "version": format!("{:?}", request.version),
            "headers": headers(&request.headers),
        });
        let mut scope = Self(functions());
        scope.put("request", about, body);
        if let Some(claims) = request.extensions.get::<Claims>() {
            scope.put("jwt", claims.0.clone(), None);
        }
        if let Some(holder) = request.extensions.get::<KeyHolder>() {
            scope.put("apiKey", holder.0.clone(), None);
        }
        if let Some(user) = request.extensions.get::<UserName>() {
            scope.put("basicAuth", json!({"username": user.0}), None);
        }
        scope
    }

    /// With an answer and as much of its body as was read.
    pub fn and_answer(mut self, status: u16, answer: &HeaderMap, body: Option<&Bytes>) -> Self {
        self.put("response", json!({"code": status, "headers": headers(answer)}), body);
        self
    }

    /// With the body that a model is asked with.
    pub fn and_model_request(mut self, body: &Json) -> Self {
        self.put("llmRequest", body.clone(), None);
        self
    }

    fn put(&mut self, name: &'static str, fields: Json, body: Option<&Bytes>) {
        // JSON always has a form in CEL.
        let Ok(mut value) = to_value(fields) else { return };
        if let (Some(body), Value::Map(map)) = (body, &value) {
            let mut fields: HashMap<Key, Value> = map.map.as_ref().clone();
            fields.insert("body".into(), Value::Bytes(Arc::new(body.to_vec())));
            value = Value::Map(Map { map: Arc::new(fields) });
        }
        self.0.add_variable_from_value(name, value);
    }

    /// The value of an expression; `None` where it has none.
    pub fn value(&self, expression: &Cel) -> Option<Json> {
        as_json(&expression.program().execute(&self.0).ok()?)
    }

    /// Whether an expression is true; what has no value is not.
    pub fn holds(&self, expression: &Cel) -> bool {
        self.value(expression) == Some(Json::Bool(true))
    }

    /// The value of an expression as a header carries it.
    pub fn text(&self, expression: &Cel) -> Option<String> {
        match self.value(expression)? {
            Json::String(text) => Some(text),
            Json::Null => None,
            other => Some(other.to_string()),
        }
    }
}

fn headers(headers: &HeaderMap) -> Json {
    let mut fields = serde_json::Map::new();
    for name in headers.keys() {
        let values: Vec<_> =
            headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
        fields.insert(name.as_str().to_owned(), values.join(",").into());
    }
    Json::Object(fields)
}

fn as_json(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::UInt(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::String(text) => text.as_str().into(),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
        Value::List(items) => Json::Array(items.iter().map(as_json).collect::<Option<_>>()?),
        Value::Map(map) => {
            let mut fields: Vec<_> =
                map.map.iter().map(|(key, value)| Some((name(key), as_json(value)?))).collect::<Option<_>>()?;
            fields.sort_by(|one: &(String, Json), other| one.0.cmp(&other.0));
            Json::Object(fields.into_iter().collect())
        }
        _ => return None,
    })
}

fn name(key: &Key) -> String {
    match key {
        Key::String(text) => text.to_string(),
        Key::Int(number) => number.to_string(),
        Key::Uint(number) => number.to_string(),
        Key::Bool(value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_see_the_request_its_holder_and_its_body() {
        let mut request = http::Request::builder()
            .uri("/a/b?q=1")
            .header("host", "x.test:80")
            .header("x-user", "ann")
            .extension(Claims(json!({"sub": "alice", "groups": ["a"]})))
            .body(())
            .unwrap()
            .into_parts()
            .0;
        request.method = http::Method::POST;
        let body = Bytes::from_static(br#"{"msg": "hey"}"#);
        let scope = Scope::of(&request, Some(&body)).and_answer(200, &HeaderMap::new(), Some(&body));
        for (expression, wanted) in [
            (r#"request.headers["x-user"] + "@" + request.host"#, Some("ann@x.test")),
            (r#""/rewritten" + request.path"#, Some("/rewritten/a/b")),
            ("json(request.body).msg", Some("hey")),
            ("string(response.code)", Some("200")),
            (r#""[" + string(response.body) + "]""#, Some(r#"[{"msg": "hey"}]"#)),
            ("jwt.sub", Some("alice")),
            (r#"request.headers["x-none"]"#, None),
            ("apiKey.team", None),
        ] {
            assert_eq!(scope.text(&Cel::new(expression).unwrap()).as_deref(), wanted, "{expression}");
        }
        assert!(scope.holds(&Cel::new(r#""a" in jwt.groups && request.method == "POST""#).unwrap()));
        assert!(Cel::new("not a rule (").is_err());
    }
}
