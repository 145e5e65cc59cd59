//! Profiles: how layers meet, and what a person sees after a mistake.

#![allow(clippy::unwrap_used)]

use agw_sandbox::profile::{Overrides, ProfileError, ProviderChoice, Setting, built_in, built_in_names, load};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use proptest::prelude::*;
use std::path::Path;

const HEADER: &str = "schema: agw-sandbox/v1\nkind: Profile\n";

/// A folder with profile files.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// The error as a person sees it, without colour; the folder's name is masked.
    fn refuses(&self, name: &str) -> String {
        shown(&load(&self.path(name), &Overrides::default()).unwrap_err(), self.0.path())
    }
}

fn shown(error: &ProfileError, folder: &Path) -> String {
    let mut text = String::new();
    GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .with_width(100)
        .render_report(&mut text, error)
        .unwrap();
    let text = text.replace(&format!("{}/", folder.display()), "");
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// What the only file of a folder is answered with.
fn answer_to(body: &str) -> String {
    Folder::with(&[("team.yaml", &format!("{HEADER}{body}"))]).refuses("team.yaml")
}

#[test]
fn mistakes_are_shown_where_they_were_made() {
    let mistakes = [
        ("unknown key", "realease: agentgateway-1.4\n"),
        ("unknown key in the gateway", "gateway:\n  listners: [{port: 8080}]\n"),
        ("unknown key in a backend", "backends:\n  openai: {llm: openai, mock: {}, modell: x}\n"),
        ("unknown key in a mock", "backends:\n  openai: {llm: openai, mock: {anwser: hello}}\n"),
        ("unknown key in an mcp server", "backends:\n  tools: {mcp: {web: {mok: fetcher}}}\n"),
        ("unknown key in a route", "extends: minimal\nroutes:\n  - {path: /v1, to: openai, stripp: false}\n"),
        (
            "unknown key in a policy",
            "extends: minimal\npolicies:\n  - on: {route: /v1}\n    ratelimit: {requests: 2, per: 60s}\n",
        ),
        (
            "unknown key in a rate limit",
            "extends: minimal\npolicies:\n  - on: {route: /v1}\n    rateLimit: {request: 2, per: 60s}\n",
        ),
        ("wrong type", "scenarios: smoke\n"),
        ("wrong type of a port", "gateway:\n  listeners: [{port: eighty}]\n"),
        ("wrong type of a route", "extends: minimal\nroutes:\n  - {path: /v1, to: [openai]}\n"),
        ("duplicate key", "release: agentgateway-1.4\nrelease: agentgateway-1.3\n"),
        ("duplicate backend", "backends:\n  openai: {llm: openai, mock: {}}\n  openai: {llm: openai, mock: {}}\n"),
        ("unknown built-in", "extends: quickstrat\n"),
        ("unknown provider", "cluster: {provider: knd}\n"),
        ("unknown vendor", "backends:\n  openai: {llm: opnai, mock: {}}\n"),
        ("bad yaml", "gateway: {name: ai-gateway\nroutes: []\n"),
        ("a tab", "gateway:\n\tname: ai-gateway\n"),
        ("unknown backend", "extends: minimal\nroutes:\n  - {path: /v1, to: opnai}\n"),
        (
            "unknown backend with a share",
            "extends: minimal\nroutes:\n  - path: /v1\n    to: {openai: 80, claude: 20}\n",
        ),
        ("route to nowhere", "extends: minimal\nroutes:\n  - {path: /v1}\n"),
        ("policy on an unknown route", "extends: minimal\npolicies:\n  - {on: {route: /v2}, timeout: 1s}\n"),
        ("policy on an unknown backend", "extends: minimal\npolicies:\n  - {on: {backend: opena}, timeout: 1s}\n"),
        ("bad duration", "extends: minimal\npolicies:\n  - {on: {route: /v1}, timeout: 1.5s}\n"),
        ("too short a time-out", "extends: minimal\npolicies:\n  - {on: {route: /v1}, timeout: 50ms}\n"),
        ("bad unit", "extends: minimal\npolicies:\n  - {on: {route: /v1}, rateLimit: {requests: 1, per: 10s}}\n"),
        ("bad port", "gateway:\n  listeners:\n    - {port: 70000}\n"),
        ("missing port", "gateway:\n  listeners:\n    - {name: http}\n"),
        ("name of the helm release", "gateway: {name: agentgateway}\n"),
        ("bad address", "backends:\n  local: {llm: ollama, at: host.internal}\n"),
        ("two kinds of backend", "backends:\n  both: {llm: openai, http: \"localhost:80\"}\n"),
        ("no kind of backend", "backends:\n  nothing: {optional: true}\n"),
        ("missing file", "extends: ./base.yaml\n"),
        ("itself", "extends: ./team.yaml\n"),
    ];
    let transcript: Vec<_> = mistakes.iter().map(|(title, body)| format!("# {title}\n{}\n", answer_to(body))).collect();
    insta::assert_snapshot!(transcript.join("\n"));
}

#[test]
fn a_file_that_is_not_a_profile_is_told_so() {
    let files = [
        ("empty.yaml", ""),
        ("other.yaml", "schema: agw-sandbox/v1\nkind: Scenario\nid: POL-10\n"),
        ("old.yaml", "schema: agw-sandbox/v0\nkind: Profile\n"),
        ("bare.yaml", "release: agentgateway-1.4\n"),
        ("list.yaml", "- schema\n- kind\n"),
    ];
    let folder = Folder::with(&files);
    let transcript: Vec<_> = files.iter().map(|(name, _)| format!("# {name}\n{}\n", folder.refuses(name))).collect();
    insta::assert_snapshot!(transcript.join("\n"));
}

#[test]
fn mistakes_on_the_command_line_have_no_caret() {
    let nowhere = Path::new("/nowhere");
    let answers = [
        load("quickstrat", &Overrides::default()),
        load("./team.yaml", &Overrides::default()),
        load("quickstart", &Overrides { provider: Some("embeded".to_owned()), ..Overrides::default() }),
        load("quickstart", &Overrides { port: Some(0), ..Overrides::default() }),
    ];
    let transcript: Vec<_> = answers.iter().map(|answer| shown(answer.as_ref().unwrap_err(), nowhere)).collect();
    insta::assert_snapshot!(transcript.join("\n"));
}

#[test]
fn every_built_in_profile_loads() {
    for name in built_in_names() {
        let profile = load(name, &Overrides::default()).unwrap();
        assert_eq!(profile, built_in(name).unwrap());
        assert!(profile.said.is_empty(), "{name}");
        assert_eq!(profile.gateway.listeners[0].port, 8080, "{name}");
    }
    assert_eq!(built_in_names().next(), Some("quickstart"));
}

#[test]
fn later_layers_win_and_remember_that_they_spoke() {
    let base = format!("{HEADER}extends: minimal\nbackends:\n  claude: {{llm: anthropic, mock: {{}}}}\n");
    let team = format!(
        "{HEADER}extends: ./base.yaml\ncluster: {{provider: kind}}\ngateway: {{listeners: [{{port: 9090}}]}}\n\
         backends:\n  openai: {{llm: openai, key: {{fromEnv: OPENAI_API_KEY}}}}\ndefinitions: ./crds\n"
    );
    let folder = Folder::with(&[("base.yaml", &base), ("team.yaml", &team)]);
    let flags = Overrides { provider: Some("embedded".to_owned()), ..Overrides::default() };
    let profile = load(&folder.path("team.yaml"), &flags).unwrap();

    assert_eq!(profile.name, "team");
    assert_eq!(profile.cluster.provider, ProviderChoice::Embedded);
    assert_eq!(profile.gateway.listeners[0].port, 9090);
    assert_eq!(profile.gateway.name, "ai-gateway");
    assert_eq!(profile.backends.keys().collect::<Vec<_>>(), ["openai", "claude"]);
    assert!(profile.backends["openai"].mock.is_none(), "a backend named again replaces the earlier one");
    assert_eq!(profile.routes.len(), 1);
    assert_eq!(profile.definitions.as_deref(), Some(folder.0.path().join("./crds").as_path()));
    assert!(profile.says(Setting::Listeners) && profile.says(Setting::Provider));
    assert!(!profile.says(Setting::GatewayName) && !profile.says(Setting::Routes));
}

#[test]
fn a_description_loads_to_the_same_again() {
    for name in built_in_names() {
        let flags = Overrides { release: Some("agentgateway 1.4.1".to_owned()), ..Overrides::default() };
        let profile = load(name, &flags).unwrap();
        let folder = Folder::with(&[(&format!("{name}.yaml"), &profile.describe().unwrap())]);
        let mut again = load(&folder.path(&format!("{name}.yaml")), &Overrides::default()).unwrap();
        again.said.clone_from(&profile.said);
        assert_eq!(again, profile);
    }
}

#[test]
fn a_circle_of_files_ends() {
    let one = format!("{HEADER}extends: two.yaml\n");
    let two = format!("{HEADER}extends: one.yaml\n");
    let folder = Folder::with(&[("one.yaml", &one), ("two.yaml", &two)]);
    let error = load(&folder.path("one.yaml"), &Overrides::default()).unwrap_err();
    assert_eq!(error.code().unwrap().to_string(), "PROFILE-11");
}

fn yaml_ish() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("schema: agw-sandbox/v1\nkind: Profile\n".to_owned()),
        "(backends|routes|policies|gateway|cluster|mock|to|on|llm|port|listeners|extends|release): ?",
        "[-{}\\[\\],:&*!|>'\"#%@`<?~ \n\t]{1,4}",
        "[a-zé0-9/.]{1,8}",
        Just("\n  ".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_makes_it_panic(text in yaml_ish()) {
        let folder = Folder::with(&[("any.yaml", &text), ("headed.yaml", &format!("{HEADER}{text}"))]);
        for name in ["any.yaml", "headed.yaml"] {
            if let Err(error) = load(&folder.path(name), &Overrides::default()) {
                prop_assert!(error.code().is_some());
                prop_assert!(!shown(&error, folder.0.path()).is_empty());
            }
        }
    }
}
