//! Discovery, and what the token endpoint says to clients of every kind.

use super::{json, minted, token, verdict};
use crate::mocks::stand::{Stand, answer, fault};
use agw_sandbox::exchange::Fault;
use reqwest::Method;
use serde_json::{Value, json};

/// A form, and the status and the code of its refusal.
type Case<'a> = (&'a [(&'a str, &'a str)], u16, &'a str);

#[tokio::test(flavor = "multi_thread")]
async fn a_realm_is_found_in_every_way_and_its_endpoints_answer() {
    let stand = Stand::start().await;
    let origin = format!("http://{}", stand.address("identity"));
    for (realm, issuer) in [("", origin.clone()), ("/realms/a", format!("{origin}/realms/a"))] {
        let document = json(&stand, &format!("{realm}/.well-known/openid-configuration")).await;
        assert_eq!(document["issuer"], json!(issuer));
        assert_eq!(document, json(&stand, &format!("/.well-known/oauth-authorization-server{realm}")).await);
        for (name, status) in [("jwks_uri", 200), ("authorization_endpoint", 400), ("userinfo_endpoint", 401)] {
            let url = document[name].as_str().unwrap();
            assert_eq!(stand.http.get(url).send().await.unwrap().status(), status, "{url}");
        }
    }
    // The issuer is the origin that the client knows.
    let request = stand.request("identity", Method::GET, "/.well-known/openid-configuration");
    let (_, document) = answer(request.header("host", "identity.example:8443")).await;
    assert_eq!(document["issuer"], "http://identity.example:8443");
    assert_eq!(document["jwks_uri"], "http://identity.example:8443/jwks");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_acts_in_its_own_name_only_with_a_secret() {
    let stand = Stand::start().await;
    let own = ("grant_type", "client_credentials");
    let (status, given) =
        answer(token(&stand, "/token", &[own, ("scope", "a"), ("audience", "gw")]).basic_auth("app", Some("s"))).await;
    assert_eq!((status, &given["scope"], &given["refresh_token"]), (200, &json!("a"), &Value::Null));
    let claims = verdict(&stand, given["access_token"].as_str().unwrap(), Some("gw")).await.claims.unwrap();
    assert_eq!((&claims["sub"], &claims["client_id"]), (&json!("app"), &json!("app")));
    let table: [Case<'_>; 8] = [
        (&[own, ("client_id", "app")], 400, "unauthorized_client"),
        (&[own], 401, "invalid_client"),
        (&[own, ("client_id", "app"), ("client_secret", "invalid")], 401, "invalid_client"),
        (&[("client_id", "app")], 400, "invalid_request"),
        (&[own, own], 400, "invalid_request"),
        (&[("grant_type", "password"), ("client_id", "app")], 400, "unsupported_grant_type"),
        (&[own, ("client_id", "app"), ("client_secret", "s"), ("scope", "a++b")], 400, "invalid_scope"),
        (&[("grant_type", "refresh_token"), ("client_id", "app"), ("refresh_token", "x")], 400, "invalid_grant"),
    ];
    for (form, status, error) in table {
        let (given, body) = answer(token(&stand, "/token", form)).await;
        assert_eq!((given, &body["error"]), (status, &json!(error)), "{form:?}");
    }
    let refused = token(&stand, "/token", &[own]).basic_auth("app", Some("invalid")).send().await.unwrap();
    assert_eq!(refused.headers()["www-authenticate"], "Basic realm=\"agw-sandbox\"");
    let json_body = stand.request("identity", Method::POST, "/token").json(&json!({}));
    assert_eq!(answer(json_body).await.1["error"], "invalid_request");
    assert_eq!(stand.request("identity", Method::GET, "/token").send().await.unwrap().status(), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_about_a_token_learns_whether_it_is_active() {
    let stand = Stand::start().await;
    let (good, bad) =
        (minted(&stand, json!({ "subject": "a" })).await, minted(&stand, json!({ "flaws": ["expired"] })).await);
    let ask = |given: &str| token(&stand, "/introspect", &[("token", given)]).basic_auth("app", Some("s"));
    let (_, active) = answer(ask(&good)).await;
    assert_eq!((&active["active"], &active["sub"]), (&json!(true), &json!("a")));
    assert_eq!(answer(ask(&bad)).await.1, json!({ "active": false }));
    assert_eq!(answer(token(&stand, "/introspect", &[("token", &good)])).await.0, 401);
    let me = stand.request("identity", Method::GET, "/userinfo");
    let nobody = me.try_clone().unwrap().send().await.unwrap();
    assert_eq!(nobody.headers()["www-authenticate"], "Bearer realm=\"agw-sandbox\"");
    let refused = me.bearer_auth(&bad).send().await.unwrap();
    assert!(refused.headers()["www-authenticate"].to_str().unwrap().contains("error=\"invalid_token\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_a_lane_speak_oauth() {
    let stand = Stand::start().await;
    stand.behave("a", "identity", None, vec![Fault { status: Some(503), ..fault() }]).await;
    let get = |lane: &str| stand.request("identity", Method::GET, "/jwks").header("x-agw-lane", lane.to_owned());
    let (status, body) = answer(get("a")).await;
    assert_eq!((status, &body["error"]), (503, &json!("temporarily_unavailable")));
    assert_eq!(answer(get("b")).await.0, 200);
}
