//! A command in a container, with input from a stream.

use super::Docker;
use bollard::{
    container::LogOutput,
    exec::{CreateExecOptions, StartExecResults},
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use std::pin::pin;
use tokio::io::AsyncWriteExt;

/// The most output that is kept, in bytes; the rest is read and dropped.
const MOST_OUTPUT: usize = 1 << 20;

/// How a command in a container ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecEnd {
    /// Its exit code; none if Docker does not know it.
    pub code: Option<i64>,
    /// What it wrote, both streams.
    pub output: String,
    /// How many bytes it was given.
    pub given: u64,
}

impl ExecEnd {
    /// Whether it ended well.
    pub fn is_success(&self) -> bool {
        self.code == Some(0)
    }

    /// Its last line, which usually says what went wrong.
    pub fn last_words(&self) -> String {
        let last = self.output.lines().rev().find(|line| !line.trim().is_empty());
        last.map_or_else(|| format!("exit code {:?} without a word", self.code), |line| line.trim().to_owned())
    }
}

impl Docker {
    /// Runs a command in a running container without input.
    pub async fn exec(&self, container: &str, command: &[&str]) -> Result<ExecEnd, bollard::errors::Error> {
        self.exec_with(container, command, None::<futures_util::stream::Empty<_>>).await
    }

    /// Runs a command in a running container and gives it `input`, then the end of input. If it is dropped before its
    /// end, the command gets the end of input at once.
    pub async fn exec_with(
        &self,
        container: &str,
        command: &[&str],
        input: Option<impl Stream<Item = Result<Bytes, bollard::errors::Error>>>,
    ) -> Result<ExecEnd, bollard::errors::Error> {
        let options = CreateExecOptions {
            cmd: Some(command.to_vec()),
            attach_stdin: Some(input.is_some()),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            ..CreateExecOptions::default()
        };
        let exec = self.client.create_exec(container, options).await?;
        let StartExecResults::Attached { output, input: mut writer } = self.client.start_exec(&exec.id, None).await?
        else {
            return Ok(ExecEnd { code: None, output: String::new(), given: 0 });
        };
        let feeding = async {
            let mut given = 0_u64;
            if let Some(input) = input {
                let mut input = pin!(input);
                while let Some(chunk) = input.next().await {
                    let chunk = chunk?;
                    // A command that has seen enough closes its end; how it ended is asked below.
                    if writer.write_all(&chunk).await.is_err() {
                        break;
                    }
                    given += chunk.len() as u64;
                }
            }
            let _ = writer.shutdown().await;
            Ok::<u64, bollard::errors::Error>(given)
        };
        let (given, output) = tokio::try_join!(feeding, collect(output))?;
        let code = self.client.inspect_exec(&exec.id).await?.exit_code;
        Ok(ExecEnd { code, output, given })
    }
}

async fn collect(
    mut output: impl Stream<Item = Result<LogOutput, bollard::errors::Error>> + Unpin,
) -> Result<String, bollard::errors::Error> {
    let mut kept = Vec::new();
    while let Some(part) = output.next().await {
        let part = part?.into_bytes();
        let room = MOST_OUTPUT.saturating_sub(kept.len()).min(part.len());
        kept.extend_from_slice(&part[..room]);
    }
    Ok(String::from_utf8_lossy(&kept).into_owned())
}
