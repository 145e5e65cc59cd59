//! Any form or query at the endpoints of the identity provider: tokens, a way back, or a refusal in the words of OAuth.

use agw_sandbox::mock::fuzz::Doors;
use bytes::Bytes;
use http::{Method, Request, Uri};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

const PATHS: [&str; 6] = ["/token", "/authorize", "/introspect", "/register", "/realms/a/token", "/userinfo"];

thread_local! {
    static STAND: (Runtime, Doors) = (Builder::new_current_thread().enable_all().build().unwrap(), Doors::open());
}

/// The first byte chooses endpoint and method; the rest is the form, or the query.
pub fn run(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let path = PATHS[usize::from(*choice) % PATHS.len()];
    let is_query = choice & 0x80 != 0;
    let target = if is_query { format!("{path}?{}", String::from_utf8_lossy(rest)) } else { path.to_owned() };
    let Ok(uri) = target.parse::<Uri>() else { return };
    let (method, body) = if is_query { (Method::GET, &[][..]) } else { (Method::POST, rest) };
    let request = Request::builder().method(method).uri(uri).header("host", "identity");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    // The first half of a form is also a good name and secret.
    let request = request.header("authorization", "Basic YTpi");
    let request = request.body(Bytes::copy_from_slice(body)).unwrap();
    let asked = STAND.with(|(runtime, doors)| runtime.block_on(doors.ask("identity", request)));
    let (status, answer) = asked.expect("the body of an answer ends");
    let text = String::from_utf8_lossy(&answer);
    assert!(status < 500, "{status} {text}");
    if status >= 400 && !text.is_empty() {
        let refusal: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}"));
        assert!(refusal["error"].is_string() && refusal["error_description"].is_string(), "{refusal}");
    }
}
