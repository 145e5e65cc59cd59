//! AgentgatewayPolicies: what they do and what is said of them.

use super::*;
use crate::gateway::table::{ApiKeySecret, Counted, Policies};
use std::time::Duration;

fn limit_of(policies: &Policies) -> crate::gateway::table::LocalRateLimit {
    policies.rate_limits.as_ref().unwrap()[0].clone()
}

/// Source: facts/controller.md 8.
#[test]
fn what_is_wrong_is_told_in_the_real_controllers_words() {
    let told = |sections: &str| {
        let case = cluster(&(route("r", &to(TO_LLM)) + &policy("p", "HTTPRoute", "r", sections)));
        case.policy().remove(0).1.join("; ").replace("Accepted=True PartiallyValid ", "")
    };
    let nope = "backendRef: {name: nope, port: 1}";
    let unable = |what: &str| format!("failed to build {what}: unable to find the Service ns/nope");
    assert_eq!(told(&format!("traffic: {{extAuth: {{{nope}, grpc: {{}}}}}}")), unable("extAuth"));
    assert_eq!(told(&format!("traffic: {{extProc: {{{nope}}}}}")), unable("extProc"));
    let global = format!("traffic: {{rateLimit: {{global: {{{nope}, domain: d, descriptors: []}}}}}}");
    assert_eq!(told(&global), unable("global rate limit"));
    let guard = format!("backend: {{ai: {{promptGuard: {{request: [{{webhook: {{{nope}}}}}]}}}}}}");
    assert_eq!(told(&guard), unable("webhook"));
    let jwks = "traffic: {jwtAuthentication: {providers: [{issuer: i, jwks: {remote: {jwksPath: /certs, backendRef: {name: web, port: 80}}}}]}}";
    let wanted = "jwks keyset for \"http://web.ns.svc.cluster.local:80/certs\" isn't available (not yet fetched or fetch failed)";
    assert_eq!(told(jwks), wanted);
    let rules = "traffic: {authorization: {policy: {matchExpressions: ['a b']}}}";
    assert_eq!(told(rules), "authorization matchExpression is not a valid CEL expression: a b");
    let header = "traffic: {transformation: {request: {set: [{name: x, value: 'a b'}]}}}";
    assert_eq!(told(header), "header value is not a valid CEL expression: a b");
    assert_eq!(told("traffic: {basicAuthentication: {secretRef: {name: nope}}}"), "secret ns/nope not found");
    for silent in [
        "backend: {ai: {promptGuard: {request: [{regex: {matches: ['(']}}]}}}",
        "traffic: {jwtAuthentication: {providers: [{issuer: i, jwks: {inline: 'no json'}}]}}",
    ] {
        assert_eq!(told(silent), "Accepted=True Valid Policy accepted; Attached=True Attached Attached to all targets");
    }
}

#[test]
fn a_second_local_limit_counts_from_one_dot_five() {
    let limits = "traffic: {rateLimit: {local: [{requests: 5, unit: Minutes}, {tokens: 1, burst: 2, unit: Hours}]}}";
    let mut case = cluster(&(route("r", &to(TO_LLM)) + &policy("p", "HTTPRoute", "r", limits)));
    assert_eq!(case.rule().policies.rate_limits.as_ref().unwrap().len(), 1);
    case.1.release = "1.5.0".to_owned();
    let limits = case.rule().policies.rate_limits.clone().unwrap();
    assert_eq!((limits.len(), limits[1].counts, limits[1].limit), (2, Counted::Tokens, 3));
}

