//! kube's own client against the embedded API, in the same process.

use agw_sandbox::embedded::Api;
use futures_util::{StreamExt as _, TryStreamExt as _};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{ListParams, Patch, PatchParams, PostParams, WatchEvent, WatchParams};
use kube::runtime::{WatchStreamExt as _, watcher};
use serde_json::json;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(10);

fn config(name: &str, value: &str) -> ConfigMap {
    let object = json!({"metadata": {"name": name}, "data": {"a": value}});
    serde_json::from_value(object).expect("a config map")
}

#[tokio::test]
async fn a_watch_tells_every_change_and_resumes() {
    let api = Api::new();
    let maps: kube::Api<ConfigMap> = kube::Api::default_namespaced(api.client());
    let start = maps.list(&ListParams::default()).await.expect("a list").metadata.resource_version.expect("a version");
    maps.create(&PostParams::default(), &config("one", "1")).await.expect("created");
    let patch = Patch::Merge(json!({"data": {"a": "2"}}));
    maps.patch("one", &PatchParams::default(), &patch).await.expect("patched");
    maps.patch("one", &PatchParams::default(), &patch).await.expect("not changed");
    maps.delete("one", &Default::default()).await.expect("deleted");
    let events = maps.watch(&WatchParams::default(), &start).await.expect("a watch").take(3).try_collect::<Vec<_>>();
    let events = tokio::time::timeout(DEADLINE, events).await.expect("in time").expect("events");
    assert!(matches!(events.as_slice(), [WatchEvent::Added(_), WatchEvent::Modified(_), WatchEvent::Deleted(_)]));
}

#[tokio::test]
async fn a_watch_from_too_long_ago_is_gone() {
    let api = Api::new();
    let maps: kube::Api<ConfigMap> = kube::Api::default_namespaced(api.client());
    maps.create(&PostParams::default(), &config("one", "0")).await.expect("created");
    for value in 0..1_100 {
        let patch = Patch::Merge(json!({"data": {"a": value.to_string()}}));
        maps.patch("one", &PatchParams::default(), &patch).await.expect("patched");
    }
    let refused = maps.watch(&WatchParams::default(), "2").await;
    let code = match refused {
        Err(kube::Error::Api(status)) => status.code,
        Err(other) => panic!("{other}"),
        Ok(events) => match Box::pin(events).try_next().await {
            Ok(Some(WatchEvent::Error(status))) => status.code,
            other => panic!("{other:?}"),
        },
    };
    assert_eq!(code, 410);
}

#[tokio::test]
async fn a_streaming_list_ends_with_its_bookmark() {
    let api = Api::new();
    let maps: kube::Api<ConfigMap> = kube::Api::default_namespaced(api.client());
    maps.create(&PostParams::default(), &config("one", "1")).await.expect("created");
    let config = watcher::Config::default().streaming_lists();
    let mut seen = Box::pin(watcher(maps, config).applied_objects());
    let first = tokio::time::timeout(DEADLINE, seen.next()).await.expect("in time").expect("one").expect("an object");
    assert_eq!(first.metadata.name.as_deref(), Some("one"));
}

#[tokio::test]
async fn the_order_of_disjoint_managers_does_not_matter() {
    let mut results = Vec::new();
    for order in [["one", "two"], ["two", "one"]] {
        let api = Api::new();
        let maps: kube::Api<ConfigMap> = kube::Api::default_namespaced(api.client());
        for manager in order.into_iter().chain(order) {
            let applied =
                json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {manager: "1"}});
            maps.patch("x", &PatchParams::apply(manager), &Patch::Apply(applied)).await.expect("applied");
        }
        let dropped = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}});
        maps.patch("x", &PatchParams::apply("one"), &Patch::Apply(dropped)).await.expect("applied");
        results.push(maps.get("x").await.expect("the map").data);
    }
    assert_eq!(results[0], results[1]);
    assert_eq!(results[0].as_ref().map(|data| data.len()), Some(1), "the field of the manager that dropped it is gone");
}

#[tokio::test]
async fn a_namespace_goes_with_everything_in_it() {
    let api = Api::new();
    let client = api.client();
    let namespaces: kube::Api<k8s_openapi::api::core::v1::Namespace> = kube::Api::all(client.clone());
    let before = api.object_count();
    let namespace = serde_json::from_value(json!({"metadata": {"name": "shop"}})).expect("a namespace");
    namespaces.create(&PostParams::default(), &namespace).await.expect("created");
    let maps: kube::Api<ConfigMap> = kube::Api::namespaced(client, "shop");
    let owner = maps.create(&PostParams::default(), &config("owner", "1")).await.expect("created");
    let mut owned = config("owned", "1");
    owned.metadata.owner_references = Some(vec![k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference {
        api_version: "v1".to_owned(),
        kind: "ConfigMap".to_owned(),
        name: "owner".to_owned(),
        uid: owner.metadata.uid.expect("a uid"),
        ..Default::default()
    }]);
    maps.create(&PostParams::default(), &owned).await.expect("created");
    maps.delete("owner", &Default::default()).await.expect("deleted");
    assert!(maps.get_opt("owned").await.expect("an answer").is_none(), "what it owned is collected");
    maps.create(&PostParams::default(), &config("last", "1")).await.expect("created");
    namespaces.delete("shop", &Default::default()).await.expect("deleted");
    assert_eq!(api.object_count(), before);
    let refused = maps.create(&PostParams::default(), &config("late", "1")).await.expect_err("no namespace");
    assert!(refused.to_string().contains("namespaces \"shop\" not found"), "{refused}");
}
