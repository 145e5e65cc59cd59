//! Which of its six states an Ollama is in.

use super::answer::{Answer, ask, models};
use super::question::USUAL_PORT;
use super::{OllamaProblem, OllamaQuestion, OllamaReady, OllamaState, Vantage};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::time::timeout;

/// How long a name may take to be looked up.
const TO_RESOLVE: Duration = Duration::from_millis(300);

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Looks where an Ollama should be and, if it is not there, where it could be instead.
pub async fn probe(question: &OllamaQuestion) -> OllamaState {
    let (host, port) = question.host_and_port();
    let addresses = addresses(host, port, question.from).await;
    let Some(first) = addresses.first().copied() else {
        return Err(OllamaProblem::NameNotResolvable { host: host.to_owned(), port });
    };
    let mut taken = false;
    for address in addresses {
        match ask(address).await {
            Answer::Ollama(version) => return with_models(question, address, version).await,
            Answer::Other => taken = true,
            Answer::Nothing => {}
        }
    }
    Err(elsewhere(question, first, taken).await)
}

async fn addresses(host: &str, port: u16, from: Vantage) -> Vec<SocketAddr> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return vec![SocketAddr::new(address, port)];
    }
    if host == "host.internal" {
        let address = match from {
            Vantage::Host => LOOPBACK,
            Vantage::Pods(address) => address,
        };
        return vec![SocketAddr::new(address, port)];
    }
    match timeout(TO_RESOLVE, tokio::net::lookup_host((host, port))).await {
        Ok(Ok(found)) => found.collect(),
        _ => Vec::new(),
    }
}

async fn with_models(question: &OllamaQuestion, address: SocketAddr, version: String) -> OllamaState {
    let models = models(address).await.unwrap_or_default();
    let there = match &question.model {
        Some(wanted) => models.iter().any(|model| is_model(model, wanted)),
        None => !models.is_empty(),
    };
    match there {
        true => Ok(OllamaReady { address, version, models }),
        false => Err(OllamaProblem::ModelMissing { wanted: question.model.clone(), there: models }),
    }
}

/// Ollama reads a name without a tag as `:latest`.
fn is_model(model: &str, wanted: &str) -> bool {
    model == wanted || (!wanted.contains(':') && model.strip_suffix(":latest") == Some(wanted))
}

/// Nothing usable is where it should be: looks around, if that is this machine.
async fn elsewhere(question: &OllamaQuestion, asked: SocketAddr, taken: bool) -> OllamaProblem {
    let port = asked.port();
    if is_this_machine(question, asked) {
        let behind = SocketAddr::new(LOOPBACK, port);
        if !asked.ip().is_loopback() && matches!(ask(behind).await, Answer::Ollama(_)) {
            return OllamaProblem::LoopbackOnly { address: asked.to_string(), port };
        }
        for other in question.other_ports.iter().copied().filter(|other| *other != port) {
            if matches!(ask(SocketAddr::new(LOOPBACK, other)).await, Answer::Ollama(_)) {
                return on_another_port(question, asked, other, taken);
            }
        }
    }
    if taken {
        let what = format!("something that is not Ollama answers on {asked}");
        let free = port.saturating_add(1);
        let fix = format!("{}     and write  at: \"host.internal:{free}\"", serve(question, free));
        return OllamaProblem::WrongPort { what, fix, found: None };
    }
    OllamaProblem::NotRunning { address: asked.to_string(), fix: serve(question, port) }
}

fn is_this_machine(question: &OllamaQuestion, asked: SocketAddr) -> bool {
    asked.ip().is_loopback() || question.from == Vantage::Pods(asked.ip())
}

fn on_another_port(question: &OllamaQuestion, asked: SocketAddr, found: u16, taken: bool) -> OllamaProblem {
    let there = if taken { "something else answers" } else { "nothing listens" };
    let what = format!("{there} on {asked}, but an Ollama answers on port {found}");
    let fix = format!("write  at: \"host.internal:{found}\"  or  {}", serve(question, asked.port()));
    OllamaProblem::WrongPort { what, fix, found: Some(found) }
}

/// The command that starts an Ollama where it can be reached.
fn serve(question: &OllamaQuestion, port: u16) -> String {
    match question.from {
        Vantage::Host if port == USUAL_PORT => "ollama serve".to_owned(),
        Vantage::Host => format!("OLLAMA_HOST=127.0.0.1:{port} ollama serve"),
        Vantage::Pods(_) => format!("OLLAMA_HOST=0.0.0.0:{port} ollama serve"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_model;

    #[test]
    fn a_name_without_a_tag_is_the_latest() {
        assert!(is_model("tiny:latest", "tiny"));
        assert!(is_model("qwen3:0.6b", "qwen3:0.6b"));
        assert!(!is_model("qwen3:0.6b", "qwen3"));
        assert!(!is_model("tiny:latest", "tin"));
    }
}
