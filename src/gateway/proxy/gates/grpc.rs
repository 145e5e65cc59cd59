//! Calls of Envoy's services over gRPC.

use crate::gateway::{proxy::shared::Shared, table::Callee};
use envoy_types::pb::envoy::config::core::v3::header_value_option::HeaderAppendAction;
use envoy_types::pb::envoy::config::core::v3::{HeaderMap as Headers, HeaderValue as Value, HeaderValueOption};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use std::time::Duration;
use tonic::transport::{Channel, Endpoint};

/// How long a service may take to be reached and to answer.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// A connection to a service; `None` where there is none to be had.
pub async fn connect(shared: &Shared, callee: Option<&Callee>) -> Option<Channel> {
    let callee = callee?;
    let address = shared.names.service(&callee.host, callee.port).await.ok()?;
    let origin: Uri = format!("http://{}:{}", callee.host, callee.port).parse().ok()?;
    let endpoint = Endpoint::from_shared(format!("http://{address}")).ok()?.origin(origin);
    endpoint.connect_timeout(DEADLINE).timeout(DEADLINE).connect().await.ok()
}

/// Headers as Envoy's messages have them.
pub fn shown(headers: &HeaderMap, pseudo: &[(&str, &str)]) -> Headers {
    let pseudo = pseudo.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
    let own = headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()));
    let headers = pseudo.chain(own).map(|(key, raw_value)| Value { key, raw_value, ..Value::default() });
    Headers { headers: headers.collect() }
}

/// Does what a service says about headers. Names that begin with a colon are left to the caller.
pub fn change(headers: &mut HeaderMap, set: &[HeaderValueOption], remove: &[String]) {
    for (name, value, appends) in set.iter().filter_map(wish) {
        let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_bytes(&value)) else { continue };
        match appends {
            true => drop(headers.append(name, value)),
            false => drop(headers.insert(name, value)),
        }
    }
    for name in remove {
        headers.remove(name.as_str());
    }
}

/// A pseudo-header that a service sets.
pub fn pseudo(set: &[HeaderValueOption], wanted: &str) -> Option<String> {
    let (_, value, _) = set.iter().filter_map(wish).find(|(name, ..)| *name == wanted)?;
    String::from_utf8(value).ok()
}

/// Name, value, and whether it comes beside what is there. `append` is the older word for it.
fn wish(option: &HeaderValueOption) -> Option<(&str, Vec<u8>, bool)> {
    let header = option.header.as_ref()?;
    let value = match header.raw_value.is_empty() {
        true => header.value.clone().into_bytes(),
        false => header.raw_value.clone(),
    };
    #[allow(deprecated, reason = "services of old use it")]
    let old = option.append.as_ref().map(|append| append.value);
    let appends = match old {
        Some(appends) => appends,
        None => option.append_action == HeaderAppendAction::AppendIfExistsOrAdd as i32,
    };
    Some((header.key.as_str(), value, appends))
}
