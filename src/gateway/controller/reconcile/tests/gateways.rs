//! The class and its Gateways.

use super::*;

#[test]
fn when_all_is_well() {
    let case =
        cluster(&(route("r", &to(TO_LLM)) + &policy("p", "HTTPRoute", "r", "traffic: {timeouts: {request: 1s}}")));
    let gateway = case.status(Kind::Gateway, "gw");
    let programmed = "Programmed=True Programmed Successfully programmed Gateway";
    assert_eq!(told(&gateway["conditions"]), ["Accepted=True Accepted", programmed]);
    assert_eq!(gateway["conditions"][0]["observedGeneration"], 3);
    assert_eq!(gateway["addresses"], Value::Null);
    let listener = &gateway["listeners"][0];
    assert_eq!(listener["attachedRoutes"], 1);
    assert_eq!(listener["supportedKinds"][1]["kind"], "GRPCRoute");
    let expected = [
        "Accepted=True Accepted No errors found",
        "Conflicted=False NoConflicts No errors found",
        "Programmed=True Programmed No errors found",
        "ResolvedRefs=True ResolvedRefs No errors found",
    ];
    assert_eq!(told(&listener["conditions"]), expected);
    assert_eq!(case.route(), GOOD_ROUTE);
    let backend = case.status(Kind::Backend, "llm");
    assert_eq!(told(&backend["conditions"]), ["Accepted=True Accepted Backend successfully accepted"]);
    let valid = ["Accepted=True Valid Policy accepted", "Attached=True Attached Attached to all targets"];
    assert_eq!(case.policy(), [("gw".to_owned(), valid.map(str::to_owned).to_vec())]);
    let class = case.status(Kind::GatewayClass, "agentgateway");
    let accepted = "Accepted=True Accepted GatewayClass accepted by agentgateway controller";
    assert_eq!(told(&class["conditions"]), [accepted]);
    assert!(case.desired().warnings.is_empty());
}

#[test]
fn the_class_is_made_where_it_is_missing_and_only_its_gateways_are_served() {
    let desired = reconcile(&Snapshot::default(), &Settings::default());
    let class = &desired.objects[&ObjectKey::new(Kind::GatewayClass, "", "agentgateway")];
    assert_eq!(class["spec"]["description"], "Specialized class for agentgateway.");
    let foreign = "---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: alien, namespace: ns}, spec: {gatewayClassName: x, listeners: [{name: http, protocol: HTTP, port: 1}]}}";
    assert_eq!(cluster(foreign).status(Kind::Gateway, "alien"), Value::Null);
}

#[test]
fn gateways_that_are_wrong() {
    let gateway = |listeners: &str, more: &str| {
        format!(
            "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: gw, namespace: ns, uid: g}}\nspec: {{gatewayClassName: agentgateway, listeners: [{listeners}] {more}}}\n"
        )
    };
    let lower = cluster(&gateway("{name: http, protocol: http, port: 80}", ""));
    let status = lower.status(Kind::Gateway, "gw");
    let hint = r#"protocol "http" is unsupported. hint: "HTTP" (uppercase) may be supported"#;
    let accepted = format!("Accepted=False ListenersNotValid Some listeners are not accepted: http: {hint}");
    assert_eq!(told(&status["conditions"])[0], accepted);
    assert!(told(&status["conditions"])[1].starts_with("Programmed=True"));
    assert_eq!(told(&status["listeners"][0]["conditions"])[0], format!("Accepted=False UnsupportedProtocol {hint}"));
    assert!(lower.desired().objects.contains_key(&ObjectKey::new(Kind::Deployment, "ns", "gw")));

    let https =
        "{name: https, protocol: HTTPS, port: 443, tls: {certificateRefs: [{group: '', kind: Secret, name: nope}]}}";
    let status = cluster(&gateway(https, "")).status(Kind::Gateway, "gw");
    let accepted = "Accepted=True ListenersNotValid Some listeners are not accepted: https: Bad TLS configuration";
    assert_eq!(told(&status["conditions"])[0], accepted);
    let listener = told(&status["listeners"][0]["conditions"]);
    assert_eq!(listener[2], "Programmed=False Invalid Bad TLS configuration");
    let reference = "invalid certificate reference /Secret/nope., secret not found";
    assert_eq!(listener[3], format!("ResolvedRefs=False InvalidCertificateRef {reference}"));

    let kinds = "{name: http, protocol: HTTP, port: 80, allowedRoutes: {kinds: [{kind: TCPRoute}]}}";
    let status = cluster(&gateway(kinds, "")).status(Kind::Gateway, "gw");
    assert_eq!(
        told(&status["listeners"][0]["conditions"])[3],
        "ResolvedRefs=False InvalidRouteKinds Invalid route kinds"
    );

    let parameters =
        ", infrastructure: {parametersRef: {group: agentgateway.dev, kind: AgentgatewayParameters, name: nope}}";
    let case = cluster(&gateway("{name: http, protocol: HTTP, port: 80}", parameters));
    let about = "failed to get helm values for object gateway.networking.k8s.io/v1, Kind=Gateway ns/gw: AgentgatewayParameters ns/nope not found for Gateway ns/gw";
    let expected = [format!("Accepted=False InvalidParameters {about}"), format!("Programmed=False Invalid {about}")];
    assert_eq!(told(&case.status(Kind::Gateway, "gw")["conditions"]), expected);
    assert!(!case.desired().objects.contains_key(&ObjectKey::new(Kind::Deployment, "ns", "gw")));
    assert!(case.desired().table.listeners.is_empty());
}

#[test]
fn each_mutant_of_the_controller_can_be_seen() {
    let good = || cluster(&route("r", &to(TO_LLM)));
    let class = good().with(Mutant::ClassNotAccepted).status(Kind::GatewayClass, "agentgateway");
    assert_eq!(told(&class["conditions"]), ["Accepted=Unknown Pending Waiting for controller"]);
    let gateway = good().with(Mutant::AttachedRoutesOffByOne).status(Kind::Gateway, "gw");
    assert_eq!(gateway["listeners"][0]["attachedRoutes"], 2);
    assert_eq!(good().with(Mutant::RouteConditionMissing).route(), ["Accepted=True Accepted"]);
    let missing = cluster(&route("r", &to("{name: nope, port: 80}"))).with(Mutant::MissingBackendResolved);
    assert_eq!(missing.route(), GOOD_ROUTE);
}
