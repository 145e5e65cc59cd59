//! Services that are asked about requests.

use super::{access::service_host, limits::bytes, reader::Reader};
use crate::gateway::table::{BodyMode, Callee, ExtAuth, ExtAuthProtocol, ExtProc, ObjectName};
use serde_json::Value;

impl Reader<'_> {
    pub(super) fn ext_auth(&mut self, spec: &Value) {
        self.only("traffic.extAuth", spec, &["backendRef", "failureMode", "forwardBody", "grpc", "http"]);
        let service = self.callee(&spec["backendRef"], "extAuth");
        let protocol = match spec.get("http") {
            Some(http) => self.ext_auth_over_http(http),
            None => {
                self.only("traffic.extAuth.grpc", &spec["grpc"], &["contextExtensions"]);
                let extensions = spec["grpc"]["contextExtensions"].as_object().into_iter().flatten();
                let pair = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
                ExtAuthProtocol::Grpc(extensions.filter_map(pair).collect())
            }
        };
        let forward_body = bytes(&spec["forwardBody"]["maxSize"]);
        let fail_open = spec["failureMode"] == "FailOpen";
        self.policies.ext_auth = Some(ExtAuth { service, protocol, forward_body, fail_open });
    }

    fn ext_auth_over_http(&mut self, http: &Value) -> ExtAuthProtocol {
        self.only("traffic.extAuth.http", http, &["path", "allowedRequestHeaders", "allowedResponseHeaders"]);
        let names = |field: &str| {
            let names = http[field].as_array().into_iter().flatten().filter_map(Value::as_str);
            names.map(str::to_ascii_lowercase).collect()
        };
        ExtAuthProtocol::Http {
            path: http["path"].as_str().and_then(|text| self.cel(text, "extAuth http path")),
            request_headers: names("allowedRequestHeaders"),
            response_headers: names("allowedResponseHeaders"),
        }
    }

    pub(super) fn ext_proc(&mut self, spec: &Value) {
        self.only("traffic.extProc", spec, &["backendRef", "failureMode", "processingOptions"]);
        let options = &spec["processingOptions"];
        for (field, value) in options.as_object().into_iter().flatten() {
            // The rest is done as the API server's defaults have it.
            if !field.ends_with("BodyMode") && *value != "Send" && *value != false {
                self.lacks(format!("traffic.extProc.processingOptions.{field}"));
            }
        }
        if spec["failureMode"] == "FailOpen" {
            self.lacks("traffic.extProc.failureMode".to_owned());
        }
        let mode = |field: &str| match options[field].as_str() {
            Some("None") => BodyMode::None,
            Some("Buffered" | "BufferedPartial") => BodyMode::Buffered,
            _ => BodyMode::Streamed,
        };
        let service = self.callee(&spec["backendRef"], "extProc");
        let (request_body, response_body) = (mode("requestBodyMode"), mode("responseBodyMode"));
        self.policies.ext_proc = Some(ExtProc { service, request_body, response_body });
    }

    /// The Service that a reference leads to; what is wrong with it is told as `what` being not built.
    pub(super) fn callee(&mut self, reference: &Value, what: &str) -> Option<Callee> {
        let name = reference["name"].as_str().unwrap_or_default();
        let namespace = reference["namespace"].as_str().unwrap_or(self.namespace);
        if reference["kind"].as_str().is_some_and(|kind| kind != "Service") || namespace != self.namespace {
            self.lacks(format!("{what} with a backendRef that is no Service of its namespace"));
            return None;
        }
        let key = ObjectName { namespace: namespace.to_owned(), name: name.to_owned() };
        if !self.snapshot.services.contains_key(&key) {
            self.problems.push(format!("failed to build {what}: unable to find the Service {key}"));
            return None;
        }
        let port = reference["port"].as_u64().and_then(|port| port.try_into().ok())?;
        Some(Callee { host: service_host(namespace, name), port })
    }
}
