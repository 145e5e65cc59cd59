//! Keys, the tokens that they sign, and what goes wrong with both on purpose.

use super::{json, minted, verdict};
use crate::mocks::stand::Stand;
use agw_sandbox::mock::{KeyRoot, Trust};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_or_says_why_not() {
    let stand = Stand::start().await;
    let table = [
        (json!({ "subject": "a", "claims": { "team": "x" } }), None),
        (json!({ "algorithm": "RS256" }), None),
        (json!({ "audience": ["other", "gw"] }), None),
        (json!({ "flaws": ["expired"] }), Some("it has expired")),
        (json!({ "flaws": ["notYet"] }), Some("it is not good yet")),
        (json!({ "flaws": ["wrongIssuer"] }), Some("it is from another issuer")),
        (json!({ "flaws": ["wrongAudience"] }), Some("it is for another audience")),
        (json!({ "flaws": ["wrongKey"] }), Some("its signature is wrong")),
        (json!({ "flaws": ["wrongKey"], "algorithm": "RS256" }), Some("its signature is wrong")),
        (json!({ "flaws": ["noKid"] }), Some("its head names no key")),
        (json!({ "flaws": ["algNone"] }), Some("its head is malformed or names no algorithm that is known")),
        (json!({ "without": ["exp"] }), Some("it has no claim `exp`")),
        (json!({ "without": ["iss"] }), Some("it has no claim `iss`")),
    ];
    for (mut wish, why) in table {
        if wish["audience"].is_null() {
            wish["audience"] = json!(["gw"]);
        }
        let token = minted(&stand, wish.clone()).await;
        let verdict = verdict(&stand, &token, Some("gw")).await;
        assert_eq!(verdict.why.as_deref(), why, "{wish}");
        assert_eq!(verdict.good, why.is_none(), "{wish}");
        if !wish["claims"].is_null() {
            let claims = verdict.claims.unwrap();
            assert_eq!((&claims["sub"], &claims["team"]), (&json!("a"), &json!("x")));
        }
    }
    assert!(!verdict(&stand, "junk", None).await.good);
    let rotated = minted(&stand, json!({ "flaws": ["rotated"] })).await;
    let why = verdict(&stand, &rotated, None).await.why.unwrap();
    assert!(why.contains("is not in the set"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_ends_the_old_keys_of_its_realm_alone() {
    let stand = Stand::start().await;
    let token = minted(&stand, json!({})).await;
    let ids = |set: &Value| -> Vec<String> {
        set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    };
    let before = json(&stand, "/jwks").await;
    let algorithms: Vec<&Value> = before["keys"].as_array().unwrap().iter().map(|key| &key["alg"]).collect();
    assert_eq!(algorithms, ["ES256", "RS256"]);
    assert!(!before.to_string().contains("\"d\""), "no private part");
    stand.admin.rotate(Some("other")).await.unwrap();
    assert_eq!(json(&stand, "/.well-known/jwks.json").await, before);
    assert!(verdict(&stand, &token, None).await.good);
    let rotated = stand.admin.rotate(None).await.unwrap();
    let after = json(&stand, "/jwks").await;
    assert_eq!(ids(&after), rotated);
    assert!(ids(&after).iter().all(|id| !ids(&before).contains(id)));
    assert!(!verdict(&stand, &token, None).await.good);
    let fresh = minted(&stand, json!({ "flaws": ["rotated"] })).await;
    let head = |token: &str| token.split('.').next().unwrap().to_owned();
    assert_eq!(head(&fresh), head(&token), "the key before the rotation");
}

#[tokio::test(flavor = "multi_thread")]
async fn realms_stand_for_what_goes_wrong_with_keys() {
    let stand = Stand::start().await;
    let get = |realm: &str| stand.request("identity", Method::GET, &format!("/realms/{realm}/jwks")).send();
    assert_eq!(get("down").await.unwrap().status(), 503);
    assert!(get("junk").await.unwrap().json::<Value>().await.is_err());
    assert_eq!(get("empty").await.unwrap().json::<Value>().await.unwrap(), json!({ "keys": [] }));
    assert_eq!(get("a%2Fb").await.unwrap().status(), 400);
    let good = json(&stand, "/realms/team-a/jwks").await;
    assert_ne!(good["keys"][0], json(&stand, "/jwks").await["keys"][0]);
    let bad: Value = get("bad-key").await.unwrap().json().await.unwrap();
    let wish = serde_json::from_value(json!({ "realm": "bad-key" })).unwrap();
    let token = stand.admin.mint(&wish).await.unwrap();
    assert_eq!(token.header["kid"], bad["keys"][0]["kid"], "the right name for the wrong key");
}

#[test]
fn the_same_secret_gives_the_same_authority() {
    let material = |secret: &str| Trust::of(&KeyRoot::of(secret)).material().unwrap();
    let (one, again, other) = (material("a"), material("a"), material("b"));
    assert_eq!(one.authority, again.authority);
    assert_eq!(one.client_key, again.client_key);
    assert_ne!(one.authority, other.authority);
    assert!(!format!("{one:?}").contains("PRIVATE KEY"));
}
