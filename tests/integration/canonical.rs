//! The short form: what it renders to, and how its mistakes are told.

use agw_sandbox::canonical::{
    CanonicalError, GatewayRef, GatewaySpec, MockHosts, RenderContext, Rendered, Wiring, render, render_gateway,
};
use agw_sandbox::scenario::Catalogue;
use serde_json::{Value, json};

/// A wiring that uses everything the short form has.
pub const EVERYTHING: &str = r#"
backends:
  openai: {llm: openai, mock: {}, key: {fake: sk-demo}}
  claude: {llm: anthropic, key: {fromEnv: ANTHROPIC_API_KEY}}
  claude-mock: {llm: anthropic, mock: {}, model: claude-x}
  gemini: {llm: gemini, mock: {}}
  local: {llm: ollama, model: "qwen3:0.6b", at: "host.internal:11434", optional: true}
  plain: {llm: openai, mock: {}, pathPrefix: none}
  tools: {mcp: {toolbox: {mock: toolbox}, mine: {at: "host.internal:3000/tools"}}}
  web: {http: "web.test:8080"}
routes:
  - {path: /openai, to: openai}
  - {path: /anthropic, to: claude}
  - {path: /gemini, to: gemini, hosts: [gemini.test]}
  - {path: /ollama, to: local}
  - {path: /mcp, to: tools}
  - {path: /v1, to: openai, strip: false}
  - {path: /exact, exact: true, to: plain}
  - {path: /shared, to: {openai: 80, claude-mock: 20}, headers: [{name: x-llm, value: shared}]}
  - {path: /, to: web}
policies:
  - {on: {route: /openai}, apiKey: {team-a: {fake: sk-a}, team-b: {fromEnv: TEAM_B_KEY}}}
  - {on: {route: /v1}, rateLimit: {requests: 2, per: 60s, burst: 1}, timeout: 30s, backendTimeout: 100ms}
  - {on: {gateway: {}}, cors: {allowOrigins: ["https://*.example.com"], allowMethods: [GET, POST], maxAge: 100}}
  - {on: {backend: local}, backendTimeout: 5m}
"#;

/// Policies that not every line can say.
const POLICIES: &str = r#"
backends: {llm: {llm: openai, mock: {}}}
routes: [{path: /v1, to: llm}]
policies:
  - on: {route: /v1}
    jwt: {issuer: "https://idp.test", audiences: [gw], mock: identity}
    authorize: {require: ['jwt.sub == "alice"', 'request.method == "POST"']}
    csrf: {additionalOrigins: ["https://friend.test"]}
    largestBody: 1Ki
    retry: {attempts: 2, backoff: 20ms, codes: [503]}
    headers: {request: {set: {x-env: demo}, remove: [x-debug]}, response: {add: {x-seen: "yes"}}}
    rateLimit: {tokens: 50, per: 60s}
    promptGuard:
      streaming: true
      request: [{reject: {builtins: [Ssn]}, status: 422, message: no}]
      response: [{mask: {matches: ["out-[0-9]+"]}}]
"#;

pub const GATEWAY: &str = r#"
name: ai-gateway
listeners: [{port: 8080}, {port: 8081, hostname: "*.example.test"}]
logging: {level: info, format: json}
"#;

fn context() -> RenderContext {
    context_of("agentgateway-1.4")
}

/// Where and for whom the tests render.
pub fn context_of(line: &str) -> RenderContext {
    RenderContext {
        line: line.to_owned(),
        namespace: "demo".to_owned(),
        gateway: GatewayRef { namespace: "agentgateway-system".to_owned(), name: "ai-gateway".to_owned() },
        hosts: Vec::new(),
        mocks: MockHosts::in_namespace("agw-mocks"),
    }
}

fn rendered(wiring: &str) -> Result<Rendered, CanonicalError> {
    let wiring: Wiring = serde_yaml::from_str(wiring).unwrap();
    render(&wiring, &context())
}

