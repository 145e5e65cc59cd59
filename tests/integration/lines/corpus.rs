//! Everything that is rendered for a line.

use crate::canonical::{EVERYTHING, GATEWAY, context_of};
use agw_sandbox::canonical::{CanonicalError, GatewaySpec, Wiring, render, render_gateway};
use agw_sandbox::scenario::Catalogue;
use serde_json::Value;

/// A wiring that every line can say.
const COMMON: &str = r#"
backends:
  vendor: {llm: anthropic, key: {fake: sk-demo}}
  gemini: {llm: gemini, mock: {}, model: gemini-2.5-flash}
  open: {llm: openai, at: "llm.test:80", pathPrefix: none}
  local: {llm: ollama, model: "qwen3:0.6b", at: "host.internal:11434"}
  tools: {mcp: {toolbox: {mock: toolbox}, mine: {at: "host.internal:3000/tools"}}}
  web: {http: "web.test:8080"}
routes:
  - {path: /shared, to: {vendor: 80, gemini: 20}, headers: [{name: x-llm, value: shared}], hosts: [a.test]}
  - {path: /open, exact: true, to: open}
  - {path: /local, to: local}
  - {path: /mcp, to: tools}
  - {path: /, to: web}
policies:
  - {on: {route: /local}, rateLimit: {requests: 2, per: 60s, burst: 1}, timeout: 1m30s}
  - {on: {gateway: {}}, cors: {allowOrigins: ["https://*.example.com"], allowMethods: [GET], allowCredentials: true, maxAge: 100}}
"#;

/// What one source is rendered to.
pub type Rendering = Result<Vec<Value>, CanonicalError>;

/// All sources with what they are rendered to for a line, or why they are not.
pub fn renderings(line: &str) -> Vec<(String, Rendering)> {
    let catalogue = Catalogue::built_in().unwrap();
    let scenarios = catalogue.all().iter().map(|scenario| {
        let mut objects = of_wiring(line, &scenario.given.wiring());
        for gateway in &scenario.given.gateways {
            objects = objects.and_then(|objects| Ok([objects, of_gateway(line, gateway)?].concat()));
        }
        (scenario.id.clone(), objects)
    });
    let own = ["quickstart", "common", "everything", "gateway", "node port", "gateway with logging"];
    own.into_iter().map(|source| (source.to_owned(), rendered(line, source))).chain(scenarios).collect()
}

/// What one of our own sources is rendered to.
pub fn rendered(line: &str, source: &str) -> Rendering {
    let gateway = match source {
        "quickstart" => return of_wiring(line, &quickstart()),
        "common" => return of_wiring(line, &serde_yaml::from_str(COMMON).unwrap()),
        "everything" => return of_wiring(line, &serde_yaml::from_str(EVERYTHING).unwrap()),
        "gateway" => "{name: bare, listeners: [{port: 80}]}",
        "node port" => "{name: edge, listeners: [{port: 80}, {port: 81}], nodePort: 30080, logging: {level: debug}}",
        _ => GATEWAY,
    };
    of_gateway(line, &serde_yaml::from_str(gateway).unwrap())
}

fn of_wiring(line: &str, wiring: &Wiring) -> Rendering {
    Ok(render(wiring, &context_of(line))?.objects)
}

fn of_gateway(line: &str, gateway: &GatewaySpec) -> Rendering {
    render_gateway(gateway, line, "demo")
}

fn quickstart() -> Wiring {
    let text = include_str!("../../../profiles/quickstart.yaml");
    let profile: Value = serde_yaml::from_str(text).unwrap();
    let part = |name: &str| profile[name].clone();
    serde_json::from_value(serde_json::json!({"backends": part("backends"), "routes": part("routes")})).unwrap()
}
