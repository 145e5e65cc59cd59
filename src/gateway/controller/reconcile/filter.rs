//! Matches and filters of rules.

use super::{policy, policy::not_implemented};
use crate::gateway::{
    controller::resource::{HttpRouteRule, RouteFilter, RouteMatch, ValueMatch},
    table::{Cors, Filter, HeaderChange, HeaderMatch, Match, PathMatch, PathRewrite},
};
use serde_json::Value;

/// Matches of a rule; a rule without any matches every path.
pub(super) fn matches(rule: &HttpRouteRule) -> Vec<Match> {
    if rule.matches.is_empty() {
        return vec![read_match(&RouteMatch::default())];
    }
    rule.matches.iter().map(read_match).collect()
}

fn read_match(spec: &RouteMatch) -> Match {
    let value = |value: &Option<String>| value.clone().unwrap_or_default();
    let path = spec.path.as_ref().map(|path| {
        let text = path.value.clone().unwrap_or_else(|| "/".to_owned());
        match path.r#type.as_deref() {
            Some("Exact") => PathMatch::Exact(text),
            Some("RegularExpression") => PathMatch::Regex(text),
            _ => PathMatch::Prefix(text),
        }
    });
    let header = |header: &ValueMatch| {
        let name = header.name.to_ascii_lowercase();
        match header.r#type.as_deref() {
            Some("RegularExpression") => HeaderMatch::Regex(name, value(&header.value)),
            _ => HeaderMatch::Exact(name, value(&header.value)),
        }
    };
    Match {
        path: path.unwrap_or_else(|| PathMatch::Prefix("/".to_owned())),
        method: spec.method.clone(),
        headers: spec.headers.iter().map(header).collect(),
        query: spec.query_params.iter().map(|query| (query.name.clone(), value(&query.value))).collect(),
    }
}

/// Why a match cannot be done, if so: the table knows query parameters by their exact value only.
pub(super) fn unsupported_match(rule: &HttpRouteRule) -> Option<String> {
    let mut queries = rule.matches.iter().flat_map(|spec| &spec.query_params);
    let regex = queries.any(|query| query.r#type.as_deref() == Some("RegularExpression"));
    regex.then(|| not_implemented("matches.queryParams of type RegularExpression"))
}

/// Filters of a rule as the proxy does them, and CORS among them.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Filters {
    /// What the proxy does.
    pub(super) filters: Vec<Filter>,
    /// The filter `CORS`.
    pub(super) cors: Option<Cors>,
}

/// Reads filters.
///
/// # Errors
/// One of them cannot be done; the rule must not be served without it.
pub(super) fn filters(rule: &HttpRouteRule) -> Result<Filters, String> {
    let mut read = Filters::default();
    for filter in &rule.filters {
        match filter.r#type.as_str() {
            "URLRewrite" => read.filters.extend(filter.url_rewrite.as_ref().map(rewrite)),
            "RequestRedirect" => read.filters.extend(filter.request_redirect.as_ref().map(redirect)),
            "RequestHeaderModifier" => {
                read.filters.extend(filter.request_header_modifier.as_ref().map(change).map(Filter::RequestHeaders));
            }
            "ResponseHeaderModifier" => {
                read.filters.extend(filter.response_header_modifier.as_ref().map(change).map(Filter::ResponseHeaders));
            }
            "CORS" => read.cors = filter.cors.clone().map(policy::cors),
            _ => return Err(unsupported(filter)),
        }
    }
    Ok(read)
}

fn unsupported(filter: &RouteFilter) -> String {
    if filter.r#type == "ExtensionRef" {
        "unsupported filter type".to_owned()
    } else {
        not_implemented(&format!("the filter {}", filter.r#type))
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn rewrite(spec: &Value) -> Filter {
    Filter::Rewrite { hostname: text(&spec["hostname"]), path: path(&spec["path"]) }
}

fn redirect(spec: &Value) -> Filter {
    let number = |field: &str| spec[field].as_u64().and_then(|number| u16::try_from(number).ok());
    Filter::Redirect {
        scheme: text(&spec["scheme"]),
        hostname: text(&spec["hostname"]),
        path: path(&spec["path"]),
        port: number("port"),
        status: number("statusCode").unwrap_or(302),
    }
}

fn path(spec: &Value) -> Option<PathRewrite> {
    let full = || text(&spec["replaceFullPath"]).map(PathRewrite::Full);
    text(&spec["replacePrefixMatch"]).map(PathRewrite::Prefix).or_else(full)
}

fn change(spec: &Value) -> HeaderChange {
    let pairs = |field: &str| -> Vec<(String, String)> {
        let entries = spec[field].as_array().into_iter().flatten();
        entries.filter_map(|entry| Some((text(&entry["name"])?, text(&entry["value"])?))).collect()
    };
    let remove = spec["remove"].as_array().into_iter().flatten().filter_map(text).collect();
    HeaderChange { set: pairs("set"), add: pairs("add"), remove }
}
