//! One connection, carried to a pod and back.

use super::{
    ForwardTarget,
    endpoint::{Endpoint, endpoint_of},
};
use crate::cluster::Cluster;
use k8s_openapi::api::core::v1::Pod;
use kube::{Api, api::Portforwarder};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{io::copy_bidirectional, net::TcpStream};

/// Time for a pod to be found that takes the connection: one that was just replaced comes up meanwhile.
const FIND: Duration = Duration::from_secs(20);
/// Time for one pod to take it.
const CONNECT: Duration = Duration::from_secs(5);
/// Pause before another try.
const RETRY: Duration = Duration::from_millis(100);

/// A Service and the pod that served it last.
#[derive(Debug)]
pub(super) struct Carrier {
    to: ForwardTarget,
    last: Mutex<Option<Endpoint>>,
}

impl Carrier {
    pub(super) fn new(to: ForwardTarget) -> Self {
        Self { to, last: Mutex::default() }
    }

    /// Carries a connection until either side ends it. `Err` says why it could not.
    pub(super) async fn carry(&self, mut here: TcpStream, cluster: &Cluster) -> Result<(), String> {
        let (mut forwarder, port) = self.connect(cluster).await?;
        let Some(mut there) = forwarder.take_stream(port) else { return Err("no stream to the pod".to_owned()) };
        let failed = forwarder.take_error(port);
        // An end of either side is an end; which of them it was does not matter.
        let _ = copy_bidirectional(&mut here, &mut there).await;
        drop(there);
        let why = match failed {
            Some(failed) => tokio::time::timeout(RETRY, failed).await.ok().flatten(),
            None => None,
        };
        forwarder.abort();
        let Some(why) = why else { return Ok(()) };
        self.keep(None);
        Err(why)
    }

    async fn connect(&self, cluster: &Cluster) -> Result<(Portforwarder, u16), String> {
        let pods: Api<Pod> = Api::namespaced(cluster.client(), &self.to.namespace);
        let began = Instant::now();
        loop {
            let why = match self.endpoint(cluster).await {
                Ok(Endpoint { pod, port }) => {
                    match tokio::time::timeout(CONNECT, pods.portforward(&pod, &[port])).await {
                        Ok(Ok(forwarder)) => return Ok((forwarder, port)),
                        Ok(Err(error)) => format!("pod {pod}: {error}"),
                        Err(_) => format!("pod {pod} does not answer within {} s", CONNECT.as_secs()),
                    }
                }
                Err(why) => why,
            };
            self.keep(None);
            if began.elapsed() > FIND {
                return Err(why);
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn endpoint(&self, cluster: &Cluster) -> Result<Endpoint, String> {
        let known = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let found = endpoint_of(cluster, &self.to).await.map_err(|error| error.to_string())?;
        let found = found.ok_or_else(|| "no pod behind it is ready".to_owned())?;
        self.keep(Some(found.clone()));
        Ok(found)
    }

    fn keep(&self, endpoint: Option<Endpoint>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = endpoint;
    }
}
