//! The authorization endpoint (RFC 6749, section 4.1.1), where everybody consents at once.

use super::form::Parameters;
use super::grants::{Coded, Grant};
use super::issuer::Site;
use super::pkce;
use super::provider::Provider;
use super::refusal::{OAuthError, legible};
use super::token::scope;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, header};
use reqwest::Url;

/// Who consents where nobody is named.
const SOMEBODY: &str = "sandbox-user";
/// The user who refuses.
const REFUSES: &str = "denied";

/// `GET /authorize`.
pub(super) async fn by_query(
    State(provider): State<Provider>,
    site: Site,
    RawQuery(query): RawQuery,
) -> Result<Response, OAuthError> {
    authorize(&provider, &site, &Parameters::read(query.unwrap_or_default().as_bytes())?)
}

/// `POST /authorize`.
pub(super) async fn by_form(
    State(provider): State<Provider>,
    site: Site,
    parameters: Parameters,
) -> Result<Response, OAuthError> {
    authorize(&provider, &site, &parameters)
}

/// Sends the user back with a code, or with what is wrong; where it is not sure whose page that would be, the user stays
/// (RFC 6749, section 4.1.2.1).
fn authorize(provider: &Provider, site: &Site, parameters: &Parameters) -> Result<Response, OAuthError> {
    let client = parameters.need("client_id")?;
    let redirect_uri = redirect_uri(provider, client, parameters)?;
    let mut back = Url::parse(&redirect_uri).map_err(|_| OAuthError::request("The redirect_uri is no URI."))?;
    let answer = granted(site, client, parameters);
    {
        let mut query = back.query_pairs_mut();
        match answer {
            Ok((grant, challenge)) => {
                query.append_pair("code", &provider.grants.code(Coded { grant, redirect_uri, challenge }));
            }
            Err(error) => {
                query.append_pair("error", error.code).append_pair("error_description", &legible(&error.description));
            }
        }
        if let Some(state) = parameters.get("state") {
            query.append_pair("state", state);
        }
        // RFC 9207: against a mix-up of servers.
        query.append_pair("iss", &site.issuer);
    }
    let mut response = Redirect::to(back.as_str()).into_response();
    *response.status_mut() = http::StatusCode::FOUND;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Where the user goes: what a client registered, or anything absolute without a fragment for one that did not.
fn redirect_uri(provider: &Provider, client: &str, parameters: &Parameters) -> Result<String, OAuthError> {
    let wanted = parameters.need("redirect_uri")?;
    if !is_redirect_uri(wanted) {
        return Err(OAuthError::request("The redirect_uri has to be an absolute URI without a fragment."));
    }
    match provider.grants.redirect_uris(client) {
        Some(known) if !known.iter().any(|known| is_same(known, wanted)) => {
            Err(OAuthError::request("The redirect_uri is not one that the client registered."))
        }
        _ => Ok(wanted.to_owned()),
    }
}

/// Whether this may be a redirection endpoint (RFC 6749, section 3.1.2).
pub(super) fn is_redirect_uri(text: &str) -> bool {
    let dangerous = ["javascript", "data", "vbscript", "about"];
    Url::parse(text).is_ok_and(|url| url.fragment().is_none() && !dangerous.contains(&url.scheme()))
}

/// URIs are compared letter by letter, but for the port of a loopback address (RFC 8252, section 7.3).
fn is_same(known: &str, wanted: &str) -> bool {
    let without_port = |text: &str| {
        let mut url = Url::parse(text).ok()?;
        let is_loopback = matches!(url.host_str(), Some("127.0.0.1" | "[::1]"));
        is_loopback.then(|| url.set_port(None).ok().map(|()| url.to_string())).flatten()
    };
    known == wanted || without_port(known).is_some_and(|known| without_port(wanted) == Some(known))
}

fn granted(site: &Site, client: &str, parameters: &Parameters) -> Result<(Grant, String), OAuthError> {
    match parameters.need("response_type")? {
        "code" => {}
        _ => return Err(OAuthError::new("unsupported_response_type", "The response_type has to be code.")),
    }
    let challenge = pkce::challenge(parameters)?;
    let subject = parameters.get("login_hint").unwrap_or(SOMEBODY);
    if subject == REFUSES {
        return Err(OAuthError::new("access_denied", "The user refused."));
    }
    let grant = Grant {
        realm: site.realm.clone(),
        client: client.to_owned(),
        subject: subject.to_owned(),
        scope: scope(parameters)?.unwrap_or_default().to_owned(),
        audience: parameters.get("resource").or(parameters.get("audience")).map(str::to_owned),
        nonce: parameters.get("nonce").map(str::to_owned),
    };
    Ok((grant, challenge))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_uri_is_the_one_that_is_known() {
        assert!(is_same("http://127.0.0.1/back", "http://127.0.0.1:4711/back"));
        assert!(!is_same("http://127.0.0.1/back", "http://127.0.0.1:4711/other"));
        assert!(!is_same("https://a.example/back", "https://a.example:444/back"));
        assert!(
            is_redirect_uri("com.example.app:/back") && !is_redirect_uri("/back") && !is_redirect_uri("https://a#b")
        );
    }
}
