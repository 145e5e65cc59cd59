//! A Kubernetes API in memory; knows nothing of gateways.

pub mod schema;
