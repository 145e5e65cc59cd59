//! What execution did, one JSON object a line. A run that changes nothing leaves no trace.

use crate::{event::Change, plan::PlannedStep};
use serde::Serialize;
use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::PathBuf,
    time::Duration,
};

/// One step that ended.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Version of this form.
    pub schema: &'static str,
    /// When.
    pub at: jiff::Timestamp,
    /// Id of the step in the plan.
    pub step: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// What became of it.
    pub change: Change,
    /// How long it took.
    pub seconds: f64,
}

/// The journal of one run.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    held_back: Option<Vec<Entry>>,
}

impl Journal {
    /// A journal that is appended to a file.
    pub fn at(path: PathBuf) -> Self {
        Self { path, held_back: Some(Vec::new()) }
    }

    /// Notes a step. Entries are held back until the first one that changed something.
    pub fn note(&mut self, step: &PlannedStep, change: Change, took: Duration) -> io::Result<()> {
        let entry = Entry {
            schema: "agw-sandbox/v1",
            at: jiff::Timestamp::now(),
            step: step.id.to_string(),
            fingerprint: step.fingerprint.clone(),
            change,
            seconds: took.as_secs_f64(),
        };
        let mut due = match self.held_back.take() {
            Some(mut held) if !matches!(change, Change::Made | Change::Failed) => {
                held.push(entry);
                self.held_back = Some(held);
                return Ok(());
            }
            Some(held) => held,
            None => Vec::new(),
        };
        due.push(entry);
        self.append(&due)
    }

    fn append(&self, entries: &[Entry]) -> io::Result<()> {
        let mut text = String::new();
        for entry in entries {
            text += &serde_json::to_string(entry)?;
            text.push('\n');
        }
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        file.write_all(text.as_bytes())
    }
}
