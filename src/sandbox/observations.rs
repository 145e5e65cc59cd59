//! What the gateways of a sandbox tell of themselves: by the background process, or by the pods of their proxies.

use super::Running;
use crate::{canonical::GatewayRef, provider::Admin, scenario::Observations};
use http::Request;
use kube::Client;
use serde_json::Value;
use std::time::Duration;

/// Time for one look.
const ANSWER: Duration = Duration::from_secs(5);
/// Lines of an access log that are read, from its end.
const TAIL: usize = 2000;
/// Port and path of a proxy's metrics. Source: agentgateway's stats server.
const METRICS: &str = "15020/proxy/metrics";

impl Running {
    /// The ways to metrics and access logs.
    pub fn observations(&self) -> Observations {
        match &self.facts.background {
            Some(background) => of_process(background.admin.clone()),
            None => of_pods(self.cluster.client()),
        }
    }
}

fn of_process(admin: Admin) -> Observations {
    let ask = |what: &'static str| {
        let admin = admin.clone();
        move |gateway: GatewayRef| -> futures_util::future::BoxFuture<'static, Result<String, String>> {
            let admin = admin.clone();
            Box::pin(async move { process_tells(&admin, &gateway, what).await.map_err(|error| error.to_string()) })
        }
    };
    Observations::new(ask("metrics"), ask("access-log"))
}

async fn process_tells(admin: &Admin, gateway: &GatewayRef, what: &str) -> Result<String, reqwest::Error> {
    let client = reqwest::Client::builder().no_proxy().timeout(ANSWER).tls_certs_only([]).build()?;
    let url = format!("{}/gateways/{}/{}/{what}", admin.url, gateway.namespace, gateway.name);
    client.get(url).bearer_auth(&admin.token).send().await?.error_for_status()?.text().await
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
