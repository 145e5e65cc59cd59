//! `agw-sandbox mock call ext-authz`.

use super::pair::header;
use super::target::{CallError, Target};
use crate::cli::{Exit, Failure};
use crate::mock::shown_check;
use crate::report::print_data;
use crate::sandbox::SandboxName;
use envoy_types::pb::envoy::service::auth::v3::attribute_context::{HttpRequest, Request};
use envoy_types::pb::envoy::service::auth::v3::authorization_client::AuthorizationClient;
use envoy_types::pb::envoy::service::auth::v3::{AttributeContext, CheckRequest};

/// The request that is asked about.
#[derive(Debug, clap::Args)]
pub(super) struct ExtAuthz {
    #[command(flatten)]
    target: Target,
    /// Its method.
    #[arg(long, value_name = "METHOD", default_value = "GET")]
    method: String,
    /// Its path.
    #[arg(long, value_name = "PATH", default_value = "/")]
    path: String,
    /// A header of it; may be repeated.
    #[arg(long, short = 'H', value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(String, String)>,
    /// Its body.
    #[arg(long, value_name = "TEXT", default_value = "")]
    body: String,
}

impl ExtAuthz {
    pub(super) async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        let mut client = AuthorizationClient::new(self.target.connect(sandbox, "ext-authz").await?);
        let http = HttpRequest {
            method: self.method,
            path: self.path,
            headers: self.header.into_iter().collect(),
            host: "demo.test".to_owned(),
            scheme: "http".to_owned(),
            protocol: "HTTP/1.1".to_owned(),
            size: self.body.len() as i64,
            body: self.body,
            ..HttpRequest::default()
        };
        let request = Request { http: Some(http), ..Request::default() };
        let attributes = AttributeContext { request: Some(request), ..AttributeContext::default() };
        let request = self.target.request(CheckRequest { attributes: Some(attributes) });
        let answer = client.check(request).await.map_err(CallError::from)?.into_inner();
        print_data(&shown_check(&answer).to_string());
        Ok(Exit::Ok)
    }
}
