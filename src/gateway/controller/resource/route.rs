//! HTTPRoute and ReferenceGrant.

use super::Meta;
use serde::Deserialize;
use serde_json::Value;

/// An HTTPRoute.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct HttpRoute {
    /// Metadata.
    pub metadata: Meta,
    /// Spec.
    pub spec: HttpRouteSpec,
}

/// What a route says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HttpRouteSpec {
    /// Where it wants to attach.
    pub parent_refs: Vec<ParentRef>,
    /// Host names.
    pub hostnames: Vec<String>,
    /// Rules.
    pub rules: Vec<HttpRouteRule>,
}

/// Where a route wants to attach.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ParentRef {
    /// API group; left out: Gateway API.
    pub group: Option<String>,
    /// Kind; left out: Gateway.
    pub kind: Option<String>,
    /// Namespace; left out: the route's.
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
    /// Listener.
    pub section_name: Option<String>,
    /// Port of listeners.
    pub port: Option<u16>,
}

/// A rule of a route.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HttpRouteRule {
    /// Name.
    pub name: Option<String>,
    /// Matches.
    pub matches: Vec<RouteMatch>,
    /// Filters.
    pub filters: Vec<RouteFilter>,
    /// Backends.
    pub backend_refs: Vec<BackendRef>,
    /// `{request, backendRequest}`.
    pub timeouts: Option<Value>,
    /// Retries, which the reference gateway does not do.
    pub retry: Option<Value>,
    /// Session persistence, which the reference gateway does not do.
    pub session_persistence: Option<Value>,
}

/// What a request must look like.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteMatch {
    /// Path.
    pub path: Option<ValueMatch>,
    /// Method.
    pub method: Option<String>,
    /// Headers.
    pub headers: Vec<ValueMatch>,
    /// Query parameters.
    pub query_params: Vec<ValueMatch>,
}

/// A value and how it is compared.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ValueMatch {
    /// `Exact`, `PathPrefix` or `RegularExpression`.
    pub r#type: Option<String>,
    /// Name of the header or parameter.
    pub name: String,
    /// Value.
    pub value: Option<String>,
}

/// A filter.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteFilter {
    /// Type.
    pub r#type: String,
    /// For `RequestHeaderModifier`.
    pub request_header_modifier: Option<Value>,
    /// For `ResponseHeaderModifier`.
    pub response_header_modifier: Option<Value>,
    /// For `RequestRedirect`.
    pub request_redirect: Option<Value>,
    /// For `URLRewrite`.
    pub url_rewrite: Option<Value>,
    /// For `CORS`.
    pub cors: Option<super::CorsSpec>,
    /// For `ExtensionRef`.
    pub extension_ref: Option<Value>,
}

/// A backend of a rule.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct BackendRef {
    /// API group; left out: core.
    pub group: Option<String>,
    /// Kind; left out: Service.
    pub kind: Option<String>,
    /// Namespace; left out: the route's.
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
    /// Port.
    pub port: Option<u16>,
    /// Share; left out: 1.
    pub weight: Option<u32>,
    /// Filters of this backend only, which the reference gateway does not do.
    pub filters: Vec<Value>,
}

/// A ReferenceGrant.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReferenceGrant {
    /// Metadata.
    pub metadata: Meta,
    /// Spec.
    pub spec: ReferenceGrantSpec,
}

/// Who may refer to what.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReferenceGrantSpec {
    /// Who.
    pub from: Vec<GrantFrom>,
    /// What.
    pub to: Vec<GrantTo>,
}

/// Who may refer.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct GrantFrom {
    /// API group.
    pub group: String,
    /// Kind.
    pub kind: String,
    /// Namespace.
    pub namespace: String,
}

/// What may be referred to.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct GrantTo {
    /// API group; empty for core.
    pub group: String,
    /// Kind.
    pub kind: String,
    /// Name; left out: all.
    pub name: Option<String>,
}