#[test]
fn keys_that_were_fetched_are_good_keys() {
    let jwks = "traffic: {jwtAuthentication: {providers: [{issuer: i, jwks: {remote: {jwksPath: certs, backendRef: {name: web, port: 80}}}}]}}";
    let mut case = cluster(&(route("r", &to(TO_LLM)) + &policy("p", "HTTPRoute", "r", jwks)));
    let source = case.desired().key_sets.first().cloned().unwrap();
    assert_eq!(source.to_string(), "http://web.ns.svc.cluster.local:80/certs");
    case.0.key_sets.insert(source, r#"{"keys": []}"#.to_owned());
    assert!(case.policy()[0].1[0].contains("Accepted=True Valid"));
}

#[test]
fn policies_whose_target_is_missing() {
    let accepted = "Accepted=True Valid Policy accepted";
    let missing =
        |what: &str| vec![accepted.to_owned(), format!("Attached=False Pending Policy is not attached: {what}")];
    let traffic = "traffic: {timeouts: {request: 1s}}";
    for kind in ["HTTPRoute", "Gateway"] {
        let case = cluster(&policy("p", kind, "nope", traffic));
        let expected = ("StatusSummary".to_owned(), missing(&format!("{kind} ns/nope not found")));
        assert_eq!(case.policy(), [expected]);
    }
    let alone = cluster(&policy("p", "AgentgatewayBackend", "llm", "backend: {http: {requestTimeout: 1s}}"));
    assert_eq!(alone.policy()[0].1, missing("AgentgatewayBackend ns/llm is not attached to any Gateway"));
    let selector = policy("p", "HTTPRoute", "x", traffic)
        .replace("targetRefs", "targetSelectors")
        .replace("name: x", "matchLabels: {a: b}");
    assert_eq!(cluster(&selector).policy()[0].1, missing("no HTTPRoute matching selector found in namespace ns"));
}

#[test]
fn policies_with_bad_content_say_so_and_stay_closed_or_open_as_the_real_one() {
    let case = |sections: &str| cluster(&(route("r", &to(TO_LLM)) + &policy("p", "HTTPRoute", "r", sections)));
    let missing = case("traffic: {apiKeyAuthentication: {secretRef: {name: nope}}}");
    let told = vec!["Accepted=True PartiallyValid secret ns/nope not found".to_owned()];
    assert_eq!(missing.policy(), [("gw".to_owned(), told.clone())]);
    assert_eq!(missing.rule().policies.api_key.as_ref().unwrap().keys, []);

    let open = case("backend: {auth: {secretRef: {name: nope}}}");
    assert_eq!(open.policy(), [("gw".to_owned(), told)]);
    assert!(matches!(open.backend(), Backend::Llm(_)));
}

#[test]
fn what_guards_and_is_not_done_closes_the_way() {
    for (sections, path) in [
        ("traffic: {extAuth: {backendRef: {name: web, port: 80}, cache: {}}}", "traffic.extAuth.cache"),
        ("traffic: {jwtAuthentication: {mcp: {clientId: x}}}", "traffic.jwtAuthentication.mcp.clientId"),
        (
            "backend: {ai: {promptGuard: {request: [{bedrockGuardrails: {}}]}}}",
            "backend.ai.promptGuard.bedrockGuardrails",
        ),
        ("backend: {mcp: {authentication: {}}}", "backend.mcp.authentication"),
        ("traffic: {somethingNew: {}}", "traffic.somethingNew"),
    ] {
        for (kind, target) in [("HTTPRoute", "r"), ("Gateway", "gw")] {
            let case = cluster(&(route("r", &to(TO_LLM)) + &policy("p", kind, target, sections)));
            let told = format!("Accepted=True PartiallyValid the reference gateway does not implement {path}");
            assert_eq!(case.policy(), [("gw".to_owned(), vec![told])]);
            assert_eq!(case.backend(), Backend::Faulty(BackendFault::DoesNotExist), "{kind} {path}");
        }
    }
    let shaping =
        cluster(&(route("r", &to(TO_LLM)) + &policy("p", "HTTPRoute", "r", "traffic: {retry: {condition: x}}")));
    assert!(matches!(shaping.backend(), Backend::Llm(_)));
    assert!(shaping.policy()[0].1[0].contains("PartiallyValid"));
}

#[test]
fn policies_reach_the_table_on_gateway_listener_route_and_rule() {
    let sectioned =
        |text: String, section: &str| text.replace("}], traffic", &format!(", sectionName: {section}}}], traffic"));
    let limit = |requests: u32| {
        format!(
            "traffic: {{rateLimit: {{local: [{{requests: {requests}, burst: 1, unit: Minutes}}, {{requests: 99, unit: Hours}}]}}}}"
        )
    };
    let spec = format!("rules: [{{name: one, backendRefs: [{TO_LLM}]}}, {{name: two, backendRefs: [{TO_LLM}]}}]");
    let case = cluster(
        &(route("r", &spec)
            + &policy("a", "Gateway", "gw", "traffic: {cors: {allowOrigins: ['*']}, timeouts: {request: 3s}}")
            + &sectioned(policy("b", "Gateway", "gw", &limit(10)), "http")
            + &sectioned(policy("c", "Gateway", "gw", &limit(11)), "elsewhere")
            + &policy("d", "HTTPRoute", "r", &limit(2))
            + &sectioned(policy("e", "HTTPRoute", "r", &limit(3)), "two")),
    );
    let listener = case.listener();
    assert_eq!(listener.policies.cors.as_ref().unwrap().max_age, 5);
    assert_eq!(listener.policies.request_timeout, Some(Duration::from_secs(3)));
    assert_eq!(limit_of(&listener.policies).limit, 11, "ten and a burst of one");
    let rules = &listener.routes[0].rules;
    let first = limit_of(&rules[0].policies);
    assert_eq!((first.limit, first.fill, first.interval), (3, 2, Duration::from_secs(60)));
    assert_eq!(first.key, "ns/d/local/0");
    assert_eq!(limit_of(&rules[1].policies).key, "ns/e/local/0");
    assert!(rules[0].policies.cors.is_none(), "the proxy lays the rule's over the listener's");
}

#[test]
fn a_gateway_policy_that_overrides_wins_over_the_route() {
    let timeout = |time: &str| format!("traffic: {{timeouts: {{request: {time}}}}}");
    let gateway = policy("a", "Gateway", "gw", &(timeout("1s") + ", strategy: {inheritance: Override}"));
    let case = cluster(&(route("r", &to(TO_LLM)) + &gateway + &policy("b", "HTTPRoute", "r", &timeout("2s"))));
    assert_eq!(case.rule().policies.request_timeout, Some(Duration::from_secs(1)));
}

#[test]
fn api_keys_are_raw_json_or_hashes() {
    let digest = "ab".repeat(32);
    let text = |text: &str| base64::Engine::encode(&base64::prelude::BASE64_STANDARD, text);
    let secret = format!(
        "---\n{{apiVersion: v1, kind: Secret, metadata: {{name: keys, namespace: ns}}, data: {{a: {}, b: {}, c: {}, d: {}}}}}\n",
        text("sk-raw"),
        text(r#"{"key": "sk-json", "metadata": {"team": "red"}}"#),
        text(&format!(r#"{{"keyHash": "sha256:{digest}"}}"#)),
        text("{}"),
    );
    let spec =
        "traffic: {apiKeyAuthentication: {mode: Optional, secretRef: {name: keys}, location: {header: {name: X-Key}}}}";
    let case = cluster(&(secret + &route("r", &to(TO_LLM)) + &policy("p", "HTTPRoute", "r", spec)));
    let auth = case.rule().policies.api_key.clone().unwrap();
    let plain = |key: &str| ApiKeySecret::Plain(key.to_owned());
    let secrets: Vec<_> = auth.keys.iter().map(|key| key.secret.clone()).collect();
    assert!(secrets == [plain("sk-raw"), plain("sk-json"), ApiKeySecret::Sha256(digest)]);
    assert_eq!(auth.keys[1].metadata.as_deref(), Some(r#"{"team":"red"}"#));
    assert!(auth.optional);
    assert_eq!(auth.header.as_deref(), Some("x-key"));
    let problem =
        "Accepted=True PartiallyValid secret keys contains invalid key d: exactly one of key or keyHash must be set";
    assert_eq!(case.policy()[0].1, [problem]);
}
