//! `agw-sandbox token verify`.

use super::super::mock::{AskError, admin_of};
use crate::{
    cli::{Exit, Failure},
    exchange::{TokenQuestion, TokenVerdict},
    report::{Format, SCHEMA, print_data},
    sandbox::SandboxName,
};
use serde_json::json;
use std::io;
use tokio::io::AsyncReadExt as _;

/// The longest token that is read, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Say what the identity provider thinks of a token, which comes from stdin.
#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    /// Who it should be for; left out: anybody.
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// The realm that should have made it; left out: the one at the root.
    #[arg(long, value_name = "NAME")]
    realm: Option<String>,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

/// There is nothing to check.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("the token cannot be read from stdin: {0}")]
#[diagnostic(code("MOCK-52"), help("Give it like this: agw-sandbox token | agw-sandbox token verify"))]
struct ReadError(#[from] io::Error);

impl Verify {
    /// Runs the command; a token that is not good ends it with the exit code of what is invalid.
    pub(super) async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        let question = TokenQuestion { token: read().await?, realm: self.realm, audience: self.audience };
        let verdict = admin_of(sandbox).await?.verify(&question).await.map_err(AskError::from)?;
        match self.output {
            Format::Human => print_data(&shown(&verdict)),
            Format::Json => {
                print_data(&json!({"schema": SCHEMA, "event": "token.verified", "verdict": verdict}).to_string());
            }
        }
        Ok(if verdict.good { Exit::Ok } else { Exit::Invalid })
    }
}

async fn read() -> Result<String, ReadError> {
    let mut text = String::new();
    tokio::io::stdin().take(LONGEST).read_to_string(&mut text).await?;
    match text.trim() {
        "" => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
        token => Ok(token.to_owned()),
    }
}

fn shown(verdict: &TokenVerdict) -> String {
    match &verdict.claims {
        Some(claims) if verdict.good => {
            let claims: Vec<String> = claims.iter().map(|(name, value)| format!("  {name}: {value}")).collect();
            format!("good\n{}", claims.join("\n"))
        }
        _ => format!("bad: {}", verdict.why.as_deref().unwrap_or("for no reason that is known")),
    }
}
