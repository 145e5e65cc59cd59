//! Routes, rules, matches and filters, in the words of HTTPRoute.

use super::{Backend, ObjectName, Policies};
use std::{sync::Arc, time::Duration};

/// An HTTPRoute.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Route {
    /// Its name.
    pub name: ObjectName,
    /// Host names; empty: all of the listener.
    pub hostnames: Vec<String>,
    /// Seconds since the epoch of its creation; an older route wins a tie.
    pub created: i64,
    /// Its rules in order.
    pub rules: Vec<Arc<Rule>>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Rule {
    /// Its name.
    pub name: Option<String>,
    /// Any of these; an empty list was already replaced by a match of everything.
    pub matches: Vec<Match>,
    /// What happens before the backend is called.
    pub filters: Vec<Filter>,
    /// Where it leads.
    pub backends: Vec<WeightedBackend>,
    /// `timeouts.request`.
    pub request_timeout: Option<Duration>,
    /// `timeouts.backendRequest`.
    pub backend_request_timeout: Option<Duration>,
    /// Policies of the route and of this rule, already merged over nothing else: the proxy lays them over the listener's,
    /// field by field.
    pub policies: Arc<Policies>,
}

/// Routes that one rule leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RouteGroup {
    /// The route of the rule.
    pub parent: ObjectName,
    /// The rule's position.
    pub rule: usize,
    /// The routes: a name, `*` for all of the namespace, or `label=value`.
    pub target: ObjectName,
}

/// All parts must match.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Match {
    /// Path.
    pub path: PathMatch,
    /// HTTP method.
    pub method: Option<String>,
    /// Headers.
    pub headers: Vec<HeaderMatch>,
    /// Query parameters: name and exact value.
    pub query: Vec<(String, String)>,
}

/// How a path matches.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathMatch {
    /// The whole path.
    Exact(String),
    /// Whole leading segments.
    Prefix(String),
    /// The whole path, as a regular expression.
    Regex(String),
}

/// How a header matches; the name is in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HeaderMatch {
    /// The whole value.
    Exact(String, String),
    /// The whole value, as a regular expression.
    Regex(String, String),
}

/// What happens to a request before its backend is called.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Filter {
    /// URLRewrite.
    Rewrite {
        /// New Host.
        hostname: Option<String>,
        /// New path.
        path: Option<PathRewrite>,
    },
    /// RequestHeaderModifier.
    RequestHeaders(HeaderChange),
    /// ResponseHeaderModifier.
    ResponseHeaders(HeaderChange),
    /// RequestRedirect.
    Redirect {
        /// `http` or `https`.
        scheme: Option<String>,
        /// New host.
        hostname: Option<String>,
        /// New path.
        path: Option<PathRewrite>,
        /// New port.
        port: Option<u16>,
        /// HTTP status, 302 unless said.
        status: u16,
    },
}

/// What becomes of headers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct HeaderChange {
    /// Replaced or made.
    pub set: Vec<(String, String)>,
    /// Added to what is there.
    pub add: Vec<(String, String)>,
    /// Taken away.
    pub remove: Vec<String>,
}

/// How a path is rewritten; the query stays.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathRewrite {
    /// ReplacePrefixMatch.
    Prefix(String),
    /// ReplaceFullPath.
    Full(String),
}

/// A backend with its share of the requests.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct WeightedBackend {
    /// Share, relative to the sum of the rule.
    pub weight: u32,
    /// The backend.
    pub backend: Arc<Backend>,
}
