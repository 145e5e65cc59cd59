//! HTTP in, verbs, HTTP out.

use super::accept::{self, Shape};
use super::api::Inner;
use super::call::{Call, Reply};
use super::query::Query;
use super::refusal::{Answer, Refusal};
use super::target::{Target, Unknown};
use super::verbs::{self, Page, WatchForm};
use super::world::World;
use super::{discovery, openapi, table};
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// The largest body that is read. Source: kube-apiserver's `MaxRequestBodyBytes`, 3 MiB.
const LARGEST_BODY: usize = 3 * 1024 * 1024;
/// How long a client may take to send its body.
const SLOWEST_BODY: Duration = Duration::from_secs(60);

/// Answers one request.
pub(super) async fn answer(api: Arc<Inner>, request: Request<Body>) -> Response<Body> {
    match serve(&api, request).await {
        Ok(response) => response,
        Err(refusal) => respond(refusal.code, &refusal.to_status(), &[]),
    }
}

async fn serve(api: &Inner, request: Request<Body>) -> Answer<Response<Body>> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let accept = header_text(&parts.headers, header::ACCEPT);
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    if parts.method == Method::GET
        && let Some(response) = read_only(api, path, &accept)
    {
        return Ok(response);
    }
    let target = match Target::parse(path, &api.lock().registry) {
        Ok(target) => target,
        Err(Unknown::Resource) => return Err(Refusal::no_such_resource()),
        Err(Unknown::GroupVersion) => return Ok(not_found()),
    };
    let body = read_body(body).await?;
    let agent = header_text(&parts.headers, header::USER_AGENT);
    let agent = agent.split('/').next().unwrap_or_default().trim();
    let call = Call {
        target,
        query,
        content_type: header_text(&parts.headers, header::CONTENT_TYPE),
        agent: if agent.is_empty() { "unknown".to_owned() } else { agent.to_owned() },
        body,
        lenient: api.is_lenient(),
    };
    dispatch(api, &parts.method, &call, accept::shape(&accept))
}

fn header_text(headers: &HeaderMap, name: header::HeaderName) -> String {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join(",")
}

async fn read_body(body: Body) -> Answer<Bytes> {
    let reading = tokio::time::timeout(SLOWEST_BODY, Limited::new(body, LARGEST_BODY).collect());
    match reading.await {
        Err(_) => Err(Refusal::bad_request("the request body did not arrive in time")),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => Err(Refusal::too_large(LARGEST_BODY)),
        Ok(Err(error)) => Err(Refusal::bad_request(format!("the request body cannot be read: {error}"))),
        Ok(Ok(body)) => Ok(body.to_bytes()),
    }
}

/// Everything that is not a resource: health, version, discovery, OpenAPI.
fn read_only(api: &Inner, path: &str, accept: &str) -> Option<Response<Body>> {
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let form = accept::aggregated(accept);
    let world = || api.lock();
    let document = match segments.as_slice() {
        ["livez" | "readyz" | "healthz", ..] => return Some(plain(StatusCode::OK, "ok")),
        ["version"] => Some(discovery::version()),
        ["api"] | ["apis"] => {
            let core = segments == ["api"];
            if let Some(form) = form {
                let document = discovery::aggregated(&world().registry, core, form);
                let media = format!("application/json;g=apidiscovery.k8s.io;v={form};as=APIGroupDiscoveryList");
                return Some(with_type(StatusCode::OK, document.to_string(), &media));
            }
            Some(if core { discovery::core_versions() } else { discovery::group_list(&world().registry) })
        }
        ["api", version] => discovery::resource_list(&world().registry, "", version),
        ["apis", group] => discovery::one_group(&world().registry, group),
        ["apis", group, version] => discovery::resource_list(&world().registry, group, version),
        ["openapi", "v3"] => Some(openapi::index(&world().registry)),
        ["openapi", "v3", "api", version] => openapi::document(&world().registry, "", version),
        ["openapi", "v3", "apis", group, version] => openapi::document(&world().registry, group, version),
        [] => {
            let groups = world().registry.groups();
            let groups = groups.iter().filter(|(name, _)| !name.is_empty()).map(|(name, _)| format!("/apis/{name}"));
            let fixed = ["/api", "/api/v1", "/apis"].map(str::to_owned).into_iter();
            let health = ["/healthz", "/livez", "/openapi/v3", "/readyz", "/version"].map(str::to_owned);
            Some(json!({"paths": fixed.chain(groups).chain(health).collect::<Vec<_>>()}))
        }
        _ => return None,
    };
    Some(document.map_or_else(not_found, |document| respond(StatusCode::OK, &document, &[])))
}

fn dispatch(api: &Inner, method: &Method, call: &Call, shape: Shape) -> Answer<Response<Body>> {
    check_subresource(call)?;
    let mut world = api.lock();
    let version = call.version()?;
    let deprecation: Vec<String> = version.deprecation.iter().cloned().collect();
    let named = call.target.name.is_some();
    if version.review && *method != Method::POST {
        return Err(Refusal::method_not_allowed());
    }
    match (method.as_str(), named) {
        ("GET", _) if call.query.flag("watch") => {
            let form = match shape {
                Shape::Table => WatchForm::Table,
                Shape::Metadata => WatchForm::Metadata,
                Shape::Object | Shape::Yaml => WatchForm::Object,
            };
            let events = verbs::watch(&mut world, call, form, api.stop())?;
            let mut response = Response::new(Body::from_stream(events));
            set_type(&mut response, "application/json");
            add_warnings(&mut response, &deprecation);
            Ok(response)
        }
        ("GET", false) => {
            let page = verbs::list(&world, call)?;
            drop(world);
            Ok(respond_list(call, shape, &page, &deprecation))
        }
        ("GET", true) => {
            let object = world.get(&call.target.kind, &call.target.namespace, call.target.name())?;
            drop(world);
            Ok(respond_object(call, shape, Reply { created: false, object, warnings: deprecation }))
        }
        ("DELETE", false) => {
            let list = verbs::delete_collection(&mut world, call)?;
            Ok(respond(StatusCode::OK, &list, &deprecation))
        }
        (verb, _) => {
            let mut reply = write(&mut world, call, verb, named)?;
            drop(world);
            reply.warnings.splice(0..0, deprecation);
            Ok(respond_object(call, shape, reply))
        }
    }
}