/// Every object that the templates can give, one list a source: what checks them against CRDs begins here.
pub fn renderings() -> Vec<(&'static str, Vec<Value>)> {
    let gateway: GatewaySpec = serde_yaml::from_str(GATEWAY).unwrap();
    let bare: GatewaySpec = serde_yaml::from_str("{name: bare, listeners: [{port: 80}]}").unwrap();
    vec![
        ("everything", rendered(EVERYTHING).unwrap().objects),
        ("gateway with logging", render_gateway(&gateway, "agentgateway-1.4", "demo").unwrap()),
        ("gateway", render_gateway(&bare, "agentgateway-1.4", "demo").unwrap()),
    ]
}

/// Every object that the catalogue's scenarios are rendered to, and the manifests that they bring, one list a scenario.
pub fn renderings_of_the_catalogue() -> Vec<(String, Vec<Value>)> {
    let catalogue = Catalogue::built_in().unwrap();
    let rendered = catalogue.all().iter().map(|scenario| {
        let gateways = scenario.given.gateways.iter();
        let mut objects: Vec<Value> =
            gateways.flat_map(|gateway| render_gateway(gateway, "agentgateway-1.4", "demo").unwrap()).collect();
        objects.extend(render(&scenario.given.wiring(), &context()).unwrap().objects);
        objects.extend(scenario.given.manifests.iter().cloned());
        (scenario.id.clone(), objects)
    });
    rendered.collect()
}

#[test]
fn policies_become_what_the_resource_says() {
    let policy = rendered(POLICIES).unwrap().objects.pop().unwrap();
    let jwks = json!({"remote": {"jwksPath": "/jwks", "backendRef": {"name": "identity", "port": 80, "namespace": "agw-mocks"}}});
    let expected = json!({
        "jwtAuthentication": {
            "mode": "Strict",
            "providers": [{"issuer": "https://idp.test", "audiences": ["gw"], "jwks": jwks}],
        },
        "authorization": {
            "action": "Require",
            "policy": {"matchExpressions": ["jwt.sub == \"alice\"", "request.method == \"POST\""]},
        },
        "csrf": {"additionalOrigins": ["https://friend.test"]},
        "buffer": {"request": {"maxBytes": "1Ki"}},
        "retry": {"attempts": 2, "backoff": "20ms", "codes": [503]},
        "headerModifiers": {
            "request": {"set": [{"name": "x-env", "value": "demo"}], "remove": ["x-debug"]},
            "response": {"add": [{"name": "x-seen", "value": "yes"}]},
        },
        "rateLimit": {"local": [{"tokens": 50, "unit": "Minutes"}]},
    });
    assert_eq!(policy["spec"]["traffic"], expected);
    let guards = json!({"promptGuard": {
        "streaming": "Enabled",
        "request": [{"regex": {"action": "Reject", "builtins": ["Ssn"]}, "response": {"message": "no", "statusCode": 422}}],
        "response": [{"regex": {"action": "Mask", "matches": ["out-[0-9]+"]}}],
    }});
    assert_eq!(policy["spec"]["backend"]["ai"], guards);
}

#[test]
fn a_line_refuses_policies_that_it_cannot_say() {
    let wiring: Wiring = serde_yaml::from_str(POLICIES).unwrap();
    for (line, what) in
        [("kgateway-2.1", "`jwt`"), ("agentgateway-1.0", "`authorize.require`"), ("agentgateway-1.2", "`largestBody`")]
    {
        let error = render(&wiring, &context_of(line)).unwrap_err().to_string();
        assert!(error.contains(&format!("{line} cannot say {what}")), "{error}");
    }
    assert!(render(&wiring, &context_of("agentgateway-1.3")).is_ok());
}

fn as_yaml(objects: &[Value]) -> String {
    let documents: Vec<String> = objects.iter().map(|object| serde_yaml::to_string(object).unwrap()).collect();
    documents.join("---\n")
}

