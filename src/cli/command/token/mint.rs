//! Making a token.

use super::super::mock::{AskError, admin_of};
use crate::{
    cli::{Exit, Failure},
    exchange::{MintedToken, TokenAlgorithm, TokenFlaw, TokenWish},
    report::{Format, SCHEMA, print_data},
    sandbox::SandboxName,
};
use serde_json::{Value, json};
use std::time::Duration;

/// What the token says, and what is wrong with it.
#[derive(Debug, clap::Args)]
pub(super) struct Mint {
    /// Who it is about: `sub`.
    #[arg(long, value_name = "NAME")]
    sub: Option<String>,
    /// A claim. What reads as JSON is JSON, everything else is text: `team=x`, `admin=true`, `groups=["a","b"]`.
    #[arg(long = "claim", value_name = "NAME=VALUE", value_parser = claim)]
    claims: Vec<(String, Value)>,
    /// A claim that is left out.
    #[arg(long, value_name = "CLAIM")]
    without: Vec<String>,
    /// Who it is for: `aud`; several times for several [default: agw-sandbox].
    #[arg(long, value_name = "NAME")]
    audience: Vec<String>,
    /// Who says so: `iss` [default: that of the identity provider].
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// How long it is good [default: 1h].
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    ttl: Option<Duration>,
    /// How it is signed.
    #[arg(long, value_enum, default_value_t)]
    alg: Alg,
    /// The realm whose keys sign it; left out: the one at the root.
    #[arg(long, value_name = "NAME")]
    realm: Option<String>,
    #[command(flatten)]
    flaws: Flaws,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

/// How a token is signed.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Alg {
    #[default]
    #[value(name = "ES256")]
    Es256,
    #[value(name = "RS256")]
    Rs256,
}

/// What is wrong with a token on purpose.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Wrong on purpose")]
struct Flaws {
    /// It ended five minutes ago.
    #[arg(long, conflicts_with = "not_yet")]
    expired: bool,
    /// It begins in an hour.
    #[arg(long)]
    not_yet: bool,
    /// Somebody else says so.
    #[arg(long, conflicts_with = "issuer")]
    wrong_issuer: bool,
    /// It is for somebody else.
    #[arg(long, conflicts_with = "audience")]
    wrong_audience: bool,
    /// Signed with another key than the one it names.
    #[arg(long, conflicts_with_all = ["rotated", "alg_none"])]
    wrong_key: bool,
    /// Signed with the key before the last rotation.
    #[arg(long, conflicts_with = "alg_none")]
    rotated: bool,
    /// Not signed at all.
    #[arg(long)]
    alg_none: bool,
    /// It names no key.
    #[arg(long)]
    no_kid: bool,
}

impl Mint {
    /// Runs the command.
    pub(super) async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        let output = self.output;
        let minted = admin_of(sandbox).await?.mint(&self.wish()).await.map_err(AskError::from)?;
        match output {
            Format::Human => print_data(&minted.token),
            Format::Json => print_data(&written(&minted).to_string()),
        }
        Ok(Exit::Ok)
    }

    fn wish(self) -> TokenWish {
        TokenWish {
            realm: self.realm,
            subject: self.sub,
            audience: self.audience,
            issuer: self.issuer,
            ttl_seconds: self.ttl.map(|ttl| ttl.as_secs()),
            algorithm: Some(match self.alg {
                Alg::Es256 => TokenAlgorithm::Es256,
                Alg::Rs256 => TokenAlgorithm::Rs256,
            }),
            claims: self.claims.into_iter().collect(),
            without: self.without,
            flaws: self.flaws.wished(),
        }
    }
}

impl Flaws {
    fn wished(&self) -> Vec<TokenFlaw> {
        let all = [
            (self.expired, TokenFlaw::Expired),
            (self.not_yet, TokenFlaw::NotYet),
            (self.wrong_issuer, TokenFlaw::WrongIssuer),
            (self.wrong_audience, TokenFlaw::WrongAudience),
            (self.wrong_key, TokenFlaw::WrongKey),
            (self.rotated, TokenFlaw::Rotated),
            (self.alg_none, TokenFlaw::AlgNone),
            (self.no_kid, TokenFlaw::NoKid),
        ];
        all.into_iter().filter_map(|(is_wished, flaw)| is_wished.then_some(flaw)).collect()
    }
}

fn claim(text: &str) -> Result<(String, Value), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            Ok((name.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| Value::from(value))))
        }
        _ => Err("it is written NAME=VALUE".to_owned()),
    }
}

fn written(minted: &MintedToken) -> Value {
    let ends = minted.expires_at.and_then(|seconds| jiff::Timestamp::from_second(i64::try_from(seconds).ok()?).ok());
    json!({
        "schema": SCHEMA,
        "event": "token",
        "token": minted.token,
        "header": minted.header,
        "claims": minted.claims,
        "expiresAt": ends.map(|time| time.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_json_where_it_reads_so() {
        assert_eq!(claim("team=x").unwrap(), ("team".to_owned(), json!("x")));
        assert_eq!(claim("admin=true").unwrap().1, json!(true));
        assert_eq!(claim("groups=[\"a\"]").unwrap().1, json!(["a"]));
        assert_eq!(claim("url=http://a?b=c").unwrap().1, json!("http://a?b=c"));
        assert!(claim("team").is_err() && claim("=x").is_err());
    }
}
