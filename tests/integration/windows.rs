//! What works together, against the tables of what is known. Sources: `facts/lifecycle.md` A.1 and A.2.

use crate::support::upstream;
use agw_sandbox::release::{Channel, Conflict, Installed, Minor, Severity, Wish, check, line, lines, refuse_conflicts};
use miette::Diagnostic;
use semver::Version;
use serde_json::{Value, json};

struct Wanted<'a> {
    line: &'a str,
    version: Option<&'a str>,
    kubernetes: &'a str,
    gateway_api: &'a str,
    channel: Channel,
    gateway: &'a str,
    installed: Option<Installed>,
}

impl Default for Wanted<'_> {
    fn default() -> Self {
        Self {
            line: "agentgateway-1.4",
            version: None,
            kubernetes: "1.34",
            gateway_api: "1.6.1",
            channel: Channel::Standard,
            gateway: "ai-gateway",
            installed: None,
        }
    }
}

impl Wanted<'_> {
    fn conflicts(&self) -> Vec<Conflict> {
        let line = line(self.line).unwrap();
        check(&Wish {
            line,
            version: self.version.map_or_else(|| line.newest.clone(), |version| Version::parse(version).unwrap()),
            kubernetes: Minor::parse(self.kubernetes),
            gateway_api: Version::parse(self.gateway_api).ok(),
            channel: self.channel,
            gateway: self.gateway,
            installed: self.installed.as_ref(),
        })
    }

    fn ids(&self) -> Vec<&'static str> {
        self.conflicts().iter().map(|conflict| conflict.id).collect()
    }

    /// `works`, `warns` or `fails`.
    fn verdict(&self) -> &'static str {
        let conflicts = self.conflicts();
        match conflicts.iter().any(|conflict| conflict.severity == Severity::Error) {
            true => "fails",
            false if conflicts.is_empty() => "works",
            false => "warns",
        }
    }
}

#[test]
fn kubernetes_and_lines_agree_with_the_table() {
    let columns = ["kgateway-2.1", "agentgateway-2.2", "agentgateway-1.1", "agentgateway-1.3", "agentgateway-1.4"];
    for (kubernetes, row) in [
        ("1.34", ["works", "works", "works", "works", "works"]),
        ("1.35", ["warns", "works", "works", "works", "works"]),
        ("1.36", ["warns", "warns", "warns", "works", "works"]),
        ("1.37", ["fails", "fails", "fails", "fails", "warns"]),
        ("1.30", ["warns", "warns", "warns", "warns", "warns"]),
        ("1.29", ["warns", "warns", "fails", "fails", "fails"]),
    ] {
        for (name, expected) in columns.into_iter().zip(row) {
            let recommended = line(name).unwrap().gateway_api_recommended.to_string();
            let wanted = Wanted { line: name, kubernetes, gateway_api: &recommended, ..Wanted::default() };
            assert_eq!(wanted.verdict(), expected, "{name} on Kubernetes {kubernetes}: {:?}", wanted.ids());
        }
    }
}

#[test]
fn gateway_api_and_lines_agree_with_the_table() {
    use Channel::{Experimental, Standard};
    let columns = [
        ("1.3.0", Standard),
        ("1.4.1", Standard),
        ("1.5.1", Standard),
        ("1.5.1", Experimental),
        ("1.6.1", Standard),
        ("1.6.1", Experimental),
    ];
    for (name, row) in [
        ("kgateway-2.1", ["works", "works", "warns", "warns", "warns", "warns"]),
        ("agentgateway-2.2", ["works", "works", "fails", "fails", "fails", "fails"]),
        // With 1.3 and 1.4 some kinds are switched off; 1.6 experimental works and is not documented.
        ("agentgateway-1.0", ["warns", "warns", "works", "works", "fails", "warns"]),
        ("agentgateway-1.3", ["warns", "warns", "works", "works", "fails", "warns"]),
        ("agentgateway-1.4", ["warns", "warns", "works", "works", "works", "works"]),
    ] {
        for ((gateway_api, channel), expected) in columns.into_iter().zip(row) {
            let wanted = Wanted { line: name, gateway_api, channel, ..Wanted::default() };
            assert_eq!(wanted.verdict(), expected, "{name} with {gateway_api} {channel}: {:?}", wanted.ids());
        }
    }
}

#[test]
fn releases_within_a_line_differ() {
    let old = Wanted { line: "agentgateway-2.2", gateway_api: "1.5.1", ..Wanted::default() };
    assert_eq!(Wanted { version: Some("2.2.3"), ..old }.ids(), ["WINDOW-11"]);
    let old = Wanted { line: "agentgateway-2.2", gateway_api: "1.5.1", ..Wanted::default() };
    assert_eq!(Wanted { version: Some("2.2.4"), ..old }.ids(), ["WINDOW-03"]);
    let candidate = Wanted { version: Some("1.4.0-rc.1"), gateway_api: "1.5.1", ..Wanted::default() };
    assert_eq!(Wanted { channel: Channel::Experimental, ..candidate }.ids(), ["WINDOW-06"]);
}

#[test]
fn every_line_has_a_window_in_which_nothing_is_said() {
    for line in lines() {
        let recommended = line.gateway_api_recommended.to_string();
        let wanted = Wanted { line: &line.name, gateway_api: &recommended, ..Wanted::default() };
        assert_eq!(wanted.ids(), Vec::<&str>::new(), "{}", line.name);
    }
}

#[test]
fn a_gateway_must_not_be_called_like_the_helm_release() {
    assert_eq!(Wanted { gateway: "agentgateway", ..Wanted::default() }.ids(), ["WINDOW-12"]);
    let old = Wanted { line: "kgateway-2.1", gateway: "kgateway", gateway_api: "1.4.0", ..Wanted::default() };
    assert_eq!(old.ids(), ["WINDOW-12"]);
}

