//! The embedded Kubernetes API: against the real `kube-apiserver` through `kubectl`, through kube's client, and under
//! requests that nobody sane would send.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says why it skips"
)]

#[path = "kubernetes_api/client.rs"]
mod client;
#[path = "kubernetes_api/nonsense.rs"]
mod nonsense;
#[path = "kubernetes_api/server.rs"]
mod server;
#[path = "kubernetes_api/transcript.rs"]
mod transcript;
