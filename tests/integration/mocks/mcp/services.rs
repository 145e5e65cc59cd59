//! The servers in clusters: each has a Service that leads to its port.

use crate::mocks::stand::Stand;
use agw_sandbox::gateway::in_cluster::ReferenceInstall;
use agw_sandbox::mock::{MockOptions, Mocks, Ports, Protocol};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn every_server_has_a_service_in_the_manifests() {
    let stand = Stand::start().await;
    let servers = stand.mocks.endpoints().iter().filter(|endpoint| endpoint.protocol == Protocol::Mcp);
    let servers: BTreeSet<String> = servers.map(|endpoint| endpoint.name.to_owned()).collect();
    assert_eq!(servers.len(), 10);
    let install = ReferenceInstall { image: "image".to_owned(), release: "1.4.1".to_owned() };
    let objects = install.mocks().unwrap();
    let services = objects.iter().filter(|object| object["kind"] == "Service");
    let services: BTreeSet<String> =
        services.map(|service| service["metadata"]["name"].as_str().unwrap().to_owned()).collect();
    assert!(servers.is_subset(&services), "{:?}", servers.difference(&services));
}

#[tokio::test]
async fn the_first_server_has_everything_and_all_start_alone() {
    let options = MockOptions { only: Some(Protocol::Mcp), ..MockOptions::at(Ipv4Addr::LOCALHOST.into(), Ports::Any) };
    let mocks = Mocks::start(options, CancellationToken::new()).await.unwrap();
    assert_eq!((mocks.endpoints()[0].name, mocks.endpoints().len()), ("everything", 10));
    mocks.stop().await;
}
