//! The official conformance suite of MCP, run against the gateway.

use super::{
    outcome::{Judge, Outcome, Seen},
    trial::{Trial, Trouble},
};
use crate::scenario::{
    expect::Answer,
    spec::{Action, Release, Scenario, Step, SuiteCall},
};
use futures_util::{FutureExt, StreamExt, stream};
use serde_json::json;
use std::{path::PathBuf, process::Stdio};
use tokio::{process::Command, time::timeout};

/// The variable that names the folder with the suite: one folder for each version, as `scripts/test-mcp` installs them.
const FOLDER: &str = "AGW_MCP_SUITE";
/// Scenarios of the suite at a time.
const AT_ONCE: usize = 4;

/// Why a scenario's suite cannot be run; `None`: it can, or there is none.
pub(super) fn reason_to_skip(scenario: &Scenario) -> Option<String> {
    let mut calls = scenario.steps.iter().filter_map(|step| match &step.action {
        Action::McpSuite(call) => Some(call),
        _ => None,
    });
    calls.find(|call| program(call).is_none_or(|program| !program.is_file())).map(|call| {
        format!("needs the official MCP suite {}: {FOLDER} names the folder that scripts/test-mcp made", call.version)
    })
}

fn program(call: &SuiteCall) -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os(FOLDER)?).join(&call.version);
    Some(folder.join("node_modules/@modelcontextprotocol/conformance/dist/index.js"))
}

impl Trial {
    /// Runs the suite and judges which of its scenarios passed.
    pub(super) async fn mcp_suite(
        &mut self,
        step: &Step,
        call: &SuiteCall,
        release: Option<Release>,
    ) -> Result<Outcome, Trouble> {
        let scenario = std::sync::Arc::clone(&self.scenario);
        let judge = Judge::new(&scenario, step, release);
        let host = call.host.as_deref().unwrap_or("localhost");
        let base = self.base(None).replacen("127.0.0.1", host, 1);
        let url = format!("{base}{}", call.path.as_deref().unwrap_or("/mcp"));
        let run = |name: &String| passes(program(call), url.clone(), name.clone()).boxed();
        let runs: Vec<_> = call.scenarios.iter().map(run).collect();
        let runs = stream::iter(runs).buffered(AT_ONCE).collect::<Vec<_>>();
        let ended = timeout(SuiteCall::LONGEST, runs).await.unwrap_or_default();
        let named = |wanted: bool| -> Vec<&String> {
            ended.iter().filter(|(_, passed)| *passed == wanted).map(|(name, _)| name).collect()
        };
        let json = json!({"passed": named(true), "failed": named(false)});
        let answer = Answer { body: json.to_string(), json: Some(json), ..Answer::default() };
        let mut seen = Seen { answers: vec![answer.clone()], ..Seen::default() };
        seen.evidence.answer = Some(answer);
        seen.evidence.received = self.received(&judge.likely()).await?;
        Ok(judge.outcome(&seen))
    }
}

/// A scenario of the suite, and whether it passes: the suite says so by its exit code.
async fn passes(program: Option<PathBuf>, url: String, name: String) -> (String, bool) {
    let Some(program) = program else { return (name, false) };
    let mut suite = Command::new("node");
    suite.arg(program).args(["server", "--url", &url, "--scenario", &name]);
    suite.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let passed = suite.status().await.is_ok_and(|status| status.success());
    (name, passed)
}
