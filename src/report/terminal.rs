//! Events on a terminal: finished work as lines that stay, running work as live lines with a clock.

use super::lines;
use crate::event::{Event, Fact};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::{collections::HashMap, time::Duration};

/// How often a live line is drawn.
const TICK: Duration = Duration::from_millis(100);

/// The live view.
pub struct Terminal {
    screen: MultiProgress,
    running: HashMap<String, ProgressBar>,
    scenarios: Option<ProgressBar>,
    removal: Option<ProgressBar>,
}

impl Terminal {
    /// An empty view on stderr.
    pub fn new() -> Self {
        Self { screen: MultiProgress::new(), running: HashMap::new(), scenarios: None, removal: None }
    }

    /// Shows an event.
    pub fn show(&mut self, event: &Event) {
        match &event.fact {
            Fact::StepStarted { step, title } => {
                let bar = self.live("  {spinner} {prefix:24}{elapsed_precise}  {msg}");
                bar.set_prefix(title.clone());
                self.running.insert(step.clone(), bar);
            }
            Fact::StepWaiting { step, waits_for } => {
                if let Some(bar) = self.running.get(step) {
                    bar.set_message(waits_for.clone());
                }
            }
            Fact::DownWaiting { waits_for } => {
                let bar = self.removal.take().unwrap_or_else(|| self.live("  {spinner} waiting for {msg}"));
                bar.set_message(waits_for.clone());
                self.removal = Some(bar);
            }
            Fact::DownFinished { .. } => self.removal.take().iter().for_each(ProgressBar::finish_and_clear),
            Fact::ScenariosStarted { count, .. } => {
                let bar = self.live("  {spinner} scenarios               {pos} of {len}");
                bar.set_length(*count as u64);
                self.scenarios = Some(bar);
            }
            Fact::ScenariosFinished { .. } => {
                if let Some(bar) = self.scenarios.take() {
                    bar.finish_and_clear();
                }
            }
            _ => {}
        }
        self.settle(&event.fact);
    }

    fn settle(&mut self, fact: &Fact) {
        if let Fact::StepFinished { step, .. } = fact
            && let Some(bar) = self.running.remove(step)
        {
            bar.finish_and_clear();
        }
        if let (Fact::ScenarioFinished(_), Some(bar)) = (fact, &self.scenarios) {
            bar.inc(1);
        }
        if let Some(text) = lines::lines_of(fact) {
            // A view that cannot be drawn on is no reason to stop.
            let _ = self.screen.println(text);
        }
    }

    fn live(&self, template: &str) -> ProgressBar {
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = self.screen.add(ProgressBar::new_spinner().with_style(style));
        bar.enable_steady_tick(TICK);
        bar
    }
}
