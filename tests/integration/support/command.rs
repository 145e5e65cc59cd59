//! A command that has ended, and what it left on the screen.

use serde_json::Value;
use std::process::Output;

/// A command that has ended.
#[derive(Debug)]
pub struct Ran {
    line: String,
    output: Output,
}

impl Ran {
    /// What a command line came to.
    pub fn new(line: String, output: Output) -> Self {
        Self { line, output }
    }

    /// Expects exit code 0.
    #[track_caller]
    pub fn succeeds(self) -> Self {
        self.exits(0)
    }

    /// Expects an exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.output.status.code(), Some(code), "$ {}\n{}{}", self.line, self.stdout(), self.stderr());
        self
    }

    /// Expects a piece of text on stdout or stderr.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        let all = self.stdout() + &self.stderr();
        assert!(all.contains(text), "$ {}\nexpected `{text}` in\n{all}", self.line);
        self
    }

    /// Expects that a piece of text is nowhere.
    #[track_caller]
    pub fn does_not_say(self, text: &str) -> Self {
        let all = self.stdout() + &self.stderr();
        assert!(!all.contains(text), "$ {}\ndid not expect `{text}` in\n{all}", self.line);
        self
    }

    /// What it printed as data.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    /// What it said.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    /// Its lines as JSON.
    #[track_caller]
    pub fn events(&self) -> Vec<Value> {
        self.stdout()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .collect()
    }

    /// Its last line as JSON, which must be that event.
    #[track_caller]
    pub fn last_event(&self, name: &str) -> Value {
        let last = self.events().pop().unwrap_or_else(|| panic!("$ {}\nprinted nothing\n{}", self.line, self.stderr()));
        assert_eq!(last["event"], name, "{last}");
        assert_eq!(last["schema"], "agw-sandbox/v1", "{last}");
        last
    }
}
