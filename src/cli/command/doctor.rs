//! `agw-sandbox doctor`.

use crate::{
    check::{Check, DoctorOptions, Group, Verdict, doctor, nothing_would_work, proxy_variables},
    cli::{Exit, Failure},
    host::OllamaQuestion,
    process::DockerEnvironment,
    profile::{Overrides, Profile, load},
    report::{CheckLine, Format, SCHEMA, print_checks, print_data},
    sandbox::Home,
};
use serde_json::json;
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

/// Check this machine: tools, host, state.
#[derive(Debug, clap::Args)]
pub struct Doctor {
    /// The profile that the machine is to serve: its port and its Ollama are looked for.
    #[arg(long, short, value_name = "NAME|FILE", default_value = "quickstart")]
    profile: String,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

impl Doctor {
    /// Runs the command.
    pub async fn run(self) -> Result<Exit, Failure> {
        let profile = load(&self.profile, &Overrides::default())?;
        let port = profile.gateway.listeners.first().map_or(8080, |listener| listener.port);
        let options = DoctorOptions {
            state_dir: Home::find()?.path().to_owned(),
            gateway: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            ollama: ollama(&profile),
            docker: DockerEnvironment::from_env(),
            proxies: proxy_variables(),
            proc: PathBuf::from("/proc"),
        };
        let groups = doctor(&options).await;
        match self.output {
            Format::Human => print_checks(&lines(&groups)),
            Format::Json => {
                print_data(&json!({"schema": SCHEMA, "event": "doctor.finished", "groups": groups}).to_string());
            }
        }
        Ok(if nothing_would_work(&groups) { Exit::Machine } else { Exit::Ok })
    }
}

/// The question about the Ollama that the profile leads to.
fn ollama(profile: &Profile) -> Option<OllamaQuestion> {
    let (authority, model) = profile.wiring().ollama()?;
    Some(OllamaQuestion { model, ..OllamaQuestion::new(authority) })
}

fn lines(groups: &[Group]) -> Vec<CheckLine> {
    groups.iter().flat_map(|group| group.checks.iter().map(|check| line(group.name, check))).collect()
}

fn line(group: &str, check: &Check) -> CheckLine {
    let mark = match check.verdict {
        Verdict::Ok => '✔',
        Verdict::Warning => '!',
        Verdict::Error => '✘',
        Verdict::Skipped => '–',
    };
    let id = check.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
    let skipped = if check.verdict == Verdict::Skipped { "skipped: " } else { "" };
    CheckLine {
        group: group.to_owned(),
        mark,
        title: check.title.to_owned(),
        detail: format!("{skipped}{}{id}", check.detail),
        fix: check.fix.clone(),
    }
}
