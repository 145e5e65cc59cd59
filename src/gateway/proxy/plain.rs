//! Backends that get the request as it is: plain servers and Services.

use super::{body::Body, call::Call, gates::bearer, headers::secret, refusal::Refusal, upstream::Destination};
use crate::gateway::{
    Mutant,
    table::{BackendAuth, Policies, ServiceBackend, StaticBackend},
};
use http::{HeaderMap, Response, header, request};

/// Calls a server by name or address.
pub async fn to_server(
    call: &Call<'_>,
    server: &StaticBackend,
    mut request: request::Parts,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    let destination = call.destination(&server.authority, server.tls).await?;
    call.prepare(&mut request.headers, call.host_for(&server.authority.host));
    authenticate(call, server.auth.as_ref(), None, &mut request.headers);
    call.upstream(None, &destination, request, body).await
}

/// Calls an endpoint of a Service; it sees the client's Host.
pub async fn to_service(
    call: &Call<'_>,
    service: &ServiceBackend,
    mut request: request::Parts,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    let address = call.shared.names.service(&service.host, service.port).await?;
    let host = call.rewritten_host.clone().unwrap_or_else(|| call.client_host.clone());
    call.prepare(&mut request.headers, host);
    authenticate(call, None, None, &mut request.headers);
    call.upstream(None, &Destination::Plain(address), request, body).await
}

/// Puts the backend's key in the place of the client's credential.
pub fn authenticate(call: &Call<'_>, own: Option<&BackendAuth>, backend: Option<&Policies>, headers: &mut HeaderMap) {
    let (name, value) = match call.layers.backend_auth(own, backend) {
        Some(BackendAuth::Key(key)) => (Some(header::AUTHORIZATION), bearer(key)),
        Some(BackendAuth::KeyIn { header, prefix, key }) => (header.parse().ok(), secret(&format!("{prefix}{key}"))),
        Some(BackendAuth::Aws(_) | BackendAuth::Passthrough) | None => return,
    };
    if call.acting.is(Mutant::CredentialLeaked) && headers.contains_key(header::AUTHORIZATION) {
        return;
    }
    if let (Some(name), Some(value)) = (name, value) {
        headers.insert(name, value);
    }
}
