//! A listener that offers models by name. Source: facts/manifests.md 10.2 and facts/proxy.md 4.1.

use super::{
    body::{Body, CollectError},
    call::Call,
    expression::{self, Expression},
    refusal::Refusal,
    serve::dispatch,
};
use crate::gateway::{
    Mutant,
    table::{Model, Models, VirtualModel, VirtualTargets},
};
use http::{HeaderValue, Response, StatusCode, header, request};
use serde_json::{Value, json};

/// Bytes that a request may have. Source: facts/proxy.md 4, `maxBufferSize`.
const LARGEST_BODY: usize = 2 * 1024 * 1024;

/// Why no model answers, as OpenAI says it.
struct Fault {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Fault {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    fn answer(self, acting_plain: bool) -> Response<Body> {
        if acting_plain {
            return super::refusal::plain_text(self.status, self.message);
        }
        let error = json!({"message": self.message, "type": "invalid_request_error", "code": self.code});
        json_answer(self.status, &json!({"error": error}))
    }
}

/// Answers a request: the list of models, or what the model says.
pub async fn serve(
    call: &Call<'_>,
    models: &Models,
    mut request: request::Parts,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    let plain = call.acting.is(Mutant::ModelErrorPlain);
    if asks_for_list(request.uri.path()) {
        return Ok(list(models));
    }
    let body = match read(body).await {
        Ok(body) => body,
        Err(fault) => return Ok(fault.answer(plain)),
    };
    let (model, body) = match choose(call, models, &request, body) {
        Ok(chosen) => chosen,
        Err(fault) => return Ok(fault.answer(plain)),
    };
    request.headers.remove(header::CONTENT_LENGTH);
    Box::pin(dispatch(call, &model.backend, request, Body::from(body.to_string()))).await
}

fn asks_for_list(path: &str) -> bool {
    ["/v1/models", "/models"]
        .iter()
        .any(|list| path.strip_prefix(list).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The models that a client may ask for.
fn list(models: &Models) -> Response<Body> {
    let entry =
        |name: &str, created: i64| json!({"id": name, "object": "model", "created": created, "owned_by": "openai"});
    let public = models.models.iter().filter(|model| !model.internal);
    let public = public.map(|model| entry(&model.name, model.created));
    let virtuals = models.virtuals.iter().map(|model| entry(&model.name, model.created));
    json_answer(StatusCode::OK, &json!({"data": public.chain(virtuals).collect::<Vec<_>>(), "object": "list"}))
}

async fn read(body: Body) -> Result<Value, Fault> {
    let bytes = body.collect(LARGEST_BODY).await.map_err(|error| match error {
        CollectError::TooLarge => Fault::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "request_body_too_large",
            "LLM request body exceeded the buffer limit",
        ),
        CollectError::Broken(_) => {
            Fault::new(StatusCode::BAD_REQUEST, "request_body_read_failed", "Failed to read LLM request body")
        }
    })?;
    serde_json::from_slice(&bytes)
        .map_err(|_| Fault::new(StatusCode::BAD_REQUEST, "invalid_request_body", "LLM request body must be valid JSON"))
}

/// The model that a request names, and the request as that model gets it.
fn choose<'m>(
    call: &Call<'_>,
    models: &'m Models,
    request: &request::Parts,
    mut body: Value,
) -> Result<(&'m Model, Value), Fault> {
    let Some(asked) = body["model"].as_str().map(str::to_owned) else {
        let message = "LLM request body is missing string field 'model'";
        return Err(Fault::new(StatusCode::BAD_REQUEST, "missing_model", message));
    };
    if let Some(named) = models.virtuals.iter().find(|model| model.name == asked) {
        let target = target(call, named, request, &body)?;
        body["model"] = target.as_str().into();
        return models.models.iter().find(|model| fits(&model.name, &target)).map(|model| (model, body)).ok_or_else(
            || {
                let message =
                    format!("Virtual model {asked} selected target {target}, but no matching model was found");
                Fault::new(StatusCode::NOT_FOUND, "virtual_model_target_not_found", message)
            },
        );
    }
    let open = |model: &&Model| !model.internal || call.acting.is(Mutant::InternalModelServed);
    let model = models.models.iter().filter(open).find(|model| fits(&model.name, &asked));
    let model = model.ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "model_not_found", "Model not found"))?;
    Ok((model, body))
}

fn target(call: &Call<'_>, model: &VirtualModel, request: &request::Parts, body: &Value) -> Result<String, Fault> {
    match &model.targets {
        VirtualTargets::Weighted(targets) => by_share(targets).ok_or_else(|| {
            let message = format!("Virtual model {} could not be resolved", model.name);
            Fault::new(StatusCode::NOT_FOUND, "virtual_model_not_resolved", message)
        }),
        VirtualTargets::Conditional(targets) => {
            let about = expression::request(request, &call.client_host, Some(body.to_string()));
            let holds = |when: &Option<String>| {
                when.as_ref().is_none_or(|when| Expression::new(when).holds(&[("request", &about)]))
            };
            targets.iter().find(|(_, when)| holds(when)).map(|(name, _)| name.clone()).ok_or_else(|| {
                let message = format!("Virtual model {} did not match any conditional target", model.name);
                Fault::new(StatusCode::BAD_REQUEST, "virtual_model_no_matching_target", message)
            })
        }
    }
}

fn by_share(targets: &[(String, u32)]) -> Option<String> {
    let sum: u64 = targets.iter().map(|(_, weight)| u64::from(*weight)).sum();
    let mut place = rand::random::<u64>().checked_rem(sum)?;
    targets.iter().find_map(|(name, weight)| match place.checked_sub(u64::from(*weight)) {
        None => Some(name.clone()),
        Some(rest) => {
            place = rest;
            None
        }
    })
}

/// Whether a name fits a pattern with at most one `*`, at one of its ends.
fn fits(pattern: &str, name: &str) -> bool {
    match (pattern.strip_suffix('*'), pattern.strip_prefix('*')) {
        (Some(prefix), _) => name.starts_with(prefix),
        (None, Some(suffix)) => name.ends_with(suffix),
        (None, None) => pattern == name,
    }
}

fn json_answer(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_at_its_end() {
        assert!(fits("*", "any") && fits("gpt-*", "gpt-5") && fits("*-latest", "x-latest") && fits("a", "a"));
        assert!(!fits("gpt-*", "o-gpt") && !fits("*-latest", "latest") && !fits("a", "ab"));
    }

    #[test]
    fn shares_are_drawn_from_all_and_from_nothing_else() {
        let targets = [("a".to_owned(), 1), ("b".to_owned(), 3)];
        let drawn: std::collections::BTreeSet<String> = (0..200).filter_map(|_| by_share(&targets)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(by_share(&[]), None);
    }
}