#[test]
fn all_that_is_wrong_is_told_at_once_with_reason_evidence_and_right_value() {
    let wanted = Wanted { line: "agentgateway-1.3", kubernetes: "1.37", gateway: "agentgateway", ..Wanted::default() };
    let refused = refuse_conflicts(wanted.conflicts()).unwrap_err();
    let help = refused.help().unwrap().to_string();
    insta::assert_snapshot!(format!(
        "{refused}\ncause  {}\nfix    {help}",
        std::error::Error::source(&*refused).unwrap()
    ));
    let warned = refuse_conflicts(Wanted { kubernetes: "1.37", ..Wanted::default() }.conflicts()).unwrap();
    assert_eq!(warned.len(), 1, "{warned:?}");
}

fn definition(plural: &str, bundle: &str, channel: &str, stored: &[&str]) -> Value {
    json!({
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.gateway.networking.k8s.io"), "annotations": {
            "gateway.networking.k8s.io/bundle-version": bundle, "gateway.networking.k8s.io/channel": channel}},
        "spec": {"group": "gateway.networking.k8s.io", "names": {"plural": plural}},
        "status": {"storedVersions": stored},
    })
}

fn policy(bundle: &str) -> Value {
    json!({
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": "safe-upgrades.gateway.networking.k8s.io",
                     "annotations": {"gateway.networking.k8s.io/bundle-version": bundle}},
    })
}

#[test]
fn what_a_cluster_has_already_counts() {
    use Channel::{Experimental, Standard};
    let over = |objects: &[Value], gateway_api: &'static str, channel| {
        let installed = Some(Installed::read(objects));
        Wanted { gateway_api, channel, installed, ..Wanted::default() }.ids()
    };
    let none: [&str; 0] = [];
    let standard = |bundle: &str| [definition("gateways", bundle, "standard", &["v1"]), policy(bundle)];
    assert_eq!(over(&standard("v1.6.1"), "1.6.1", Standard), none);
    assert_eq!(over(&standard("v1.5.1"), "1.6.1", Standard), none);
    assert_eq!(over(&standard("v1.6.1"), "1.6.1", Experimental), ["WINDOW-20"]);
    assert_eq!(over(&standard("v1.6.1"), "1.5.1", Standard), ["WINDOW-21"]);
    // A bundle of 1.4 has no policy yet, and nobody refuses the other channel.
    assert_eq!(over(&standard("v1.4.1")[..1], "1.6.1", Experimental), none);
    let experimental = |bundle: &str| [definition("gateways", bundle, "experimental", &["v1"]), policy(bundle)];
    assert_eq!(over(&experimental("v1.6.1"), "1.6.1", Standard), none);
    assert_eq!(over(&experimental("v1.6.1"), "1.5.1", Experimental), none, "that policy lets 1.5 in");
    assert_eq!(over(&experimental("v1.5.1"), "1.4.1", Experimental), ["WINDOW-05", "WINDOW-21"]);

    let routes = [definition("tcproutes", "v1.6.1", "experimental", &["v1alpha2", "v1"])];
    assert_eq!(over(&routes, "1.5.1", Experimental), ["WINDOW-22"]);
    assert_eq!(over(&routes, "1.6.0", Standard), none);
    let mix = [standard("v1.6.1"), standard("v1.5.1")].concat();
    assert_eq!(over(&mix, "1.6.1", Standard), ["WINDOW-24"]);
    let class = [json!({"kind": "GatewayClass", "metadata": {"name": "agentgateway"},
                        "spec": {"controllerName": "kgateway.dev/agentgateway"}})];
    assert_eq!(over(&class, "1.6.1", Standard), ["WINDOW-23"]);
}

/// The real bundles say the same as our data: what is dropped from one to the next.
#[test]
fn real_bundles_are_read_and_judged() {
    let folder = upstream().join("crds/gateway-api");
    if !folder.is_dir() {
        println!("skipped: no {}", folder.display());
        return;
    }
    let bundle = |version: &str, channel: Channel| -> Vec<Value> {
        let text = std::fs::read_to_string(folder.join(format!("v{version}/{channel}-install.yaml"))).unwrap();
        serde_yaml::from_multiple_with_options(&text, serde_yaml::options! { budget: None }).unwrap()
    };
    let of_definition = |object: &Value| object["spec"]["names"]["plural"].as_str().unwrap_or_default().to_owned();
    for version in ["1.4.1", "1.5.1", "1.6.1"] {
        for channel in [Channel::Standard, Channel::Experimental] {
            let objects = bundle(version, channel);
            let installed = Installed::read(&objects);
            assert_eq!(installed.bundles, [Version::parse(version).unwrap()].into());
            assert_eq!(installed.channel, channel);
            assert_eq!(installed.policy.is_some(), version != "1.4.1");
            // Every version that a definition has may be the stored one.
            let mut stored = installed.clone();
            for object in objects.iter().filter(|object| object["spec"]["group"] == "gateway.networking.k8s.io") {
                let versions = object["spec"]["versions"].as_array().unwrap();
                let names = versions.iter().map(|version| version["name"].as_str().unwrap().to_owned());
                stored.stored_versions.insert(of_definition(object), names.collect());
            }
            let again = Wanted { gateway_api: version, channel, installed: Some(stored), ..Wanted::default() };
            assert!(!again.ids().contains(&"WINDOW-22"), "{version} {channel} over itself: {:?}", again.conflicts());
        }
    }
}
