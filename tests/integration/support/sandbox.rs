//! A sandbox of its own for a test: its own state directory, taken down when the test ends, however it ends.

use super::Ran;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// A state directory that no other test knows, and the program.
pub struct Sandbox {
    home: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Sandbox {
    /// A sandbox that is not up yet.
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().expect("a temporary folder"), variables: Vec::new() }
    }

    /// The same, with variables for every command.
    pub fn with_variables(mut self, variables: Vec<(&'static str, String)>) -> Self {
        self.variables = variables;
        self
    }

    /// A sandbox that is up on the embedded provider, without scenarios.
    #[track_caller]
    pub fn up() -> Self {
        let sandbox = Self::new();
        sandbox.file("quiet.yaml", "schema: agw-sandbox/v1\nkind: Profile\nextends: quickstart\nscenarios: []\n");
        sandbox.run(&format!("up --provider embedded --profile {}", sandbox.path("quiet.yaml").display())).succeeds();
        sandbox
    }

    /// Runs the program; arguments are separated by blanks.
    #[track_caller]
    pub fn run(&self, arguments: &str) -> Ran {
        self.run_with(arguments, &[])
    }

    /// Runs the program with variables.
    #[track_caller]
    pub fn run_with(&self, arguments: &str, variables: &[(&str, &str)]) -> Ran {
        let output = self.command(arguments).envs(variables.iter().copied()).output().expect("the program runs");
        Ran::new(format!("agw-sandbox {arguments}"), output)
    }

    /// The program as a command that has not started.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agw-sandbox"));
        command
            .args(arguments.split_whitespace())
            .env("AGW_SANDBOX_HOME", self.state())
            .env_remove("OLLAMA_HOST")
            .env("NO_COLOR", "1")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// The directory of all state.
    pub fn state(&self) -> PathBuf {
        self.home.path().join("state")
    }

    /// A path beside the state.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes a file beside the state.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).expect("a file can be written");
        path
    }

    /// The URL of the gateway.
    #[track_caller]
    pub fn url(&self) -> String {
        let env = self.run("env").succeeds().stdout();
        let line = env.lines().find_map(|line| line.strip_prefix("export AGW_SANDBOX_URL='"));
        line.and_then(|rest| rest.strip_suffix('\'')).expect("a URL").to_owned()
    }

    /// Every file of the state with its content and the time of its last change. The access log is left out: what asks
    /// whether all is well sends requests.
    pub fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
        let mut found = Vec::new();
        collect(&self.state(), &mut found);
        found.retain(|(path, ..)| !path.ends_with("access.log"));
        found.sort();
        found
    }
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>, std::time::SystemTime)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if let (Ok(content), Ok(changed)) =
            (std::fs::read(&path), entry.metadata().and_then(|meta| meta.modified()))
        {
            found.push((path, content, changed));
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // What a failed test left must not outlive it; that it is not up is fine.
        for entry in std::fs::read_dir(self.state()).into_iter().flatten().flatten() {
            if let Some(name) = entry.file_name().to_str() {
                let _ = self.command(&format!("down --sandbox {name}")).output();
            }
        }
    }
}
