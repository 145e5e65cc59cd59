//! Telling the reference gateway how to misbehave.

use super::{Running, SandboxError};
use crate::{
    cluster::{Cluster, ObjectKey},
    provider::Admin,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Time for the gateway to act.
const ANSWER: Duration = Duration::from_secs(15);
/// Pause between two looks at the answer.
const LOOK: Duration = Duration::from_millis(100);

impl Running {
    /// Tells the gateway to misbehave in one named way, or to behave again, and waits until it does.
    pub async fn set_mutant(&self, name: Option<&str>) -> Result<(), SandboxError> {
        match &self.facts.background {
            Some(background) => ask_process(&background.admin, name).await,
            None => ask_cluster(&self.cluster, name).await,
        }
    }
}

impl Running {
    /// The mutants that the gateway knows: their names, and what they do wrong.
    pub async fn mutants(&self) -> Result<Vec<(String, String)>, SandboxError> {
        let Some(background) = &self.facts.background else {
            let why = "its list is only told by the embedded provider".to_owned();
            return Err(refused(None, why));
        };
        let list = list_of(&background.admin).await.map_err(|error| refused(None, error.to_string()))?;
        let mutants = list["mutants"].as_array().map_or(&[][..], Vec::as_slice);
        let text = |mutant: &Value, field: &str| mutant[field].as_str().unwrap_or_default().to_owned();
        Ok(mutants.iter().map(|mutant| (text(mutant, "name"), text(mutant, "about"))).collect())
    }
}

async fn list_of(admin: &Admin) -> Result<Value, reqwest::Error> {
    let client = reqwest::Client::builder().no_proxy().timeout(ANSWER).tls_certs_only([]).build()?;
    let answer = client.get(format!("{}/mutant", admin.url)).bearer_auth(&admin.token).send().await?;
    answer.error_for_status()?.json().await
}

async fn ask_process(admin: &Admin, name: Option<&str>) -> Result<(), SandboxError> {
    let client = reqwest::Client::builder().no_proxy().timeout(ANSWER).tls_certs_only([]).build();
    let client = client.map_err(|error| refused(name, error.to_string()))?;
    let url = format!("{}/mutant", admin.url);
    let request = match name {
        Some(name) => client.put(url).body(name.to_owned()),
        None => client.delete(url),
    };
    let answer = request.bearer_auth(&admin.token).send().await.map_err(|error| refused(name, error.to_string()))?;
    if answer.status().is_success() {
        return Ok(());
    }
    Err(refused(name, answer.text().await.unwrap_or_default()))
}

/// A ConfigMap holds the wish, and is told by the controller what is acted.
async fn ask_cluster(cluster: &Cluster, name: Option<&str>) -> Result<(), SandboxError> {
    let wished = name.unwrap_or_default();
    let map = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "agw-sandbox-mutant", "namespace": "agentgateway-system"},
        "data": {"name": wished},
    });
    cluster.bring(&map).await?;
    let key = ObjectKey::of(&map);
    let began = Instant::now();
    loop {
        let seen = cluster.get(&key).await?.unwrap_or_default();
        match seen.pointer("/data/status").and_then(Value::as_str) {
            Some(status) if status == wished => return Ok(()),
            Some(status) if status.starts_with("there is no mutant") => return Err(refused(name, status.to_owned())),
            _ if began.elapsed() > ANSWER => {
                return Err(refused(name, "the controller does not answer; is it the reference gateway?".to_owned()));
            }
            _ => tokio::time::sleep(LOOK).await,
        }
    }
}

fn refused(name: Option<&str>, why: String) -> SandboxError {
    SandboxError::Mutant { name: name.unwrap_or("none").to_owned(), why }
}
