//! The identity provider, as OAuth clients and resource servers see it.

mod code;
mod garbage;
mod keys;
mod requests;

use super::stand::Stand;
use agw_sandbox::exchange::{TokenQuestion, TokenVerdict, TokenWish};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

/// A form for the token endpoint.
fn token(stand: &Stand, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
    let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = stand.request("identity", Method::POST, path).body(body.join("&"));
    request.header("content-type", "application/x-www-form-urlencoded")
}

async fn verdict(stand: &Stand, token: &str, audience: Option<&str>) -> TokenVerdict {
    let question = TokenQuestion { token: token.to_owned(), realm: None, audience: audience.map(str::to_owned) };
    stand.admin.verify(&question).await.unwrap()
}

async fn minted(stand: &Stand, wish: Value) -> String {
    let wish: TokenWish = serde_json::from_value(wish).unwrap();
    stand.admin.mint(&wish).await.unwrap().token
}

async fn json(stand: &Stand, path: &str) -> Value {
    stand.request("identity", Method::GET, path).send().await.unwrap().json().await.unwrap()
}
