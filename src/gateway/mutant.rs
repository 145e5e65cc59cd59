//! Named ways in which the reference gateway can be told to misbehave, so that every scenario can be shown able to fail.

use std::{fmt, str::FromStr};

macro_rules! mutants {
    ($($(#[doc = $doc:expr])+ $variant:ident = $name:literal),+ $(,)?) => {
        /// One way to misbehave.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Mutant { $($(#[doc = $doc])+ $variant),+ }

        impl Mutant {
            /// All of them, in the order of their scenarios.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name that people type.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What it does wrong, in words.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

mutants! {
    /// The GatewayClass is never accepted (INS-02).
    ClassNotAccepted = "class-not-accepted",
    /// A listener counts one attached route too many (INS-03, INS-04).
    AttachedRoutesOffByOne = "attached-routes-off-by-one",
    /// A good HTTPRoute gets no ResolvedRefs condition (INS-05).
    RouteConditionMissing = "route-condition-missing",
    /// A backend whose Secret lacks the key is reported as accepted (INS-06).
    MissingKeyAccepted = "missing-key-accepted",
    /// A missing backend is reported as resolved (INS-07).
    MissingBackendResolved = "missing-backend-resolved",
    /// References cross namespaces without a ReferenceGrant (INS-08).
    GrantNotNeeded = "grant-not-needed",
    /// The API takes objects without looking at their schema (INS-11, INS-12).
    SchemaIgnored = "schema-ignored",
    /// An Exact path matches like a prefix of characters (RTE-01).
    ExactAsPrefix = "exact-as-prefix",
    /// Header matches always hold (RTE-02).
    HeaderMatchIgnored = "header-match-ignored",
    /// A request for a host that no listener has is answered by the route with the longest path (RTE-04).
    UnknownHostServed = "unknown-host-served",
    /// URLRewrite is not done (RTE-06).
    RewriteIgnored = "rewrite-ignored",
    /// A client's path loses its route prefix although nobody asked (RTE-07).
    PrefixStripped = "prefix-stripped",
    /// A redirect loses the query (RTE-08).
    RedirectQueryLost = "redirect-query-lost",
    /// Header filters change nothing (RTE-09).
    HeaderFilterIgnored = "header-filter-ignored",
    /// A direct response asks the backend all the same (RTE-10).
    DirectResponseSkipped = "direct-response-skipped",
    /// A circle of routes is answered like no route (RTE-12).
    RouteCycleHidden = "route-cycle-hidden",
    /// Internal models are for everybody (RTE-13).
    InternalModelServed = "internal-model-served",
    /// What is wrong with a request for a model is said as for any route (RTE-15, OPS-404).
    ModelErrorPlain = "model-error-plain",
    /// The client's own credential goes upstream (OAI-01, GEM-01).
    CredentialLeaked = "credential-leaked",
    /// The last event of a stream is lost (OAI-02, GEM-02).
    StreamEndLost = "stream-end-lost",
    /// An upstream error becomes a 200 (OAI-06).
    ErrorSwallowed = "error-swallowed",
    /// Streams from providers are not asked what they cost (OAI-02).
    UsageNotAsked = "usage-not-asked",
    /// Of several calls of tools only the first one is told (OAI-04).
    ToolCallsCut = "tool-calls-cut",
    /// Tools lose the schemas of their parameters on the way to the provider (ANT-06).
    ToolSchemaLost = "tool-schema-lost",
    /// In streams the arguments of calls are lost (OAI-05).
    ToolFragmentsLost = "tool-fragments-lost",
    /// The header `retry-after` of a provider is lost (ANT-09).
    RetryAfterLost = "retry-after-lost",
    /// The first vector of an answer is one number short (OAI-08).
    EmbeddingCut = "embedding-cut",
    /// Tokens are to be counted by a provider that does not count (OAI-10).
    CountForwarded = "count-forwarded",
    /// A count of tokens is one too high (ANT-12).
    TokenCountOffByOne = "token-count-off-by-one",
    /// Why an answer ended is always that all was said (OAI-11).
    StopReasonLost = "stop-reason-lost",
    /// In translated streams nobody tells why the answer ended
    /// (OAI-12, OAI-13, ANT-05, ANT-07, BDR-02, BDR-04, BDR-09, VTX-02, VTX-07).
    FinishReasonLost = "finish-reason-lost",
    /// A translated stream ends without `[DONE]` (VTX-02).
    DoneLost = "done-lost",
    /// An error in the middle of a stream is lost (OAI-14, ANT-11, BDR-06).
    ErrorEventHidden = "error-event-hidden",
    /// Events are written anew, with other line ends and without comments (OAI-15).
    StreamRewritten = "stream-rewritten",
    /// A stream that is cut ends as though it were whole (OAI-16).
    CutHidden = "cut-hidden",
    /// The provider's stream is read to its end although the client left (OAI-17).
    LeaverNotNoticed = "leaver-not-noticed",
    /// A stream is sent when all of it is there (OAI-18).
    StreamBuffered = "stream-buffered",
    /// Anthropic's key goes upstream a second time, as Authorization (ANT-01).
    ProviderKeyTwice = "provider-key-twice",
    /// The system prompt does not reach providers that have a field for it (ANT-03).
    SystemPromptLost = "system-prompt-lost",
    /// Statuses that few use, 404 and 529, become 500 (ANT-10).
    RareStatusFlattened = "rare-status-flattened",
    /// An error that is no JSON is passed on as it is (GEM-05).
    HtmlErrorPassed = "html-error-passed",
    /// The longest answer is asked for in the old word (AZ-01).
    MaxTokensKept = "max-tokens-kept",
    /// What an error of a provider says is lost in its translation (GEM-04, BDR-05, OLL-02).
    ErrorMessageLost = "error-message-lost",
    /// Tokens of a cache are not told (ANT-13).
    CachedTokensLost = "cached-tokens-lost",
    /// A request that nobody translates is sent as it is (ANT-15).
    UnsupportedSent = "unsupported-sent",
    /// A part of the path is lost on the way to Vertex AI
    /// (VTX-01, VTX-02, VTX-03, VTX-05, VTX-06, VTX-07, VTX-08, VTX-09).
    VertexPathShort = "vertex-path-short",
    /// A part of the path is lost on the way to Azure (AZ-02, AZ-06).
    AzurePathShort = "azure-path-short",
    /// Claude on Vertex AI does not get its version (VTX-06).
    VertexVersionLost = "vertex-version-lost",
    /// A key goes upstream as Authorization although its location is another (AZ-04).
    KeyLocationIgnored = "key-location-ignored",
    /// Requests to AWS lose a part of their signature (BDR-01, BDR-02, BDR-03, BDR-04, BDR-06, BDR-07, BDR-09, BDR-10).
    SignatureLost = "signature-lost",
    /// The model of the backend does not replace the client's (OLL-01).
    ModelOverrideIgnored = "model-override-ignored",
    /// Each answer is said to have cost one token more (OBS-01).
    TokensMiscounted = "tokens-miscounted",
    /// An MCP answer comes without its session id (MCP-01).
    McpSessionLost = "mcp-session-lost",
    /// Requests reach the server without the `_meta` that the gateway adds (MCP-01).
    McpMetaMissing = "mcp-meta-missing",
    /// A notification is answered 200 (MCP-02).
    McpNotificationAnswered = "mcp-notification-answered",
    /// The cursor of a paged list does not reach the server (MCP-03).
    McpCursorLost = "mcp-cursor-lost",
    /// Parts of a tool's answer but the first are lost (MCP-04).
    McpContentCut = "mcp-content-cut",
    /// Names of several servers come without the server's (MCP-06).
    McpPrefixLost = "mcp-prefix-lost",
    /// A call that names no server goes to the first one (MCP-07).
    McpUnprefixedServed = "mcp-unprefixed-served",
    /// A client's answer to a server is accepted, and goes nowhere (MCP-13).
    McpReplyDropped = "mcp-reply-dropped",
    /// The end of a session does not reach the server (MCP-14).
    McpSessionKept = "mcp-session-kept",
    /// Any text passes for a session id (MCP-15).
    McpSessionUnchecked = "mcp-session-unchecked",
    /// What a client accepts and sends does not matter (MCP-17).
    McpFormUnchecked = "mcp-form-unchecked",
    /// Every version of the protocol passes (MCP-18).
    McpVersionUnchecked = "mcp-version-unchecked",
    /// Methods that nobody knows reach the server (MCP-20).
    McpMethodUnchecked = "mcp-method-unchecked",
    /// Rules about tools keep nobody from them (MCP-21).
    McpRuleIgnored = "mcp-rule-ignored",
    /// A client of MCP without a token passes (MCP-22).
    McpLoginSkipped = "mcp-login-skipped",
    /// A server that is down seems to have answered with nothing (MCP-28).
    McpDownHidden = "mcp-down-hidden",
    /// Whoever has no API key, or a wrong one, passes (OPS-401).
    ApiKeyIgnored = "api-key-ignored",
    /// A client's API key reaches the backend (POL-01).
    ApiKeyForwarded = "api-key-forwarded",
    /// A token's expiry is not looked at (POL-04).
    ExpiryIgnored = "expiry-ignored",
    /// A client's token reaches the backend (POL-03).
    TokenForwarded = "token-forwarded",
    /// Rules about who gets through are not asked (POL-07, OPS-403b).
    AuthorizationIgnored = "authorization-ignored",
    /// A preflight is answered without CORS headers (POL-08).
    PreflightBare = "preflight-bare",
    /// A rate limit lets one request too many pass (POL-10).
    LimitOffByOne = "limit-off-by-one",
    /// Tokens of an answer are not counted (POL-12, OPS-429).
    TokensNotCharged = "tokens-not-charged",
    /// Prompt guards are not asked about requests (POL-14, OPS-403a).
    GuardIgnored = "guard-ignored",
    /// What a prompt guard hides reaches the model (POL-15).
    MaskIgnored = "mask-ignored",
    /// Bodies may be as large as they like where a policy limits them (POL-18, OPS-413).
    BufferIgnored = "buffer-ignored",
    /// Bodies for models may be as large as they like (POL-19).
    LargeBodyAccepted = "large-body-accepted",
    /// Timeouts do not end anything (POL-20, NEG-09).
    TimeoutIgnored = "timeout-ignored",
    /// Nothing is called a second time (POL-21).
    RetryIgnored = "retry-ignored",
    /// A provider that fails is asked again and again (POL-22).
    EvictionIgnored = "eviction-ignored",
    /// Requests of foreign pages pass (POL-26).
    CsrfIgnored = "csrf-ignored",
    /// Requests are not counted in the metrics (OBS-02).
    RequestsNotCounted = "requests-not-counted",
    /// The access log does not say why a request failed (OBS-07).
    ReasonNotLogged = "reason-not-logged",
    /// A stream that breaks off is logged as a failure (OBS-13).
    BrokenStreamLogged = "broken-stream-logged",
    /// Size and limits come before the question who asks (OPS-ORD1).
    GateOrderChanged = "gate-order-changed",
    /// Tokens are counted before the guard is asked (OPS-ORD2).
    BudgetBeforeGuard = "budget-before-guard",
    /// A new key is not known (OPS-CONV).
    NewKeyUnknown = "new-key-unknown",
    /// A backend that cannot be reached is answered 502 in other words (NEG-01, NEG-02, OLL-05, OPS-503).
    RefusalReworded = "refusal-reworded",
    /// A request that is no LLM request is answered in other words (NEG-05).
    ClientMistakeReworded = "client-mistake-reworded",
    /// A request without a route is answered 200 (NEG-04).
    NotFoundHidden = "not-found-hidden",
}

impl fmt::Display for Mutant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The name is not that of a mutant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no mutant `{0}`")]
pub struct NoSuchMutant(pub String);

impl FromStr for Mutant {
    type Err = NoSuchMutant;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|mutant| mutant.name() == name).ok_or_else(|| NoSuchMutant(name.to_owned()))
    }
}
