//! The life of listener ports.

use super::{fixture::*, tables::*};
use agw_sandbox::gateway::{ProxyOptions, table::*};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};
use tokio::net::{TcpListener, TcpStream};

const SECOND: u16 = 8081;

fn listening_at(port: u16) -> Arc<Listener> {
    let mut listener = (*listener(None, Policies::default(), vec![])).clone();
    listener.port = port;
    Arc::new(listener)
}

fn options(preferred: &[(u16, u16)], exact: &[u16]) -> ProxyOptions {
    ProxyOptions {
        address: LOOPBACK,
        exact_ports: exact.iter().copied().collect::<BTreeSet<_>>(),
        preferred: preferred.iter().copied().collect::<BTreeMap<_, _>>(),
        aliases: BTreeMap::new(),
        release: "v1.4.1".to_owned(),
        drain: std::time::Duration::from_millis(400),
        session_key: None,
        telemetry: Default::default(),
    }
}

#[tokio::test]
async fn a_port_in_use_gives_way_unless_it_must_not() {
    let taken = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let served = Table { listeners: vec![listening_at(PORT)], ..Table::default() };
    let gateway = Gateway::with(options(&[(PORT, port)], &[]), served).await;
    assert!(gateway.address.port() > port);
    assert_eq!(gateway.get("any.test", "/").await.line(), "404 route not found");

    let both = Table { listeners: vec![listening_at(PORT), listening_at(SECOND)], ..Table::default() };
    let gateway = Gateway::with(options(&[(PORT, 0), (SECOND, port)], &[port]), both).await;
    let refused = gateway.bound.borrow()[&SECOND].clone().unwrap_err();
    assert!(refused.starts_with(&format!("127.0.0.1:{port}: ")), "{refused}");
}

#[tokio::test]
async fn ports_follow_the_table_and_kept_ones_are_not_interrupted() {
    let slow = Stub::answering(|_| async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        answer(200, "text/plain", "late")
    })
    .await;
    let listeners = || table(vec![route("slow.test", vec![all(server(slow.address))])]).listeners;
    let both = Table { listeners: [listeners(), vec![listening_at(SECOND)]].concat(), ..Table::default() };
    let mut gateway = Gateway::with(options(&[(PORT, 0), (SECOND, 0)], &[]), both).await;
    let second = gateway.bound.borrow()[&SECOND].clone().unwrap();
    assert!(TcpStream::connect(second).await.is_ok());

    let under_way = gateway.request("GET", "slow.test", "/").send();
    let change = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        gateway.table.send_replace(Arc::new(Table { listeners: listeners(), ..Table::default() }));
    };
    let (response, ()) = tokio::join!(under_way, change);
    assert_eq!(response.unwrap().text().await.unwrap(), "late");
    gateway.bound.wait_for(|ports| !ports.contains_key(&SECOND)).await.unwrap();
    assert_eq!(gateway.bound.borrow()[&PORT], Ok(gateway.address));
    assert!(TcpStream::connect(second).await.is_err());
}

#[tokio::test]
async fn the_end_does_not_wait_for_slow_upstreams() {
    let stuck = Stub::answering(|_| std::future::pending()).await;
    let mut gateway = Gateway::serving(table(vec![route("stuck.test", vec![all(server(stuck.address))])])).await;
    let request = tokio::spawn(gateway.request("GET", "stuck.test", "/").send());
    while stuck.count() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(gateway.stop().await <= Duration::from_millis(500));
    assert!(request.await.unwrap().is_err());
}
