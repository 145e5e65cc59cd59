//! Subscribes to events and shows them in the form that was asked for.

use super::{gates::gates_text, json, plain, print_talk, terminal::Terminal};
use crate::event::{Fact, ScenarioReport, Subscription};
use console::Term;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::JoinHandle;

/// The form of a command's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people; live on a terminal, plain lines elsewhere.
    #[default]
    Human,
    /// One JSON object a line on stdout.
    Json,
}

/// A running reporter; ends when the last [`crate::event::Events`] is gone.
pub struct Reporter(JoinHandle<()>);

/// Scenarios that ended, in that order, for those who need them all at the end.
#[derive(Debug, Clone, Default)]
pub struct Kept(Arc<Mutex<Vec<ScenarioReport>>>);

impl Kept {
    /// The scenarios so far; they are forgotten here.
    pub fn take(&self) -> Vec<ScenarioReport> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn read<T>(&self, read: impl Fn(&[ScenarioReport]) -> T) -> T {
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, report: &ScenarioReport) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(report.clone());
    }
}

impl Reporter {
    /// Starts to show events.
    pub fn start(format: Format, events: Subscription) -> Self {
        Self::keeping_scenarios(format, events).0
    }

    /// Starts to show events, and keeps the scenarios that end.
    pub fn keeping_scenarios(format: Format, mut events: Subscription) -> (Self, Kept) {
        let live = format == Format::Human && Term::stderr().is_term();
        let kept = Kept::default();
        let keeping = kept.clone();
        let reporter = Self(tokio::spawn(async move {
            let mut terminal = live.then(Terminal::new);
            while let Some(event) = events.recv().await {
                if let Fact::ScenarioFinished(report) = &event.fact {
                    keeping.keep(report);
                }
                if let (Fact::ScenariosFinished { .. }, Format::Human) = (&event.fact, format)
                    && let Some(gates) = keeping.read(gates_text)
                {
                    print_talk(&gates);
                }
                match (&mut terminal, format) {
                    (Some(terminal), _) => terminal.show(&event),
                    (None, Format::Human) => plain::show(&event),
                    (None, Format::Json) => json::show(&event),
                }
            }
        }));
        (reporter, kept)
    }

    /// Waits until everything is shown.
    pub async fn finish(self) {
        // A reporter that was aborted has nothing more to show.
        let _ = self.0.await;
    }
}
