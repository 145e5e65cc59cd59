//! Every release line as its chart installs it: the values of the chart steer the reference gateway, the line's own
//! definitions take what is rendered, and traffic proves it.

use super::{Stand, condition, install_mocks, until};
use crate::lines::stand::bundle_of;
use crate::support::{StandIn, upstream};
use agw_sandbox::canonical::{GatewayRef, GatewaySpec, MockHosts, RenderContext, render, render_gateway};
use agw_sandbox::chart::images_of;
use agw_sandbox::release::{ReleaseLine, WantedRelease, lines};
use serde_json::{Value, json};

const WIRING: &str = r#"
backends:
  openai: {llm: openai, mock: {}, key: {fake: sk-1}}
  claude: {llm: anthropic, mock: {}, key: {fake: sk-1}}
routes:
  - {path: /openai, to: openai}
  - {path: /anthropic, to: claude}
  - {path: /limited, to: openai}
policies:
  - {on: {route: /limited}, rateLimit: {requests: 1, per: 1h}}
"#;

const GATEWAY: &str = "{name: ai-gateway, listeners: [{port: 80}], nodePort: 30080}";

#[tokio::test(flavor = "multi_thread")]
async fn charts_of_every_line_run_the_reference_gateway() {
    if std::env::var_os("AGW_REAL").is_none() {
        return println!("skipped: AGW_REAL=1 is not set");
    }
    let stand = match Stand::bare("agw-lines-test").await {
        Ok(stand) => stand,
        Err(reason) => return println!("skipped: {reason}"),
    };
    install_mocks(&stand);
    stand.available("agw-mocks", "agw-mocks").await;
    for line in lines() {
        let Some(charts) = StandIn::of(&line.name, &line.newest.to_string()) else { return };
        stand.timed(&line.name, Line { line, stand: &stand }.story(&charts)).await;
    }
}

struct Line<'a> {
    line: &'static ReleaseLine,
    stand: &'a Stand,
}

impl Line<'_> {
    async fn story(&self, charts: &StandIn) {
        self.install(charts).await;
        let objects = self.objects();
        self.stand.apply_objects(&objects);
        self.stand.available("default", "ai-gateway").await;
        self.answers().await;
        self.reports();
        // What refers to others goes first, the Gateway while its controller still runs.
        for object in objects.iter().rev() {
            self.stand.kubectl(&["delete", "-f", "-", "--wait"], Some(&object.to_string())).unwrap();
        }
        until("the proxy is gone", || self.stand.get(&["deployment", "ai-gateway"]).is_none().then_some(())).await;
        self.remove().await;
    }

    async fn install(&self, charts: &StandIn) {
        let bundle = upstream().join("crds/gateway-api").join(bundle_of(self.line)).join("standard-install.yaml");
        let bundle = bundle.display().to_string();
        self.stand.kubectl(&["apply", "--server-side", "--force-conflicts", "-f", &bundle], None).unwrap();
        let release = WantedRelease { line: self.line, version: self.line.newest.clone() };
        for image in images_of(&release).unwrap() {
            self.stand.call_image(&image.to_string());
        }
        let line = self.line;
        let definitions = self.stand.chart(&format!("{}-crds.tgz", line.name), &charts.definitions);
        let controller = self.stand.chart(&format!("{}.tgz", line.name), &charts.controller);
        let crds = format!("{}-crds", line.product);
        let place = ["-n", &line.namespace, "--create-namespace"];
        self.stand.helm(&[&["install", &crds, &definitions], &place[..]].concat());
        let values = ["--set", "controller.logLevel=debug,agentgateway.enabled=true", "--wait", "--timeout", "2m"];
        self.stand.helm(&[&["install", &line.product, &controller], &place[..], &values[..]].concat());
        self.stand.available(&line.namespace, &line.deployment).await;
        until("the class is accepted", || {
            let class = self.stand.get(&["gatewayclass", line.class()])?;
            assert_eq!(class["spec"]["controllerName"], line.controller_name.as_str());
            condition(&class["status"], "Accepted").filter(|accepted| accepted == "True Accepted")
        })
        .await;
    }

    /// Secrets, Gateway and wiring in the line's own words.
    fn objects(&self) -> Vec<Value> {
        let gateway: GatewaySpec = serde_yaml::from_str(GATEWAY).unwrap();
        let context = RenderContext {
            line: self.line.name.clone(),
            namespace: "default".to_owned(),
            gateway: GatewayRef { namespace: "default".to_owned(), name: gateway.name.clone() },
            hosts: Vec::new(),
            mocks: MockHosts::in_namespace("agw-mocks"),
        };
        let rendered = render(&serde_yaml::from_str(WIRING).unwrap(), &context).unwrap();
        let secrets = rendered.secrets.iter().map(|secret| {
            json!({
                "apiVersion": "v1", "kind": "Secret", "stringData": {"Authorization": "sk-1"},
                "metadata": {"name": secret.name, "namespace": secret.namespace},
            })
        });
        let gateway = render_gateway(&gateway, &self.line.name, "default").unwrap();
        secrets.chain(gateway).chain(rendered.objects).collect()
    }

    async fn answers(&self) {
        for path in ["/openai", "/anthropic", "/limited"] {
            let path = format!("{path}/v1/chat/completions");
            until(&format!("{path} answers"), || self.stand.try_chat(&path).filter(|status| *status == 200)).await;
        }
        let limited = "/limited/v1/chat/completions";
        assert_eq!(self.stand.try_chat(limited), Some(429), "{}: the policy is in effect", self.line.name);
    }

    /// The proxy is the one that the chart names, and the kinds of the line have their conditions.
    fn reports(&self) {
        let release = WantedRelease { line: self.line, version: self.line.newest.clone() };
        let [_, proxy] = images_of(&release).unwrap();
        let deployment = self.stand.get(&["deployment", "ai-gateway"]).unwrap();
        assert_eq!(deployment["spec"]["template"]["spec"]["containers"][0]["image"], proxy.to_string());
        let group = &self.line.api_group;
        let (backend, policy) = match self.line.product.as_str() {
            "kgateway" => ("backends", "trafficpolicies"),
            _ => ("agentgatewaybackends", "agentgatewaypolicies"),
        };
        let backend = self.stand.get(&[&format!("{backend}.{group}"), "openai"]).unwrap();
        assert_eq!(condition(&backend["status"], "Accepted").as_deref(), Some("True Accepted"), "{}", self.line.name);
        let policy = self.stand.get(&[&format!("{policy}.{group}"), "limited-limit"]).unwrap();
        let ancestor = &policy["status"]["ancestors"][0];
        assert_eq!(condition(ancestor, "Attached").as_deref(), Some("True Attached"), "{}", self.line.name);
        assert_eq!(ancestor["controllerName"], self.line.controller_name.as_str());
    }

    /// Helm leaves the class that the controller made.
    async fn remove(&self) {
        for release in [self.line.product.clone(), format!("{}-crds", self.line.product)] {
            self.stand.helm(&["uninstall", &release, "-n", &self.line.namespace, "--wait"]);
        }
        assert!(self.stand.get(&["gatewayclass", self.line.class()]).is_some());
        self.stand.kubectl(&["delete", "gatewayclass", self.line.class()], None).unwrap();
        for definition in &self.line.definitions {
            until("definitions are gone", || self.stand.get(&["crd", definition]).is_none().then_some(())).await;
        }
    }
}
