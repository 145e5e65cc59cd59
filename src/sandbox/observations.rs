//! What the gateways of a sandbox tell of themselves: by the background process, or by the pods of their proxies.

use super::Running;
use crate::{canonical::GatewayRef, provider::Background, scenario::Observations};
use http::Request;
use kube::Client;
use serde_json::Value;
use std::{io, path::Path, time::Duration};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// Time for one look.
const ANSWER: Duration = Duration::from_secs(5);
/// Bytes of an access log that are read, from its end.
const END: u64 = 512 * 1024;
/// Lines of an access log that are read, from its end.
const TAIL: usize = 2000;
/// Port and path of a proxy's metrics. Source: agentgateway's stats server.
const METRICS: &str = "15020/proxy/metrics";

impl Running {
    /// The ways to metrics and access logs.
    pub fn observations(&self) -> Observations {
        match &self.facts.background {
            Some(background) => of_process(background),
            None => of_pods(self.cluster.client()),
        }
    }
}

/// One process plays all gateways: its metrics and its log tell of each by name.
fn of_process(background: &Background) -> Observations {
    let url = format!("{}/metrics", background.stats);
    let path = background.access_log.clone();
    Observations::new(
        move |_| {
            let url = url.clone();
            Box::pin(async move { metrics_at(&url).await.map_err(|error| error.to_string()) })
        },
        move |_| {
            let path = path.clone();
            Box::pin(async move { end_of(&path).await.map_err(|error| format!("{}: {error}", path.display())) })
        },
    )
}

/// The text of a stats port.
pub(super) async fn metrics_at(url: &str) -> Result<String, reqwest::Error> {
    let client = reqwest::Client::builder().no_proxy().timeout(ANSWER).tls_certs_only([]).build()?;
    client.get(url).send().await?.error_for_status()?.text().await
}

/// The last lines of a file; before the first request there is none.
async fn end_of(path: &Path) -> io::Result<String> {
    let mut file = match tokio::fs::File::open(path).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        file => file?,
    };
    let from = file.metadata().await?.len().saturating_sub(END);
    file.seek(io::SeekFrom::Start(from)).await?;
    let mut bytes = Vec::new();
    file.take(END).read_to_end(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn of_pods(client: Client) -> Observations {
    let again = client.clone();
    Observations::new(
        move |gateway| {
            let client = client.clone();
            Box::pin(async move { pod_tells(&client, &gateway, |pod| format!("{pod}:{METRICS}")).await })
        },
        move |gateway| {
            let client = again.clone();
            Box::pin(async move { pod_tells(&client, &gateway, |pod| format!("{pod}/log?tailLines={TAIL}")).await })
        },
    )
}

/// Asks the API for something of the proxy's pod.
async fn pod_tells(client: &Client, gateway: &GatewayRef, path: impl Fn(&str) -> String) -> Result<String, String> {
    let pods = format!("/api/v1/namespaces/{}/pods", gateway.namespace);
    let chosen = format!("{pods}?labelSelector=gateway.networking.k8s.io%2Fgateway-name%3D{}", gateway.name);
    let list: Value = serde_json::from_str(&read(client, &chosen).await?).map_err(|error| error.to_string())?;
    let found = list["items"].as_array().and_then(|pods| {
        let mut running = pods.iter().filter(|pod| {
            pod.pointer("/status/phase") == Some(&Value::from("Running"))
                && pod.pointer("/metadata/deletionTimestamp").is_none()
        });
        running.next()?.pointer("/metadata/name")?.as_str()
    });
    let none = || format!("no pod of Gateway {}/{} is running", gateway.namespace, gateway.name);
    read(client, &format!("{pods}/{}", path(found.ok_or_else(none)?))).await
}

async fn read(client: &Client, path: &str) -> Result<String, String> {
    let request = Request::get(path).body(Vec::new()).map_err(|error| error.to_string())?;
    let answer = tokio::time::timeout(ANSWER, client.request_text(request)).await;
    answer.map_err(|_| "the Kubernetes API did not answer in time".to_owned())?.map_err(|error| error.to_string())
}
