//! How registries and URLs are reached: certificates, proxies, patience.

use super::ChartError;
use oci_client::client::{Certificate, CertificateEncoding, ClientConfig, ClientProtocol};
use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Time for a connection to come about.
const CONNECT: Duration = Duration::from_secs(10);

/// Longest silence within an answer.
const SILENCE: Duration = Duration::from_secs(30);

/// Never asked for through a proxy.
const LOOPBACK: &str = "localhost,127.0.0.1,::1";

const USER_AGENT: &str = concat!("agw-sandbox/", env!("CARGO_PKG_VERSION"));

/// How registries and URLs are reached.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Proxy for `https://`.
    pub https_proxy: Option<String>,
    /// Proxy for `http://`.
    pub http_proxy: Option<String>,
    /// Hosts that are reached without a proxy, with commas between them; loopback never needs to be said.
    pub no_proxy: Option<String>,
    /// PEM certificates of authorities that are trusted beside those of the system.
    authorities: Vec<Vec<u8>>,
}

/// Says whether there are proxies, never their addresses: they may have credentials in them.
impl fmt::Debug for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (https, http) = (self.https_proxy.is_some(), self.http_proxy.is_some());
        write!(formatter, "Network(proxies: {https} {http}, authorities: {})", self.authorities.len())
    }
}

impl Network {
    /// From the usual variables: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in small letters too.
    pub fn from_env() -> Self {
        let said = |name: &str| {
            let found = env::var(name.to_ascii_lowercase()).ok().or_else(|| env::var(name).ok());
            found.filter(|value| !value.trim().is_empty())
        };
        let any = said("ALL_PROXY");
        Self {
            https_proxy: said("HTTPS_PROXY").or_else(|| any.clone()),
            http_proxy: said("HTTP_PROXY").or(any),
            no_proxy: said("NO_PROXY"),
            authorities: Vec::new(),
        }
    }

    /// Trusts the authorities in PEM files too. CHART-17 for a file that cannot be read, CHART-14 for one without
    /// certificates.
    pub fn trusting(mut self, files: &[PathBuf]) -> Result<Self, ChartError> {
        for file in files {
            let found = certificates_in(file)?;
            if found.is_empty() {
                return Err(ChartError::NoClient { why: format!("no certificate is in {}", file.display()) });
            }
            self.authorities.extend(found);
        }
        Ok(self)
    }

    fn without_proxy(&self) -> String {
        self.no_proxy.as_ref().map_or_else(|| LOOPBACK.to_owned(), |hosts| format!("{hosts},{LOOPBACK}"))
    }

    /// A client for URLs.
    pub(super) fn http(&self) -> Result<reqwest::Client, ChartError> {
        let no_client = |error: reqwest::Error| ChartError::NoClient { why: chain(&error) };
        let mut builder =
            reqwest::Client::builder().connect_timeout(CONNECT).read_timeout(SILENCE).user_agent(USER_AGENT);
        let beside = || reqwest::NoProxy::from_string(&self.without_proxy());
        if let Some(proxy) = &self.https_proxy {
            builder = builder.proxy(reqwest::Proxy::https(proxy).map_err(no_client)?.no_proxy(beside()));
        }
        if let Some(proxy) = &self.http_proxy {
            builder = builder.proxy(reqwest::Proxy::http(proxy).map_err(no_client)?.no_proxy(beside()));
        }
        let read = |pem: &Vec<u8>| reqwest::Certificate::from_pem(pem);
        let authorities = self.authorities.iter().map(read).collect::<Result<Vec<_>, _>>().map_err(no_client)?;
        builder.tls_certs_merge(authorities).build().map_err(no_client)
    }

    /// A client for registries. The library makes a default HTTP client on the way, which panics where none can be
    /// made; so that is tried first.
    pub(super) fn registry(&self, plain: bool) -> Result<oci_client::Client, ChartError> {
        let no_client = |why: String| ChartError::NoClient { why };
        reqwest::Client::builder().build().map_err(|error| no_client(chain(&error)))?;
        let certificate = |pem: &Vec<u8>| Certificate { encoding: CertificateEncoding::Pem, data: pem.clone() };
        let config = ClientConfig {
            protocol: if plain { ClientProtocol::Http } else { ClientProtocol::Https },
            extra_root_certificates: self.authorities.iter().map(certificate).collect(),
            connect_timeout: Some(CONNECT),
            read_timeout: Some(SILENCE),
            user_agent: USER_AGENT,
            https_proxy: self.https_proxy.clone(),
            http_proxy: self.http_proxy.clone(),
            no_proxy: Some(self.without_proxy()),
            ..ClientConfig::default()
        };
        oci_client::Client::try_from(config).map_err(|error| no_client(chain(&error)))
    }
}

/// Every certificate of a PEM file on its own.
fn certificates_in(file: &Path) -> Result<Vec<Vec<u8>>, ChartError> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    let text =
        std::fs::read_to_string(file).map_err(|source| ChartError::Unreadable { path: file.to_owned(), source })?;
    Ok(text.split(BEGIN).skip(1).map(|rest| format!("{BEGIN}{rest}").into_bytes()).collect())
}

/// An error and its causes in one line, without repeating itself.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !words.contains(&said) {
            words.push_str(": ");
            words.push_str(&said);
        }
        cause = inner.source();
    }
    words
}