#[test]
fn renderings_are_the_shapes_that_traffic_proved() {
    for (name, objects) in renderings() {
        assert!(objects.iter().all(|object| object["metadata"]["namespace"] == "demo"), "{name}");
        insta::assert_snapshot!(name.replace(' ', "-"), as_yaml(&objects));
    }
}

#[test]
fn the_catalogue_keeps_to_kinds_that_a_release_has() {
    let known = [
        "Gateway",
        "AgentgatewayBackend",
        "HTTPRoute",
        "AgentgatewayPolicy",
        "AgentgatewayModel",
        "Service",
        "Namespace",
        "Secret",
        "ConfigMap",
        "ReferenceGrant",
    ];
    for (id, objects) in renderings_of_the_catalogue() {
        for object in objects {
            assert!(known.contains(&object["kind"].as_str().unwrap()), "{id}: {object}");
        }
    }
}

#[test]
fn values_of_secrets_are_in_no_object_and_names_meet() {
    let everything = rendered(EVERYTHING).unwrap();
    let text = as_yaml(&everything.objects);
    assert!(!text.contains("sk-"), "{text}");
    let secrets: Vec<&str> = everything.secrets.iter().map(|secret| secret.name.as_str()).collect();
    assert_eq!(secrets, ["openai-key", "claude-key", "openai-api-key-keys"]);
    assert!(secrets.iter().all(|secret| text.contains(&format!("name: {secret}"))));
    assert_eq!(everything.mocks, ["openai", "anthropic", "gemini", "toolbox"]);
}

#[test]
fn rendering_is_the_same_in_every_run() {
    assert_eq!(rendered(EVERYTHING).unwrap(), rendered(EVERYTHING).unwrap());
}

#[test]
fn mistakes_name_their_place_and_what_would_be_right() {
    let cases = [
        ("backends: {x: {}}"),
        ("backends: {x: {llm: openai, http: 'a:1'}}"),
        ("backends: {Big: {llm: openai}}"),
        ("backends: {x: {llm: openai, mock: {}, at: 'a:1'}}"),
        ("backends: {x: {llm: openai, pathPrefix: /v1}}"),
        ("backends: {x: {llm: ollama}}"),
        ("backends: {x: {llm: openai, at: 'http://a'}}"),
        ("backends: {x: {mcp: {web: {}}}}"),
        ("backends: {x: {http: 'a:1', model: m}}"),
        ("backends: {openai: {llm: openai}}\nroutes: [{path: /, to: opnai}]"),
        ("backends: {openai: {llm: openai}}\nroutes: [{to: openai}]"),
        ("backends: {openai: {llm: openai}}\nroutes: [{path: x, to: openai}]"),
        ("backends: {openai: {llm: openai}}\nroutes: [{path: /x, exact: true, strip: true, to: openai}]"),
        ("backends: {openai: {llm: openai}}\nroutes: [{path: /x, to: {openai: 0}}]"),
        ("backends: {a: {llm: openai, mock: {}}, b: {llm: openai, mock: {answer: hi}}}"),
        ("policies: [{on: {gateway: {}}}]"),
        ("policies: [{on: {route: /x}, timeout: 1s}]"),
        ("policies: [{on: {gateway: {}}, timeout: 50ms}]"),
        ("policies: [{on: {gateway: {}}, rateLimit: {requests: 2, per: 90s}}]"),
        ("backends: {x: {llm: openai}}\npolicies: [{on: {backend: x}, timeout: 1s}]"),
    ];
    let transcript: Vec<String> = cases
        .iter()
        .map(|wiring| {
            let error = rendered(wiring).unwrap_err();
            let help = error.mistake.help().map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{wiring}\n  {}: {error}{help}", error.mistake.code())
        })
        .collect();
    insta::assert_snapshot!("mistakes", transcript.join("\n"));
}
