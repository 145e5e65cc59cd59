//! Requests that the gateway answers, several in a row. Conditions can be early; traffic cannot.

use crate::{
    execute::{Done, ExecuteError, World},
    plan::{PlannedStep, Probe, TrafficProof},
};
use serde_json::json;
use std::time::{Duration, Instant};

/// Longest time for one answer.
const ANSWER: Duration = Duration::from_secs(10);
/// Characters of a bad answer that are shown.
const LONGEST_BODY: usize = 200;
/// Pause after a request that was not answered well.
const PAUSE: Duration = Duration::from_millis(20);

/// Asks until enough requests in a row were answered. An answer that will stay as it is ends the wait at once.
pub async fn bring_about(planned: &PlannedStep, proof: &TrafficProof, world: &World) -> Result<Done, ExecuteError> {
    let url = world.url().ok_or(ExecuteError::NotYet { step: planned.id.to_string(), what: "the gateway's URL" })?;
    let failed = |last: String| ExecuteError::NoTraffic { wanted: proof.requests, last };
    let client = reqwest::Client::builder().no_proxy().timeout(ANSWER).tls_certs_only([]).build();
    let client = client.map_err(|error| failed(error.to_string()))?;
    let began = Instant::now();
    let mut answered = 0;
    while answered < proof.requests {
        match ask(&client, url, &proof.probe).await {
            Answer::Good => answered += 1,
            Answer::Final(last) => return Err(failed(last)),
            Answer::NotYet(last) if began.elapsed() + ANSWER > planned.deadline() => return Err(failed(last)),
            Answer::NotYet(last) => {
                answered = 0;
                world.waits(&planned.id, last);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    Ok(Done::changed_if(false, format!("{answered} of {} requests answered", proof.requests)))
}

/// What an answer means.
enum Answer {
    Good,
    /// It may get better.
    NotYet(String),
    /// It will not.
    Final(String),
}

async fn ask(client: &reqwest::Client, url: &str, probe: &Probe) -> Answer {
    let (path, request) = match probe {
        Probe::Chat { path } => (
            path.as_str(),
            client.post(format!("{url}{path}")).json(&json!({
                "model": "gpt-4o-mini",
                "messages": [{"role": "user", "content": "hello"}],
            })),
        ),
        Probe::Any => ("/", client.get(url)),
    };
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) => return Answer::NotYet(format!("{url}: {error}")),
    };
    let status = answer.status();
    if status.is_success() || *probe == Probe::Any {
        return Answer::Good;
    }
    let body: String = answer.text().await.unwrap_or_default().chars().take(LONGEST_BODY).collect();
    let last = format!("{path} answered {status}: {body}");
    // A route that has not reached the proxy yet is a 404, a backend that is not there yet a 5xx.
    if status.is_client_error() && status.as_u16() != 404 { Answer::Final(last) } else { Answer::NotYet(last) }
}
