//! The server that wants a token.

use super::talk::{Talk, text};
use crate::mocks::stand::{Stand, TOKEN, answer};
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
    // Tokens of the identity provider beside it pass, whether they name the resource or the sandbox.
    let identity = &stand.mocks.endpoint("identity").unwrap().base_url;
    assert_eq!(metadata["authorization_servers"], json!([identity]));
    let mint = async |wish: serde_json::Value| {
        let url = format!("{}/mock/identity/tokens", stand.admin_url);
        let minted = answer(stand.http.post(url).bearer_auth(TOKEN).json(&wish)).await.1;
        minted["token"].as_str().unwrap_or_else(|| panic!("no token: {minted}")).to_owned()
    };
    for wish in [json!({}), json!({ "audience": [format!("{origin}/mcp")] })] {
        let talk = Talk::with_token(&stand, "protected", "2025-11-25", mint(wish).await).await;
        assert_eq!(text(&talk.call("secret", json!({})).await), "The cake is in the fridge.");
    }
    for flaw in ["expired", "wrongIssuer", "wrongAudience", "wrongKey"] {
        let token = mint(json!({ "flaws": [flaw] })).await;
        let refused = stand.request("protected", Method::POST, "/mcp").bearer_auth(token).body("{}");
        assert_eq!(answer(refused).await.0, 401, "{flaw}");
    }
}
