//! `agw-sandbox down`.

use crate::{
    cli::{Exit, Failure},
    event::{Events, Fact},
    execute::Removed,
    report::{Format, Reporter, error_fact, print_talk},
    sandbox::{Home, SandboxName, down},
};

/// Take a sandbox away: its process, its ports, its files.
#[derive(Debug, clap::Args)]
pub struct Down {
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

impl Down {
    /// Runs the command.
    pub async fn run(self, name: SandboxName) -> Result<Exit, Failure> {
        let home = Home::find()?;
        let sandbox = home.sandbox(name);
        let (events, subscription) = Events::new();
        let reporter = Reporter::start(self.output, subscription);
        let result = down(&home, &sandbox, &events).await.map_err(Failure::from);
        let (error, exit) = match &result {
            Ok(_) => (None, None),
            Err(failure) => (Some(error_fact(failure.error.as_ref())), Some(failure.exit.code())),
        };
        let removed = result.as_ref().ok().and_then(Option::as_ref);
        let Removed { gone, stays } = removed.cloned().unwrap_or_default();
        events.emit(Fact::DownFinished { ok: error.is_none(), removed: removed.is_some(), gone, stays, error, exit });
        drop(events);
        reporter.finish().await;
        let removed = result?;
        if self.output == Format::Human {
            print_talk(&said(sandbox.name.as_str(), removed.as_ref()));
        }
        Ok(Exit::Ok)
    }
}

fn said(name: &str, removed: Option<&Removed>) -> String {
    let Some(removed) = removed else { return format!("nothing to do: sandbox {name} is not up") };
    let mut text = match removed.gone.len() {
        0 => format!("sandbox {name} is down: its process, ports and files are gone"),
        gone => format!("sandbox {name} is down: {gone} objects of its own are gone, the cluster stays"),
    };
    for stays in &removed.stays {
        text += &format!("\n  left where it is: {stays}");
    }
    text
}
