//! `agw-sandbox trust`.

use super::mock::{AskError, admin_of};
use super::trust_files::TrustFiles;
use crate::{
    cli::{Exit, Failure},
    report::{Format, SCHEMA, print_data},
    sandbox::SandboxName,
};
use serde_json::json;
use std::{io, path::PathBuf};

/// Print the certificate of the CA that signed the mocks' certificates: of those that `agw-sandbox mock` runs, or else of
/// those of the sandbox.
#[derive(Debug, clap::Args)]
pub struct Trust {
    /// Write it into this folder instead, as `ca.pem`, with a client's certificate `client.pem` and its key `client.key`.
    #[arg(long, value_name = "FOLDER")]
    write: Option<PathBuf>,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

/// The files cannot be written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("the certificates cannot be written into {}: {source}", folder.display())]
#[diagnostic(code("MOCK-51"), help("Choose another folder with --write, or make room in this one."))]
struct WriteError {
    folder: PathBuf,
    source: io::Error,
}

impl Trust {
    /// Runs the command.
    pub async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        let material = admin_of(sandbox).await?.trust().await.map_err(AskError::from)?;
        let files = match self.write {
            Some(folder) => {
                let files = TrustFiles::write(&folder, "", &material);
                Some(files.map_err(|source| WriteError { folder, source })?)
            }
            None => None,
        };
        match (self.output, &files) {
            (Format::Human, None) => print_data(&material.authority),
            (Format::Human, Some(files)) => {
                let files = [&files.authority, &files.client_certificate, &files.client_key];
                print_data(&files.map(|file| file.display().to_string()).join("\n"));
            }
            // The key goes into a file and nowhere else.
            (Format::Json, files) => {
                let authority = &material.authority;
                print_data(
                    &json!({"schema": SCHEMA, "event": "trust", "authority": authority, "files": files}).to_string(),
                );
            }
        }
        Ok(Exit::Ok)
    }
}
