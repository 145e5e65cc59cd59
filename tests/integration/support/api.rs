//! Ways to look at a sandbox from outside.

use super::Sandbox;
use serde_json::Value;
use std::path::PathBuf;

/// What tests share with the world outside: `AGW_SHARED`, or `../shared`.
pub fn shared() -> PathBuf {
    std::env::var_os("AGW_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")), PathBuf::from)
}

/// An HTTP client for loopback.
pub fn http() -> reqwest::Client {
    // Another test may have installed it; then that one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap()
}

/// All objects of a kind, `api/v1/services`, in the sandbox.
pub fn list(sandbox: &Sandbox, kind: &str) -> Vec<Value> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let path = sandbox.run("kubeconfig").succeeds().stdout();
    let file = kube::config::Kubeconfig::read_from(path.trim()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let config = kube::Config::from_custom_kubeconfig(file, &Default::default()).await.unwrap();
        let client = kube::Client::try_from(config).unwrap();
        let request = http::Request::get(format!("/{kind}")).body(Vec::new()).unwrap();
        let list: Value = client.request(request).await.unwrap();
        list["items"].as_array().unwrap().clone()
    })
}
