//! Requests that nobody sane would send: every one gets an answer.

use agw_sandbox::embedded::Api;
use http::Request;
use kube::client::Body;
use proptest::prelude::*;
use serde_json::Value;

const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const MEDIA: [&str; 6] = [
    "application/json",
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
    "application/vnd.kubernetes.protobuf",
];
const PARTS: [&str; 14] = [
    "api",
    "apis",
    "v1",
    "apps",
    "namespaces",
    "default",
    "configmaps",
    "deployments",
    "services",
    "x",
    "status",
    "apiextensions.k8s.io",
    "customresourcedefinitions",
    "%ff",
];
const FIELDS: [&str; 14] = [
    "apiVersion",
    "kind",
    "metadata",
    "name",
    "spec",
    "status",
    "data",
    "labels",
    "managedFields",
    "versions",
    "names",
    "$patch",
    "path",
    "op",
];
const WORDS: [&str; 8] = ["v1", "ConfigMap", "x", "replace", "/data", "Deployment", "", "🦀"];

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        proptest::sample::select(&WORDS).prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(proptest::sample::select(&FIELDS), inner, 0..6)
                .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn path() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(vec![
        "/api/v1/namespaces/default/configmaps",
        "/api/v1/namespaces/default/configmaps/x",
        "/api/v1/namespaces/default/services/x",
        "/apis/apps/v1/namespaces/default/deployments/x/status",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    ])
    .prop_map(str::to_owned);
    let free =
        proptest::collection::vec(proptest::sample::select(&PARTS), 0..7).prop_map(|p| format!("/{}", p.join("/")));
    prop_oneof![known, free]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_request_is_answered(
        method in proptest::sample::select(&METHODS),
        path in path(),
        media in proptest::sample::select(&MEDIA),
        query in prop_oneof![Just(""), Just("?fieldManager=a&force=true"), Just("?dryRun=All&fieldValidation=Strict"),
            Just("?watch=1&timeoutSeconds=0"), Just("?limit=1&labelSelector=a%20in%20(b")],
        first in json(),
        second in json(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let client = Api::new().client();
            for body in [first, second] {
                let request = Request::builder().method(method).uri(format!("{path}{query}"))
                    .header("content-type", media).body(Body::from(body.to_string().into_bytes())).expect("a request");
                let response = client.send(request).await.expect("an answer");
                prop_assert!(response.status().as_u16() >= 200);
            }
            Ok(())
        })?;
    }
}
