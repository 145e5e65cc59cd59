//! Answers that a policy gives instead of a backend. Source: facts/manifests.md 3.4.

use super::{body::Body, expression::Expression};
use crate::gateway::table::{AnswerBody, DirectAnswer};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;

/// The answer for a request that is described by `about`; `None`: none of them is for it.
pub fn answer(answers: &[DirectAnswer], about: &Value) -> Option<Response<Body>> {
    let variables = [("request", about)];
    let meant = |answer: &&DirectAnswer| {
        answer.condition.as_ref().is_none_or(|condition| Expression::new(condition).holds(&variables))
    };
    let chosen = answers.iter().find(meant)?;
    let mut response = Response::new(match &chosen.body {
        None => Body::empty(),
        Some(AnswerBody::Text(text)) => Body::from(text.clone()),
        Some(AnswerBody::Expression(text)) => Body::from(Expression::new(text).text(&variables).unwrap_or_default()),
    });
    *response.status_mut() = StatusCode::from_u16(chosen.status).unwrap_or_default();
    for (name, expression) in &chosen.headers {
        let value = Expression::new(expression).text(&variables);
        let value = value.and_then(|value| HeaderValue::from_str(&value).ok());
        if let (Ok(name), Some(value)) = (name.parse::<HeaderName>(), value) {
            response.headers_mut().insert(name, value);
        }
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_answer_that_is_meant_is_given() {
        let ping = DirectAnswer {
            condition: Some(r#"request.path == "/ping""#.to_owned()),
            status: 200,
            body: Some(AnswerBody::Expression(r#""pong " + request.host"#.to_owned())),
            headers: vec![("x-d".to_owned(), r#""1""#.to_owned())],
        };
        let answers = [ping];
        let given = answer(&answers, &json!({"path": "/ping", "host": "a.test"})).unwrap();
        assert_eq!((given.status().as_u16(), given.headers()["x-d"].as_bytes()), (200, &b"1"[..]));
        assert!(answer(&answers, &json!({"path": "/other", "host": "a.test"})).is_none());
    }
}