fn write(world: &mut World, call: &Call, verb: &str, named: bool) -> Answer<Reply> {
    if call.target.kind.namespaced && call.target.namespace.is_empty() {
        return Err(Refusal::method_not_allowed());
    }
    match (verb, named) {
        ("POST", false) => verbs::create(world, call),
        ("PUT", true) => verbs::update(world, call),
        ("PATCH", true) => verbs::patch(world, call),
        ("DELETE", true) if call.target.subresource.is_none() => verbs::delete(world, call),
        _ => Err(Refusal::method_not_allowed()),
    }
}

/// Only `status`, and `finalize` of namespaces, can be served without a cluster.
fn check_subresource(call: &Call) -> Answer<()> {
    let kind = &call.target.kind;
    match call.target.subresource.as_deref() {
        None => Ok(()),
        Some("status") if call.version()?.status => Ok(()),
        Some("finalize") if kind.is("", "namespaces") => Ok(()),
        Some(other) if !kind.custom => Err(Refusal::not_simulated(&format!("{}/{other}", kind.plural))),
        Some(_) => Err(Refusal::not_found(&kind.group, &kind.plural, call.target.name())),
    }
}

fn respond_object(call: &Call, shape: Shape, reply: Reply) -> Response<Body> {
    let code = if reply.created { StatusCode::CREATED } else { StatusCode::OK };
    let is_status = reply.object["kind"] == "Status";
    let wanted = call.target.api_version();
    let mut object = reply.object;
    if !is_status && object["apiVersion"] != wanted.as_str() {
        let mut converted = Value::clone(&object);
        converted["apiVersion"] = wanted.into();
        object = Arc::new(converted);
    }
    match shape {
        Shape::Table if !is_status => {
            let metadata = json!({"resourceVersion": object["metadata"]["resourceVersion"]});
            respond(code, &table::table(call, &[object], &metadata), &reply.warnings)
        }
        Shape::Metadata if !is_status => respond(code, &table::partial(&object), &reply.warnings),
        Shape::Yaml => respond_yaml(code, &object, &reply.warnings),
        _ => respond(code, &object, &reply.warnings),
    }
}

fn respond_list(call: &Call, shape: Shape, page: &Page, warnings: &[String]) -> Response<Body> {
    let kind = &call.target.kind;
    match shape {
        Shape::Table => return respond(StatusCode::OK, &table::table(call, &page.items, &page.metadata), warnings),
        Shape::Metadata => {
            let items: Vec<Value> = page.items.iter().map(|object| table::partial(object)).collect();
            let list = json!({"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1",
                "metadata": page.metadata, "items": items});
            return respond(StatusCode::OK, &list, warnings);
        }
        Shape::Object | Shape::Yaml => {}
    }
    let api_version = call.target.api_version();
    let items: Vec<Value> = page
        .items
        .iter()
        .map(|object| {
            let mut item = Value::clone(object);
            if kind.custom {
                item["apiVersion"] = api_version.clone().into();
            } else if let Value::Object(fields) = &mut item {
                // Items of typed lists do not repeat the type.
                fields.shift_remove("apiVersion");
                fields.shift_remove("kind");
            }
            item
        })
        .collect();
    let list = json!({"kind": kind.list_kind, "apiVersion": api_version, "metadata": page.metadata, "items": items});
    if shape == Shape::Yaml {
        respond_yaml(StatusCode::OK, &list, warnings)
    } else {
        respond(StatusCode::OK, &list, warnings)
    }
}

fn respond_yaml(code: StatusCode, document: &Value, warnings: &[String]) -> Response<Body> {
    match serde_yaml::to_string(document) {
        Ok(text) => {
            let mut response = with_type(code, text, "application/yaml");
            add_warnings(&mut response, warnings);
            response
        }
        Err(_) => respond(code, document, warnings),
    }
}

fn respond(code: StatusCode, document: &Value, warnings: &[String]) -> Response<Body> {
    let mut response = with_type(code, document.to_string(), "application/json");
    add_warnings(&mut response, warnings);
    response
}

fn add_warnings(response: &mut Response<Body>, warnings: &[String]) {
    for warning in warnings {
        let text = warning.replace('\\', "\\\\").replace('"', "\\\"");
        if let Ok(value) = HeaderValue::from_str(&format!("299 - \"{text}\"")) {
            response.headers_mut().append(header::WARNING, value);
        }
    }
}

fn not_found() -> Response<Body> {
    plain(StatusCode::NOT_FOUND, "404 page not found\n")
}

fn plain(code: StatusCode, text: &str) -> Response<Body> {
    with_type(code, text.to_owned(), "text/plain; charset=utf-8")
}

fn with_type(code: StatusCode, text: String, media: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = code;
    set_type(&mut response, media);
    response
}

fn set_type(response: &mut Response<Body>, media: &str) {
    if let Ok(value) = HeaderValue::from_str(media) {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
}
