//! Forms and queries that mean nothing: the refusal is one of OAuth, and the provider goes on.

use super::token;
use crate::mocks::stand::Stand;
use proptest::prelude::*;
use reqwest::Method;
use serde_json::Value;

/// Names and values that OAuth knows, and others, in places where they do not belong.
fn pairs() -> impl Strategy<Value = String> {
    let names = [
        "grant_type",
        "code",
        "client_id",
        "client_secret",
        "redirect_uri",
        "code_verifier",
        "scope",
        "token",
        "state",
    ];
    let values =
        ["authorization_code", "client_credentials", "refresh_token", "code", "http://127.0.0.1/", "a b", "eyJ.e30.x"];
    let name = prop_oneof![4 => prop::sample::select(names.to_vec()).prop_map(str::to_owned), 1 => ".{0,8}"];
    let value = prop_oneof![4 => prop::sample::select(values.to_vec()).prop_map(str::to_owned), 1 => ".{0,40}"];
    let pair = (name, value).prop_map(|(name, value)| format!("{name}={value}"));
    prop::collection::vec(pair, 0..6).prop_map(|pairs| pairs.join("&"))
}

fn escaped(byte: u8) -> String {
    let is_plain = byte.is_ascii_alphanumeric() || b"=&_".contains(&byte);
    if is_plain { char::from(byte).to_string() } else { format!("%{byte:02x}") }
}

#[test]
fn what_means_nothing_is_refused_in_the_words_of_oauth() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let stand = runtime.block_on(Stand::start());
    // A redirect is an answer too; it leads to a client that is not there.
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().tls_certs_only([]);
    let client = client.build().unwrap();
    let endpoints = prop::sample::select(vec!["/token", "/authorize", "/introspect", "/realms/a/token"]);
    let config = ProptestConfig::with_cases(64);
    proptest!(config, |(path in endpoints, form in pairs(), is_query: bool, known: bool)| {
        let (status, text) = runtime.block_on(async {
            let request = match is_query {
                true => {
                    let query: String = form.bytes().map(escaped).collect();
                    stand.request("identity", Method::GET, &format!("/authorize?{query}"))
                }
                false => token(&stand, path, &[]).body(form.clone()),
            };
            let request = if known { request.basic_auth("app", Some("s")) } else { request };
            let response = client.execute(request.build().unwrap()).await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        });
        prop_assert!(status < 500, "{status} {text}");
        if status >= 400 {
            let refusal: Value = serde_json::from_str(&text).unwrap();
            prop_assert!(refusal["error"].is_string(), "{refusal}");
        }
    });
}
