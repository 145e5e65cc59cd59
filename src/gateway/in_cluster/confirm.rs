//! Asking proxies what they serve.

use super::{
    CONFIRMED_WITHIN, PROXY_HEALTH_PORT, SERVING_PATH,
    serving::{Serving, name_of},
};
use crate::gateway::{
    Mutant,
    table::{ObjectName, Table},
};
use futures_util::future::join_all;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::sync::watch;

/// Between two questions to a proxy.
const ASK_AGAIN: Duration = Duration::from_millis(10);

/// Longest time for one answer.
const ANSWERED_WITHIN: Duration = Duration::from_millis(500);

/// Asks the proxies of Gateways.
#[derive(Debug, Clone)]
pub(super) struct Asker {
    http: reqwest::Client,
    port: u16,
}

impl Asker {
    /// Asks over plain HTTP, without any proxy in between.
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        let builder = reqwest::Client::builder().tls_certs_only([]).no_proxy().timeout(ANSWERED_WITHIN);
        Ok(Self { http: builder.build()?, port: PROXY_HEALTH_PORT })
    }

    /// Tells in `served` which table all ready proxies serve, or ought to since a while.
    pub(super) async fn confirm(&self, mut table: watch::Receiver<Arc<Table>>, served: watch::Sender<Arc<Table>>) {
        loop {
            let wanted = Arc::clone(&table.borrow_and_update());
            tokio::select! {
                () = self.until_served(&wanted) => {
                    served.send_replace(wanted);
                    if table.changed().await.is_err() {
                        return;
                    }
                }
                changed = table.changed() => if changed.is_err() {
                    return;
                },
            }
        }
    }

    async fn until_served(&self, table: &Table) {
        let digests: BTreeMap<_, _> =
            gateways(table).into_iter().map(|gateway| (gateway.clone(), table.part_of(&gateway).digest())).collect();
        self.until_all(table, |gateway, serving| digests.get(gateway) == Some(&serving.digest)).await;
    }

    /// Waits until all ready proxies act a mutant, no longer than five seconds.
    pub(super) async fn until_acted(&self, table: &Table, mutant: Option<Mutant>) {
        self.until_all(table, |_, serving| serving.mutant == name_of(mutant)).await;
    }

    async fn until_all(&self, table: &Table, good: impl Fn(&ObjectName, &Serving) -> bool) {
        let good = &good;
        let waits = gateways(table).into_iter().flat_map(|gateway| {
            let pods = ready_pods(table, &gateway);
            pods.into_iter().map(move |pod| (gateway.clone(), pod))
        });
        let waits = waits.map(|(gateway, pod)| async move {
            while !self.ask(pod).await.is_some_and(|serving| good(&gateway, &serving)) {
                tokio::time::sleep(ASK_AGAIN).await;
            }
        });
        // A pod that does not answer is none of those that requests reach for long.
        if tokio::time::timeout(CONFIRMED_WITHIN, join_all(waits)).await.is_err() {
            tracing::warn!("not all ready proxies serve what they should; what is reported may be ahead of them");
        }
    }

    async fn ask(&self, pod: IpAddr) -> Option<Serving> {
        let url = format!("http://{}{SERVING_PATH}", SocketAddr::new(pod, self.port));
        let mut answer = self.http.get(url).send().await.ok()?;
        // The answer is short; whatever else may be there sends no more than one piece.
        let body = answer.chunk().await.ok()??;
        serde_json::from_slice(&body).ok()
    }
}

/// All Gateways of a table.
fn gateways(table: &Table) -> BTreeSet<ObjectName> {
    table.listeners.iter().map(|listener| listener.key.gateway.clone()).collect()
}

/// Where the ready pods of a Gateway are: the endpoints of its Service.
fn ready_pods(table: &Table, gateway: &ObjectName) -> BTreeSet<IpAddr> {
    let host = format!("{}.{}.svc.cluster.local", gateway.name, gateway.namespace);
    let ports = table.services.range((host.clone(), 0)..=(host, u16::MAX));
    ports.flat_map(|(_, endpoints)| endpoints).map(|(address, _)| *address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::table::{Listener, ListenerKey, Policies};
    use axum::{Json, Router, routing::get};
    use std::net::Ipv4Addr;

    fn table(port: u16) -> Arc<Table> {
        let gateway = ObjectName { namespace: "ns".to_owned(), name: "gw".to_owned() };
        let listener = Listener {
            key: ListenerKey { gateway, listener: "http".to_owned() },
            port,
            hostname: None,
            routes: vec![],
            groups: Default::default(),
            policies: Arc::new(Policies::default()),
        };
        let mut table = Table { listeners: vec![Arc::new(listener)], ..Table::default() };
        let pods = vec![(Ipv4Addr::LOCALHOST.into(), port)];
        table.services.insert(("gw.ns.svc.cluster.local".to_owned(), port), pods);
        Arc::new(table)
    }

    /// A pod whose digest is told by the test.
    async fn pod(says: watch::Receiver<String>) -> Asker {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = move || {
            let digest = says.borrow().clone();
            async move { Json(Serving { digest, mutant: String::new() }) }
        };
        let router = Router::new().route(SERVING_PATH, get(serving));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Asker { port, ..Asker::new().unwrap() }
    }

    #[tokio::test]
    async fn a_table_counts_as_served_when_the_pod_says_so_and_an_older_one_never() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let digest = |table: &Table| table.part_of(&table.listeners[0].key.gateway).digest();
        let (says, said) = watch::channel(String::new());
        let asker = pod(said).await;
        let (older, newer) = (table(80), table(81));
        let (wanted, wants) = watch::channel(Arc::clone(&older));
        let (serving, mut served) = watch::channel(Arc::default());
        tokio::spawn(async move { asker.confirm(wants, serving).await });

        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!served.has_changed().unwrap(), "nobody has said that it serves the table");
        // The pod has seen more than the controller: what it serves was never asked for.
        says.send_replace(digest(&newer));
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!served.has_changed().unwrap(), "the pod serves another table");
        wanted.send_replace(Arc::clone(&newer));
        served.changed().await.unwrap();
        assert!(Arc::ptr_eq(&served.borrow(), &newer));
    }
}
