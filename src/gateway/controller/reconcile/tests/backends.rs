//! AgentgatewayBackends and their credentials.

use super::*;
use crate::gateway::table::{BackendAuth, UpstreamPath};
use std::time::Duration;

#[test]
fn backends_that_are_wrong_fault_without_harming_their_route() {
    let backend = |spec: &str| {
        format!(
            "---\napiVersion: agentgateway.dev/v1alpha1\nkind: AgentgatewayBackend\nmetadata: {{name: llm, namespace: ns}}\nspec: {spec}\n---\n{{apiVersion: v1, kind: Secret, metadata: {{name: empty, namespace: ns}}}}\n"
        )
    };
    let ai = |auth: &str| {
        format!("{{ai: {{provider: {{openai: {{}}}}}}, policies: {{auth: {{secretRef: {{name: {auth}}}}}}}}}")
    };
    let mcp = "{mcp: {targets: [{name: one, static: {backendRef: {name: nope}, port: 80}}]}}".to_owned();
    let ignorance = "the reference gateway does not implement";
    let cases = [
        (ai("nope"), "secret ns/nope not found".to_owned()),
        (ai("empty"), "secret ns/empty missing Authorization value".to_owned()),
        (mcp, "mcp backendRef service ns/nope not found".to_owned()),
        ("{ai: {provider: {custom: {}}}}".to_owned(), format!("{ignorance} ai.provider.custom")),
        ("{dynamicForwardProxy: {}}".to_owned(), format!("{ignorance} dynamicForwardProxy")),
        (
            "{ai: {provider: {openai: {}}}, policies: {mcp: {guardrails: {}}}}".to_owned(),
            format!("{ignorance} policies.mcp.guardrails"),
        ),
    ];
    for (spec, problem) in cases {
        let case = cluster(&(backend(&spec) + &route("r", &to(TO_LLM))));
        let status = told(&case.status(Kind::Backend, "llm")["conditions"]);
        assert_eq!(status, [format!("Accepted=False TranslationError failed to translate backend: {problem}")]);
        assert_eq!(case.route(), GOOD_ROUTE);
        assert_eq!(case.backend(), Backend::Faulty(BackendFault::ServiceNotFound));
    }
}

#[test]
fn a_field_that_only_shapes_traffic_is_left_out_and_told() {
    let backend = "---\n{apiVersion: agentgateway.dev/v1alpha1, kind: AgentgatewayBackend, metadata: {name: llm, namespace: ns}, spec: {ai: {provider: {openai: {}}}, policies: {ai: {promptCaching: {}}}}}\n";
    let case = cluster(&(backend.to_owned() + &route("r", &to(TO_LLM))));
    let accepted = "Accepted=True Accepted Backend successfully accepted; the reference gateway does not implement policies.ai.promptCaching";
    assert_eq!(told(&case.status(Kind::Backend, "llm")["conditions"]), [accepted]);
    assert!(matches!(case.backend(), Backend::Llm(_)));
    assert_eq!(case.desired().warnings.len(), 1);
}

#[test]
fn credentials_come_from_secrets_and_inline_ones_win() {
    let backend = "---\n{apiVersion: v1, kind: Secret, metadata: {name: key, namespace: ns}, data: {Authorization: QmVhcmVyIHNrLTE=}}\n---\n{apiVersion: agentgateway.dev/v1alpha1, kind: AgentgatewayBackend, metadata: {name: llm, namespace: ns}, spec: {ai: {provider: {openai: {}, host: h, port: 1}}, policies: {auth: {secretRef: {name: key}}}}}\n";
    let other = policy("p", "HTTPRoute", "r", "backend: {auth: {key: sk-route}}");
    let Backend::Llm(llm) = cluster(&(backend.to_owned() + &route("r", &to(TO_LLM)) + &other)).backend() else {
        panic!("not an LLM");
    };
    assert_eq!(llm.auth, Some(BackendAuth::Key("sk-1".to_owned())));
    assert_eq!(llm.path, UpstreamPath::Client);
}

#[test]
fn without_an_inline_credential_the_route_wins_over_backend_and_gateway() {
    let policies = [
        policy("a", "Gateway", "gw", "backend: {auth: {key: sk-gateway}}"),
        policy("b", "AgentgatewayBackend", "llm", "backend: {auth: {key: sk-backend}}"),
        policy("c", "HTTPRoute", "r", "backend: {auth: {key: sk-route}}"),
    ];
    for (count, expected) in [(1, "sk-gateway"), (2, "sk-backend"), (3, "sk-route")] {
        let case = cluster(&(route("r", &to(TO_LLM)) + &policies[..count].concat()));
        let Backend::Llm(llm) = case.backend() else { panic!("not an LLM") };
        assert_eq!(llm.auth, Some(BackendAuth::Key(expected.to_owned())));
    }
}

#[test]
fn mcp_targets_are_hosts_services_and_what_labels_find() {
    let backend = "---
{apiVersion: v1, kind: Service, metadata: {name: tools, namespace: ns, labels: {mcp: 'yes'}, annotations: {agentgateway.dev/mcp-path: /mcp3}}, spec: {ports: [{name: mcp, port: 8000, appProtocol: agentgateway.dev/mcp}, {name: http, port: 80}]}}
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: llm, namespace: ns}
spec:
  mcp:
    failureMode: FailClosed
    sessionRouting: Stateless
    targets:
    - {name: host, static: {host: mcp.test, port: 1, path: /x, policies: {auth: {key: sk-mcp}}}}
    - {name: service, static: {backendRef: {name: web}, port: 80}}
    - {name: found, selector: {services: {matchLabels: {mcp: 'yes'}}}}
";
    let case = cluster(&(backend.to_owned() + &route("r", &to(TO_LLM))));
    let Backend::Mcp(mcp) = case.backend() else { panic!("not MCP: {:?}", case.backend()) };
    let shown: Vec<_> = mcp
        .targets
        .iter()
        .map(|target| format!("{} {}:{}{}", target.name, target.authority.host, target.authority.port, target.path))
        .collect();
    let expected = [
        "host mcp.test:1/x",
        "service web.ns.svc.cluster.local:80/mcp",
        "tools-mcp tools.ns.svc.cluster.local:8000/mcp3",
    ];
    assert_eq!(shown, expected);
    assert!(mcp.stateless);
    assert_eq!(mcp.targets[0].auth, Some(BackendAuth::Key("sk-mcp".to_owned())));
    assert!(case.desired().warnings.is_empty());
}

#[test]
fn a_plain_server_keeps_its_time_limit_where_it_is_alone() {
    let backend = "---\n{apiVersion: agentgateway.dev/v1alpha1, kind: AgentgatewayBackend, metadata: {name: llm, namespace: ns}, spec: {static: {host: h, port: 1}, policies: {http: {requestTimeout: 2s}}}}\n";
    let alone = cluster(&(backend.to_owned() + &route("r", &to(TO_LLM))));
    assert_eq!(alone.rule().policies.backend_request_timeout, Some(Duration::from_secs(2)));
    let several = cluster(&(backend.to_owned() + &route("r", &to(&format!("{TO_LLM}, {TO_LLM}")))));
    assert!(several.route()[0].contains("does not implement http.requestTimeout"));
}
