//! The server that wants a token.

use super::talk::{Talk, text};
use crate::mocks::stand::{Stand, answer};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn without_a_token_nothing_but_where_to_get_one() {
    let stand = Stand::start().await;
    let origin = format!("http://{}", stand.address("protected"));
    for (token, error) in [(None, None), (Some("sk-wrong"), Some("error=\"invalid_token\""))] {
        let mut request = stand.request("protected", Method::POST, "/mcp").body("{}");
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let refused = request.send().await.unwrap();
        assert_eq!(refused.status(), 401);
        let told = refused.headers()["www-authenticate"].to_str().unwrap().to_owned();
        let metadata = format!("{origin}/.well-known/oauth-protected-resource/mcp");
        assert!(told.starts_with("Bearer ") && told.contains(&format!("resource_metadata=\"{metadata}\"")), "{told}");
        assert_eq!(told.contains("error="), error.is_some(), "{told}");
        assert!(error.is_none_or(|error| told.contains(error)), "{told}");
    }
    let (status, metadata) =
        answer(stand.request("protected", Method::GET, "/.well-known/oauth-protected-resource/mcp")).await;
    assert_eq!((status, &metadata["resource"]), (200, &json!(format!("{origin}/mcp"))));
    assert!(metadata["authorization_servers"][0].is_string());
    let talk = Talk::start(&stand, "protected", "2025-11-25").await;
    assert_eq!(text(&talk.call("secret", json!({})).await), "The cake is in the fridge.");
}
