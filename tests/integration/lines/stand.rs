//! A real API server with the definitions of one line.

use crate::definitions::real::RealApiServer;
use crate::support::upstream;
use agw_sandbox::release::ReleaseLine;
use serde_json::Value;
use std::path::PathBuf;

const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/// Kinds of Gateway API that anything is rendered to.
const GATEWAY_API: [&str; 5] = ["GatewayClass", "Gateway", "HTTPRoute", "GRPCRoute", "ReferenceGrant"];

/// Documents as they would stand in a file.
pub fn as_yaml(objects: &[Value]) -> String {
    objects.iter().map(|object| serde_yaml::to_string(object).unwrap()).collect::<Vec<_>>().join("---\n")
}

/// Folder of upstream's definitions of a line.
pub fn folder_of(line: &str) -> Option<&'static str> {
    match line {
        "kgateway-2.1" => Some("kgateway/v2.1.x-0d040525b"),
        "agentgateway-2.2" => Some("kgateway/v2.2.0"),
        "agentgateway-1.0" => Some("agentgateway/v1.0.1"),
        "agentgateway-1.1" => Some("agentgateway/v1.1.0"),
        "agentgateway-1.2" => Some("agentgateway/v1.2.1"),
        "agentgateway-1.3" => Some("agentgateway/v1.3.1"),
        "agentgateway-1.4" => Some("agentgateway/v1.4.1"),
        _ => None,
    }
}

/// Folder of the Gateway API that the guides of a line install.
pub fn bundle_of(line: &ReleaseLine) -> &'static str {
    match line.gateway_api_recommended.minor {
        4 => "v1.4.1",
        5 => "v1.5.1",
        _ => "v1.6.1",
    }
}

/// Upstream's definitions of a line and of the Gateway API that its guides install; `None`, with a note, where they are not
/// at hand.
pub fn definitions_of(line: &ReleaseLine) -> Option<Vec<Value>> {
    let crds = upstream().join("crds");
    let Some(folder) = folder_of(&line.name).map(|folder| crds.join(folder)).filter(|folder| folder.is_dir()) else {
        println!("skipped: no upstream definitions of {}", line.name);
        return None;
    };
    let bundle = bundle_of(line);
    let mut found = read(crds.join(format!("gateway-api/{bundle}/standard-install.yaml")));
    found.retain(|object| {
        let kind = object["spec"]["names"]["kind"].as_str().unwrap_or_default();
        object["kind"] == "CustomResourceDefinition" && GATEWAY_API.contains(&kind)
    });
    let mut own: Vec<Value> = Vec::new();
    for name in &line.definitions {
        let (plural, group) = name.split_once('.').unwrap();
        own.extend(read(folder.join(format!("{group}_{plural}.yaml"))));
    }
    let names: Vec<_> = own.iter().map(|definition| definition["metadata"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, line.definitions, "the data names what the chart brings");
    found.extend(own);
    Some(found)
}

fn read(file: PathBuf) -> Vec<Value> {
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let options = serde_yaml::options! { budget: None };
    serde_yaml::from_multiple_with_options(&text, options).unwrap()
}

/// The API server.
pub struct Judge {
    server: RealApiServer,
    paths: Vec<(String, String, String)>,
}

impl Judge {
    /// Starts one with definitions; `None`, with a note, where the programs are not at hand.
    pub async fn start(definitions: &[Value]) -> Option<Self> {
        let server = RealApiServer::start().await?;
        for definition in definitions {
            let (status, answer) = server.post(DEFINITIONS, definition).await;
            assert_eq!(status, 201, "{}", answer["message"]);
        }
        let namespace = serde_json::json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo"}});
        server.post("/api/v1/namespaces", &namespace).await;
        let mut paths = Vec::new();
        for definition in definitions {
            let spec = &definition["spec"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            for version in spec["versions"].as_array().unwrap().iter().filter(|version| version["served"] == true) {
                let group_version = format!("{}/{}", text(&spec["group"]), text(&version["name"]));
                let plural = text(&spec["names"]["plural"]);
                server.wait_for(&format!("/apis/{group_version}/{plural}"), |_| true).await;
                let path = format!("/apis/{group_version}/namespaces/demo/{plural}");
                paths.push((group_version, text(&spec["names"]["kind"]), path));
            }
        }
        Some(Self { server, paths })
    }

    /// Whether an object would be created, unknown fields being errors.
    pub async fn judge(&self, object: &Value) -> (u16, Value) {
        let is_it = |path: &&(String, String, String)| object["apiVersion"] == path.0 && object["kind"] == path.1;
        let found = self.paths.iter().find(is_it);
        let (_, _, path) =
            found.unwrap_or_else(|| panic!("the line has no {} {}", object["apiVersion"], object["kind"]));
        self.server.post(&format!("{path}?dryRun=All&fieldValidation=Strict"), object).await
    }
}
