//! The objects that put the reference gateway and the mocks into a cluster.

use crate::gateway::controller::{Family, Identity, Kind};
use serde_json::{Value, json};
use tera::{Context, Kwargs, State, Tera, TeraResult};

const CONTROLLER: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/manifests/reference/controller.yaml.tera"));
const MOCKS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/manifests/reference/mocks.yaml.tera"));

/// What the manifests of the reference gateway need to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceInstall {
    /// The image of this program, as the nodes know it.
    pub image: String,
    /// The release that is played, without `v`.
    pub release: String,
}

/// A manifest that is part of this program cannot be rendered.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("the manifest of {what} cannot be rendered: {reason}")]
#[diagnostic(code("GATEWAY-13"), help("This is a mistake in agw-sandbox: please report it."))]
pub struct InstallError {
    what: &'static str,
    reason: String,
}

impl ReferenceInstall {
    /// Namespace, ServiceAccount, permissions, Service and Deployment of the controller, in the order of their making. The
    /// definitions of Gateway API and of the gateway have to be there before.
    ///
    /// # Errors
    /// The template that is part of this program is wrong.
    pub fn controller(&self) -> Result<Vec<Value>, InstallError> {
        self.render("the controller", CONTROLLER)
    }

    /// Namespace, Services and Deployment of the mocks. The Deployment waits for the Secret `agw-mocks-admin`, whose entry
    /// `token` is what callers of the admin port bring.
    ///
    /// # Errors
    /// The template that is part of this program is wrong.
    pub fn mocks(&self) -> Result<Vec<Value>, InstallError> {
        self.render("the mocks", MOCKS)
    }

    /// What templates see: names and resources of the line that is played.
    fn view(&self) -> Value {
        let identity = Identity::of(&self.release);
        let family = Family::of(&self.release);
        let plural = |kind| family.resource(kind).plural;
        let resources = [Kind::Backend, Kind::Policy, Kind::Parameters, Kind::Model].map(plural);
        let statuses = [Kind::Backend, Kind::Policy].map(|kind| format!("{}/status", plural(kind)));
        json!({
            "image": self.image,
            "release": self.release,
            "name": identity.name,
            "namespace": identity.namespace,
            "group": family.resource(Kind::Backend).group,
            "resources": resources,
            "statuses": statuses,
        })
    }

    fn render(&self, what: &'static str, template: &'static str) -> Result<Vec<Value>, InstallError> {
        let broken = |reason: String| InstallError { what, reason };
        let mut tera = Tera::new();
        tera.autoescape_on(Vec::<&str>::new());
        tera.register_filter("to_json", to_json);
        tera.add_raw_templates([(what, template)]).map_err(|error| broken(error.to_string()))?;
        let context = Context::from_serialize(&self.view()).map_err(|error| broken(error.to_string()))?;
        let text = tera.render(what, &context).map_err(|error| broken(error.to_string()))?;
        serde_yaml::from_multiple(&text).map_err(|error| broken(error.to_string()))
    }
}

fn to_json(value: &tera::Value, _: Kwargs, _: &State) -> TeraResult<String> {
    serde_json::to_string(value).map_err(tera::Error::message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(objects: &[Value]) -> Vec<&str> {
        objects.iter().map(|object| object["kind"].as_str().unwrap()).collect()
    }

    #[test]
    fn the_manifests_hold_what_they_promise() {
        let install = ReferenceInstall { image: "agw-sandbox/self:\"1\"".to_owned(), release: "1.4.1".to_owned() };
        let controller = install.controller().unwrap();
        let expected = [
            "Namespace",
            "ServiceAccount",
            "ClusterRole",
            "ClusterRole",
            "ClusterRoleBinding",
            "Role",
            "RoleBinding",
            "Service",
            "Deployment",
        ];
        assert_eq!(kinds(&controller), expected);
        let container = &controller[8]["spec"]["template"]["spec"]["containers"][0];
        assert_eq!(container["image"], "agw-sandbox/self:\"1\"");
        assert_eq!(container["args"][3], "1.4.1");

        let old = ReferenceInstall { release: "2.1.3".to_owned(), ..install.clone() };
        let controller = old.controller().unwrap();
        assert_eq!(controller[8]["metadata"]["namespace"], "kgateway-system");
        assert_eq!(controller[8]["metadata"]["name"], "kgateway");
        let rules = controller[2]["rules"].to_string();
        assert!(rules.contains("trafficpolicies/status") && !rules.contains("agentgateway.dev"), "{rules}");

        let mocks = install.mocks().unwrap();
        let services = mocks.iter().filter(|object| object["kind"] == "Service");
        let names: Vec<&str> = services.map(|service| service["metadata"]["name"].as_str().unwrap()).collect();
        assert!(
            ["openai", "toolbox", "identity", "echo-tls", "ext-proc", "agw-mocks-admin"]
                .iter()
                .all(|name| names.contains(name))
        );
        let kinds = kinds(&mocks);
        assert_eq!((kinds[0], kinds[names.len() + 1], kinds.len()), ("Namespace", "Deployment", names.len() + 2));
    }
}
