//! CEL rules of upstream that the built-in definitions do without, or have in another form, because they speak of
//! fields that are lacking.

/// One rule of upstream.
#[derive(Debug)]
pub struct Exception {
    /// Where it stands.
    pub path: &'static str,
    /// Its message.
    pub message: &'static str,
    /// What stands there instead.
    pub instead: Option<&'static str>,
    /// Why.
    #[allow(dead_code, reason = "printed with `Debug`")]
    pub because: &'static str,
}

const fn gone(path: &'static str, message: &'static str, because: &'static str) -> Exception {
    Exception { path, message, instead: None, because }
}

const LOCATION: &str = "location may only be set for key, secretRef, or passthrough auth";
const NO_LOCATION: &str = "there is no `location`";
const ROLES: &str = "secretRef and assumeRole are mutually exclusive";
const NO_ROLES: &str = "there is no `assumeRole`";
const NO_FRONTEND: &str = "there is no `frontend`";
const NO_PORT: &str = "there is no `port`: it is for frontend policies only";
const NO_CONDITION: &str = "there is no `conditional`";
const NO_CUSTOM: &str = "there is no `custom`";

/// All of them.
pub const EXCEPTIONS: [Exception; 37] = [
    gone("spec", "azure must be set if and only if provider is Azure", "there is no `azure`"),
    gone("spec", "vertexai must be set if and only if provider is VertexAI", "there is no `vertexai`"),
    gone("spec", "bedrock must be set if and only if provider is Bedrock", "there is no `bedrock`"),
    gone("spec", "custom must be set if and only if provider is Custom", NO_CUSTOM),
    gone("spec.ai.provider", "custom providers must specify exactly one of backendRef or host and port", NO_CUSTOM),
    gone("spec.ai.provider", "path, pathPrefix, and custom format paths are mutually exclusive", NO_CUSTOM),
    gone(
        "spec.ai.groups.providers",
        "custom providers must specify exactly one of backendRef or host and port",
        NO_CUSTOM,
    ),
    gone("spec.ai.groups.providers", "path, pathPrefix, and custom format paths are mutually exclusive", NO_CUSTOM),
    Exception {
        path: "spec.static",
        message: "must specify either unixPath or both host and port",
        instead: Some("has(self.host) && has(self.port)"),
        because: "there is no `unixPath`",
    },
    gone("spec.static", "unixPath and host/port are mutually exclusive", "there is no `unixPath`"),
    gone("spec.policies.auth.aws", ROLES, NO_ROLES),
    gone("spec.mcp.targets.static.policies.auth.aws", ROLES, NO_ROLES),
    gone("spec.backend.auth", LOCATION, NO_LOCATION),
    gone(
        "spec.policies.tls",
        "insecureSkipVerify and verifySubjectAltNames may not be set together",
        "there is no `verifySubjectAltNames`",
    ),
    gone(
        "spec.policies.tls",
        "at most one of the fields in [verifySubjectAltNames insecureSkipVerify] may be set",
        "there is no `verifySubjectAltNames`",
    ),
    Exception {
        path: "spec",
        message: "strategy.inheritance may only be set on traffic policies",
        instead: Some(
            "!has(self.strategy) || !has(self.strategy.inheritance) || (has(self.traffic) && !has(self.backend))",
        ),
        because: NO_FRONTEND,
    },
    gone("spec", "backend.mcp may not be used with a Service target", "there is no `backend.mcp`"),
    gone("spec", "backend.mcp may not target an AgentgatewayBackend sectionName", "there is no `backend.mcp`"),
    gone(
        "spec",
        "traffic.jwtAuthentication may not be used with backend.mcp.authentication in the same policy",
        "there is neither of them",
    ),
    gone("spec", "the 'frontend' field can only target a Gateway", NO_FRONTEND),
    gone(
        "spec",
        "frontend tcp, networkAuthorization, tls, http, proxyProtocol, and connect policies may only target a Gateway or port, \
         not a listener (sectionName)",
        NO_FRONTEND,
    ),
    gone("spec", "port may only be set on frontend-only policies (not traffic or backend)", NO_PORT),
    gone("spec.targetRefs", "at most one of the fields in [sectionName port] may be set", NO_PORT),
    gone("spec.targetSelectors", "at most one of the fields in [sectionName port] may be set", NO_PORT),
    gone(
        "spec",
        "the 'traffic.phase=PreRouting' field can only target a Gateway or ListenerSet",
        "there is no `phase`",
    ),
    gone(
        "spec.traffic",
        "phase PreRouting only supports extAuth, authorization, transformation, extProc, jwtAuthentication, \
         basicAuthentication, apiKeyAuthentication and cors",
        "there is no `phase`",
    ),
    gone("spec.traffic.rateLimit", "conditional cannot be set with any other field", NO_CONDITION),
    gone("spec.traffic.extAuth", "conditional cannot be set with any other field", NO_CONDITION),
    gone("spec.traffic.extAuth", "backendRef: Required value", NO_CONDITION),
    gone("spec.traffic.extAuth", "forwardBody cannot be used with http.body", "there is no `http.body`"),
    gone("spec.traffic.extProc", "conditional cannot be set with any other field", NO_CONDITION),
    gone("spec.traffic.extProc", "backendRef: Required value", NO_CONDITION),
    gone("spec.traffic.transformation", "conditional cannot be set with any other field", NO_CONDITION),
    gone(
        "spec",
        "deployment overlays are only valid when workload.kind is Deployment or unset",
        "there is no `workload`: it is a Deployment",
    ),
    gone("spec", "daemonSet overlays are only valid when workload.kind is DaemonSet", "there is no `daemonSet`"),
    gone("spec", "horizontalPodAutoscaler is not valid when workload.kind is DaemonSet", "there is no `workload`"),
    Exception {
        path: "spec",
        message: "At least one of traffic, frontend, or backend must be provided.",
        instead: Some("has(self.traffic) || has(self.backend)"),
        because: NO_FRONTEND,
    },
];
