//! The client of the mocks' admin API: what a lane's mocks received, and how they behave.

use super::{
    Behaviour, Exchange, Lane, MintedToken, Reached, Span, Telemetry, TokenQuestion, TokenVerdict, TokenWish,
    TrustMaterial,
};
use reqwest::{Method, RequestBuilder, Url};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long one call may take beyond the time that it was asked to wait.
const CALL_DEADLINE: Duration = Duration::from_secs(10);

/// The admin API of running mocks.
#[derive(Clone)]
pub struct MockAdmin {
    base: Url,
    token: Option<String>,
    http: reqwest::Client,
}

/// What the recorder holds of one lane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// The exchanges in the order of arrival.
    pub exchanges: Vec<Exchange>,
    /// How many older exchanges of this lane were forgotten to keep memory bounded.
    pub dropped: u64,
}

/// All mocks, as far as their names and URLs go.
#[derive(Deserialize)]
struct Listed {
    mocks: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    name: String,
    base_url: String,
}

/// The ids of new keys.
#[derive(Deserialize)]
struct Rotated {
    keys: Vec<String>,
}

/// Why a call to the mocks' admin API failed.
#[derive(Debug, thiserror::Error)]
pub enum MockAdminError {
    /// The base URL cannot be called.
    #[error("`{0}` is not a URL at which mocks can be administered.")]
    Address(String),
    /// No answer, or one that is not what the API promises.
    #[error("The admin API of the mocks did not answer as it should: {0}.")]
    Call(#[from] reqwest::Error),
    /// The API refused the call.
    #[error("The admin API of the mocks answered {status}: {message}")]
    Refused {
        /// HTTP status of the refusal.
        status: u16,
        /// What the API said.
        message: String,
    },
}

impl MockAdmin {
    /// A client for the API under `base_url`; the token, if any, is sent as `Authorization: Bearer`. The process has to
    /// have installed its provider of cryptography before.
    pub fn new(base_url: &str, token: Option<String>) -> Result<Self, MockAdminError> {
        let base = Url::parse(base_url).map_err(|_| MockAdminError::Address(base_url.to_owned()))?;
        if base.cannot_be_a_base() {
            return Err(MockAdminError::Address(base_url.to_owned()));
        }
        let http = reqwest::Client::builder().tls_certs_only([]).no_proxy().build()?;
        Ok(Self { base, token, http })
    }

    /// All exchanges of a lane with one mock, in the order of arrival.
    pub async fn exchanges(&self, lane: &Lane, mock: &str) -> Result<Vec<Exchange>, MockAdminError> {
        Ok(self.recorded(lane, mock, 0, Duration::ZERO).await?.exchanges)
    }

    /// Waits until `count` exchanges of a lane with one mock have ended, or the time is over; then all that there are.
    pub async fn wait_for(
        &self,
        lane: &Lane,
        mock: &str,
        count: usize,
        timeout: Duration,
    ) -> Result<Vec<Exchange>, MockAdminError> {
        Ok(self.recorded(lane, mock, count, timeout).await?.exchanges)
    }

    /// As [`Self::wait_for`], with the number of exchanges that were dropped.
    pub async fn recorded(
        &self,
        lane: &Lane,
        mock: &str,
        count: usize,
        timeout: Duration,
    ) -> Result<Recorded, MockAdminError> {
        let mut url = self.url(&["lanes", lane.as_str(), "exchanges"]);
        url.query_pairs_mut()
            .append_pair("mock", mock)
            .append_pair("wait", &count.to_string())
            .append_pair("timeout_ms", &timeout.as_millis().to_string());
        let answer = self.send(self.http.request(Method::GET, url).timeout(timeout + CALL_DEADLINE)).await?;
        Ok(answer.json().await?)
    }

    /// All exchanges of a lane, or of all lanes, with one mock or with all, in the order of arrival.
    pub async fn all(&self, lane: Option<&Lane>, mock: Option<&str>) -> Result<Recorded, MockAdminError> {
        let mut url = match lane {
            Some(lane) => self.url(&["lanes", lane.as_str(), "exchanges"]),
            None => self.url(&["exchanges"]),
        };
        if let Some(mock) = mock {
            url.query_pairs_mut().append_pair("mock", mock);
        }
        let answer = self.send(self.http.request(Method::GET, url).timeout(CALL_DEADLINE)).await?;
        Ok(answer.json().await?)
    }

