//! The authorization code with PKCE, from the consent to the refresh.

use super::{json, token, verdict};
use crate::mocks::stand::{Stand, answer};
use agw_sandbox::exchange::Lane;
use reqwest::{Method, Response, Url};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "http://127.0.0.1:4711/back?x=1";

/// A good authorization request, with changes; an empty value takes a parameter away.
async fn authorize(stand: &Stand, changes: &[(&str, &str)]) -> Response {
    let mut parameters = BTreeMap::from([
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", BACK),
        ("scope", "openid email"),
        ("state", "st ate&1"),
        ("nonce", "n1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]);
    parameters.extend(changes.iter().copied());
    let client = reqwest::Client::builder().tls_certs_only([]).no_proxy().redirect(reqwest::redirect::Policy::none());
    let url = format!("http://{}/authorize", stand.address("identity"));
    client.build().unwrap().get(url).query(&parameters.into_iter().collect::<Vec<_>>()).send().await.unwrap()
}

/// The parameters that the user brings back.
fn back(response: &Response) -> BTreeMap<String, String> {
    assert_eq!(response.status(), 302);
    let location = response.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(BACK), "{location}");
    Url::parse(location).unwrap().query_pairs().into_owned().collect()
}

async fn code(stand: &Stand) -> String {
    back(&authorize(stand, &[]).await)["code"].clone()
}

fn exchange<'a>(code: &'a str, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = BTreeMap::from([
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", "app"),
        ("redirect_uri", "http%3A%2F%2F127.0.0.1%3A4711%2Fback%3Fx%3D1"),
        ("code_verifier", VERIFIER),
    ]);
    form.extend(changes.iter().copied());
    form.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_becomes_tokens_once() {
    let stand = Stand::start().await;
    let answered = back(&authorize(&stand, &[]).await);
    let issuer = format!("http://{}", stand.address("identity"));
    assert_eq!((answered["state"].as_str(), answered["iss"].as_str()), ("st ate&1", issuer.as_str()));
    let response = token(&stand, "/token", &exchange(&answered["code"], &[])).send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    let tokens: Value = response.json().await.unwrap();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let id = verdict(&stand, tokens["id_token"].as_str().unwrap(), Some("app")).await.claims.unwrap();
    assert_eq!((&id["nonce"], &id["sub"]), (&json!("n1"), &json!("sandbox-user")));
    let access = tokens["access_token"].as_str().unwrap();
    assert!(verdict(&stand, access, Some("agw-sandbox")).await.good);
    let me = stand.request("identity", Method::GET, "/userinfo").bearer_auth(access);
    assert_eq!(answer(me).await.1["sub"], "sandbox-user");
    let again = answer(token(&stand, "/token", &exchange(&answered["code"], &[]))).await;
    assert_eq!((again.0, &again.1["error"]), (400, &json!("invalid_grant")));
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("client_id", "app"), ("refresh_token", refresh), ("scope", "email")];
    let (status, fresh) = answer(token(&stand, "/token", &form)).await;
    assert_eq!((status, &fresh["scope"], &fresh["id_token"]), (200, &json!("email"), &Value::Null));
    assert_eq!(answer(token(&stand, "/token", &form)).await.1["error"], "invalid_grant", "it was used");
    // Nothing of it can be used by those who look at what was recorded.
    let recorded = format!("{:?}", stand.admin.all(None, None).await.unwrap());
    for secret in [access, refresh, &answered["code"], VERIFIER, fresh["refresh_token"].as_str().unwrap()] {
        assert!(!recorded.contains(secret), "{secret}\n{recorded}");
    }
    assert!(recorded.contains("grant_type=refresh_token"), "what is no secret stays: {recorded}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_proof_or_a_wrong_client_gets_nothing() {
    let stand = Stand::start().await;
    let table = [
        (vec![("code_verifier", "x".repeat(43))], "invalid_grant"),
        (vec![("code_verifier", "short".to_owned())], "invalid_request"),
        (vec![("code_verifier", String::new())], "invalid_request"),
        (vec![("client_id", "other".to_owned())], "invalid_grant"),
        (vec![("redirect_uri", "http://127.0.0.1:4711/".to_owned())], "invalid_grant"),
    ];
    for (changes, error) in table {
        let code = code(&stand).await;
        let changes: Vec<(&str, &str)> = changes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (status, refused) = answer(token(&stand, "/token", &exchange(&code, &changes))).await;
        assert_eq!((status, &refused["error"]), (400, &json!(error)), "{changes:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_goes_back_with_the_user_or_stays_here() {
    let stand = Stand::start().await;
    for (name, value, error) in [
        ("code_challenge", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("scope", "a \"b\"", "invalid_scope"),
        ("login_hint", "denied", "access_denied"),
    ] {
        let answered = back(&authorize(&stand, &[(name, value)]).await);
        assert_eq!((answered["error"].as_str(), answered["state"].as_str()), (error, "st ate&1"), "{name}={value}");
    }
    for (name, value) in
        [("client_id", ""), ("redirect_uri", ""), ("redirect_uri", "/back"), ("redirect_uri", "javascript:1")]
    {
        let response = authorize(&stand, &[(name, value)]).await;
        assert_eq!(
            (response.status().as_u16(), response.headers().contains_key("location")),
            (400, false),
            "{name}={value}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_registers_is_held_to_its_word() {
    let stand = Stand::start().await;
    let wish = json!({ "redirect_uris": ["http://127.0.0.1/back?x=1"], "token_endpoint_auth_method": "none" });
    let register = |wish: &Value| stand.request("identity", Method::POST, "/register").json(wish);
    let (status, client) = answer(register(&wish)).await;
    assert_eq!((status, &client["client_secret"]), (201, &Value::Null));
    let id = client["client_id"].as_str().unwrap();
    // Native clients listen where there is room (RFC 8252, section 7.3).
    assert!(back(&authorize(&stand, &[("client_id", id)]).await).contains_key("code"));
    let elsewhere = [("client_id", id), ("redirect_uri", "http://127.0.0.1/elsewhere")];
    assert_eq!(authorize(&stand, &elsewhere).await.status(), 400);
    assert_eq!(answer(register(&json!({ "redirect_uris": ["/x"] }))).await.1["error"], "invalid_redirect_uri");
    assert_eq!(answer(register(&json!([]))).await.1["error"], "invalid_client_metadata");
    let lane = Lane::named("127.0.0.1");
    assert!(stand.admin.exchanges(&lane, "identity").await.is_ok());
    assert!(json(&stand, "/.well-known/openid-configuration").await["registration_endpoint"].is_string());
}
