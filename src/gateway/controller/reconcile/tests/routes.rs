//! HTTPRoutes: attachment, references and filters.

use super::*;

#[test]
fn routes_that_are_wrong() {
    let not_found = "ResolvedRefs=False BackendNotFound";
    let cases = [
        (
            to("{group: agentgateway.dev, kind: AgentgatewayBackend, name: nope}"),
            format!("{not_found} Backend not found: ns/nope"),
            BackendFault::ServiceNotFound,
        ),
        (
            to("{name: nope, port: 80}"),
            format!("{not_found} backend(nope.ns.svc.cluster.local) not found"),
            BackendFault::ServiceNotFound,
        ),
        (
            to("{kind: AgentgatewayBackend, name: llm}"),
            r#"ResolvedRefs=False InvalidKind referencing unsupported backendRef: group "" kind "AgentgatewayBackend""#
                .to_owned(),
            BackendFault::DoesNotExist,
        ),
        (
            to("{name: web, namespace: other, port: 80}"),
            r#"ResolvedRefs=False RefNotPermitted backendRef other/web not accessible to a HTTPRoute in namespace "ns" (missing a ReferenceGrant?)"#
                .to_owned(),
            BackendFault::DoesNotExist,
        ),
    ];
    for (spec, resolved, fault) in cases {
        let case = cluster(&route("r", &spec));
        assert_eq!(case.route(), ["Accepted=True Accepted".to_owned(), resolved], "{spec}");
        assert_eq!(case.backend(), Backend::Faulty(fault), "{spec}");
        assert_eq!(case.status(Kind::Gateway, "gw")["listeners"][0]["attachedRoutes"], 1, "{spec}");
    }
}

#[test]
fn a_wrong_service_port_is_a_good_reference_without_endpoints() {
    let case = cluster(&route("r", &to("{name: web, port: 81}")));
    assert_eq!(case.route(), GOOD_ROUTE);
    let services = case.desired().table.services;
    let host = "web.ns.svc.cluster.local".to_owned();
    assert_eq!(services[&(host.clone(), 81)], []);
    assert_eq!(services[&(host, 80)], [("10.0.0.1".parse().unwrap(), 9090)]);
    assert!(cluster(&route("r", "rules: [{}]")).rule().backends.is_empty());
}

#[test]
fn a_grant_opens_the_way_to_another_namespace() {
    let grant = "---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: g, namespace: other}\nspec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: ns}], to: [{group: '', kind: Service}]}\n---\n{apiVersion: v1, kind: Service, metadata: {name: web, namespace: other}, spec: {ports: [{port: 80}]}}\n";
    let case = cluster(&(route("r", &to("{name: web, namespace: other, port: 80}")) + grant));
    assert_eq!(case.route(), GOOD_ROUTE);
    assert!(matches!(case.backend(), Backend::Service(_)));
}

#[test]
fn routes_that_may_not_attach() {
    let cases = [
        ("{name: gw, sectionName: https}", "", r#"NoMatchingParent sectionName "https" not found"#),
        ("{name: gw, port: 9999}", "", "NoMatchingParent port 9999 not found"),
        (
            "{name: named}",
            "hostnames: [b.example.com],",
            r#"NoMatchingListenerHostname no hostnames matched parent hostname "a.example.com""#,
        ),
        (
            "{name: far, namespace: other}",
            "",
            r#"NotAllowedByListeners hostnames matched parent hostname "", but namespace "ns" is not allowed by the parent"#,
        ),
        (
            "{name: labelled, namespace: other}",
            "",
            r#"NotAllowedByListeners hostnames matched parent hostname "", but namespace "ns" is not allowed by the parent"#,
        ),
        ("{name: grpc}", "", "NotAllowedByListeners kind gateway.networking.k8s.io/v1, Kind=HTTPRoute is not allowed"),
    ];
    let gateway = |name: &str, namespace: &str, listener: &str| {
        format!(
            "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: {name}, namespace: {namespace}, uid: {name}}}\nspec: {{gatewayClassName: agentgateway, listeners: [{{name: http, protocol: HTTP, port: 8080, {listener}}}]}}\n"
        )
    };
    let gateways = gateway("named", "ns", "hostname: a.example.com")
        + &gateway("far", "other", "")
        + &gateway(
            "labelled",
            "other",
            "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: b}}}}",
        )
        + &gateway("grpc", "ns", "allowedRoutes: {kinds: [{kind: GRPCRoute}]}");
    for (parent, names, refusal) in cases {
        let spec = format!("{names} rules: [{{backendRefs: [{TO_LLM}]}}]");
        let case = cluster(&(gateways.clone() + &route("r", &spec).replace("{name: gw}", parent)));
        assert_eq!(case.route()[0], format!("Accepted=False {refusal}"), "{parent}");
        assert_eq!(case.route()[1], GOOD_ROUTE[1], "{parent}");
        assert!(case.desired().table.listeners.iter().all(|listener| listener.routes.is_empty()), "{parent}");
    }
    let missing = cluster(&route("r", &to(TO_LLM)).replace("{name: gw}", "{name: gone}"));
    assert_eq!(missing.status(Kind::HttpRoute, "r"), Value::Null);
}

#[test]
fn statuses_of_other_controllers_stay() {
    let status = "status: {parents: [{parentRef: {name: theirs}, controllerName: x/y, conditions: []}, {parentRef: {name: old}, controllerName: agentgateway.dev/agentgateway, conditions: []}]}";
    let route = route("r", &to(TO_LLM)).replace("{name: gw}", "{name: gone}") + status;
    let parents = cluster(&route).status(Kind::HttpRoute, "r")["parents"].clone();
    assert_eq!(parents.as_array().unwrap().len(), 1);
    assert_eq!(parents[0]["controllerName"], "x/y");
}

#[test]
fn filters_that_cannot_be_done_close_their_rule() {
    for (filter, message) in [
        ("{type: ExtensionRef, extensionRef: {group: a, kind: B, name: c}}", "unsupported filter type"),
        ("{type: RequestMirror}", "the reference gateway does not implement the filter RequestMirror"),
    ] {
        let spec = format!("rules: [{{filters: [{filter}], backendRefs: [{TO_LLM}]}}]");
        let case = cluster(&route("r", &spec));
        assert_eq!(case.route()[0], format!("Accepted=False UnsupportedValue {message}"));
        assert_eq!(case.backend(), Backend::Faulty(BackendFault::DoesNotExist));
    }
}
