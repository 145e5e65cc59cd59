//! The services that a gateway's policies call, and upstreams of no particular kind.

use super::catalog::Mock;
use super::policy_services::policy_services;
use super::trust::{Authority, Listener, TrustError};
use super::{MockError, MockOptions, echo, identity};
use axum::Router;
use tokio_util::sync::CancellationToken;

/// Echoes over TLS: name, port, what is special, and what it is for.
const OVER_TLS: [(&str, u16, Listener, &str); 4] = [
    ("echo-tls", 9142, Listener::Plain, "HTTP echo over TLS, with a certificate of the sandbox's CA"),
    ("echo-mtls", 9143, Listener::Mutual, "HTTP echo over TLS, for clients with a certificate of that CA"),
    ("echo-expired", 9144, Listener::Expired, "HTTP echo whose certificate has expired"),
    ("echo-wrong-host", 9145, Listener::WrongHost, "HTTP echo whose certificate is for another host"),
];

/// All of them; their own tasks end with the token.
pub(super) fn services(
    cancel: &CancellationToken,
    options: &MockOptions,
    provider: identity::Provider,
) -> Result<Vec<Mock>, MockError> {
    let mut mocks = vec![
        Mock::service(
            "identity",
            9140,
            "OpenID Connect and OAuth 2.0: discovery, keys, tokens, PKCE",
            identity::refuse,
            identity::router(provider.clone()),
        )
        .controlled(identity::controls(provider))
        .read_by(identity::shown),
        Mock::service(
            "echo",
            9141,
            "HTTP echo of all that it received: HTTP/1.1, h2c, gRPC, WebSocket",
            echo::refuse,
            echo::router("echo", cancel.clone()),
        )
        .read_by(echo::shown),
    ];
    mocks.extend(echoes_over_tls(cancel, options).map_err(|source| MockError::Trust { source })?);
    mocks.extend(policy_services());
    Ok(mocks)
}

fn echoes_over_tls(cancel: &CancellationToken, options: &MockOptions) -> Result<Vec<Mock>, TrustError> {
    let authority = Authority::of(&options.keys)?;
    let echo = |(name, port, listener, about): (&'static str, u16, Listener, &'static str)| {
        let tls = listener.config(&authority, name, options.address)?;
        let router: Router = echo::router(name, cancel.clone());
        Ok(Mock::service(name, port, about, echo::refuse, router).over_tls(tls).read_by(echo::shown))
    };
    OVER_TLS.into_iter().map(echo).collect()
}