    /// From the next request on, the mock behaves like this in the lane.
    pub async fn behave(&self, lane: &Lane, mock: &str, behaviour: &Behaviour) -> Result<(), MockAdminError> {
        let url = self.url(&["lanes", lane.as_str(), "behaviour", mock]);
        self.send(self.http.request(Method::PUT, url).json(behaviour).timeout(CALL_DEADLINE)).await?;
        Ok(())
    }

    /// Whether a host and port can be reached from where the mocks run.
    pub async fn reach(&self, host: &str, port: u16) -> Result<Reached, MockAdminError> {
        let url = self.url(&["reach", host, &port.to_string()]);
        let answer = self.send(self.http.request(Method::GET, url).timeout(CALL_DEADLINE)).await?;
        Ok(answer.json().await?)
    }

    /// The spans that the OTLP sink received: of a lane or of all, of a trace or of all, behind this place in the order of
    /// arrival. While there are none, the answer waits for them, but no longer than `wait`.
    pub async fn spans(
        &self,
        lane: Option<&Lane>,
        trace: Option<&str>,
        after: u64,
        wait: Duration,
    ) -> Result<Telemetry<Span>, MockAdminError> {
        let mut url = self.url(&["mock", "otlp", "traces"]);
        url.query_pairs_mut()
            .append_pair("after", &after.to_string())
            .append_pair("wait_ms", &wait.as_millis().to_string())
            .extend_pairs(lane.map(|lane| ("lane", lane.as_str())))
            .extend_pairs(trace.map(|trace| ("trace", trace)));
        let answer = self.send(self.http.request(Method::GET, url).timeout(wait + CALL_DEADLINE)).await?;
        Ok(answer.json().await?)
    }

    /// The URL that clients of a mock take, by its name.
    pub async fn urls(&self) -> Result<BTreeMap<String, String>, MockAdminError> {
        let url = self.url(&["mocks"]);
        let answer = self.send(self.http.request(Method::GET, url).timeout(CALL_DEADLINE)).await?;
        let listed: Listed = answer.json().await?;
        Ok(listed.mocks.into_iter().map(|mock| (mock.name, mock.base_url)).collect())
    }

    /// Forgets the lane: its behaviour and its exchanges.
    pub async fn forget(&self, lane: &Lane) -> Result<(), MockAdminError> {
        let url = self.url(&["lanes", lane.as_str()]);
        self.send(self.http.request(Method::DELETE, url).timeout(CALL_DEADLINE)).await?;
        Ok(())
    }

    /// A token as it is wished, by the mocks' identity provider.
    pub async fn mint(&self, wish: &TokenWish) -> Result<MintedToken, MockAdminError> {
        self.control("identity", "tokens", wish).await
    }

    /// What the mocks' identity provider thinks of a token.
    pub async fn verify(&self, question: &TokenQuestion) -> Result<TokenVerdict, MockAdminError> {
        self.control("identity", "verify", question).await
    }

    /// From now on a realm of the mocks' identity provider, or the first one, signs with other keys, whose ids are
    /// returned.
    pub async fn rotate(&self, realm: Option<&str>) -> Result<Vec<String>, MockAdminError> {
        let rotated: Rotated = self.control("identity", "rotate", &serde_json::json!({ "realm": realm })).await?;
        Ok(rotated.keys)
    }

    /// What clients need to talk to the mocks over TLS.
    pub async fn trust(&self) -> Result<TrustMaterial, MockAdminError> {
        let request = self.http.request(Method::GET, self.url(&["trust"])).timeout(CALL_DEADLINE);
        Ok(self.send(request).await?.json().await?)
    }

    /// Calls what one mock does beyond what all of them do.
    async fn control<T: DeserializeOwned>(
        &self,
        mock: &str,
        what: &str,
        body: &impl Serialize,
    ) -> Result<T, MockAdminError> {
        let request = self.http.request(Method::POST, self.url(&["mock", mock, what])).json(body);
        Ok(self.send(request.timeout(CALL_DEADLINE)).await?.json().await?)
    }

    fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        // `new` made sure that the base has a path; only a URL without one answers `Err` here.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    async fn send(&self, request: RequestBuilder) -> Result<reqwest::Response, MockAdminError> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let answer = request.send().await?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status().as_u16();
        Err(MockAdminError::Refused { status, message: answer.text().await.unwrap_or_default() })
    }
}

impl std::fmt::Debug for MockAdmin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let token = self.token.as_deref().map(super::token_of);
        formatter.debug_struct("MockAdmin").field("base", &self.base.as_str()).field("token", &token).finish()
    }
}
