//! The echo, over everything that it speaks.

use super::stand::{PATIENCE, Stand, answer};
use agw_sandbox::exchange::TrustMaterial;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use reqwest::{Certificate, Client, Identity, Method};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn everything_received_comes_back() {
    let stand = Stand::start().await;
    let request = stand.request("echo", Method::PATCH, "/a%20b/c?x=1&x=2").header("x-one", "1").header("x-two", "2");
    let (status, body) = answer(request.header("x-one", "3").bearer_auth("sk-secret").body("hello")).await;
    assert_eq!(status, 200);
    assert_eq!((&body["method"], &body["target"]), (&json!("PATCH"), &json!("/a%20b/c?x=1&x=2")));
    assert_eq!((&body["protocol"], &body["body"], &body["tls"]), (&json!("HTTP/1.1"), &json!("hello"), &Value::Null));
    let headers = body["headers"].as_array().unwrap();
    let ours: Vec<&Value> = headers.iter().filter(|pair| pair[0].as_str().unwrap().starts_with("x-")).collect();
    assert_eq!(ours, [&json!(["x-one", "1"]), &json!(["x-one", "3"]), &json!(["x-two", "2"])]);
    assert!(headers.contains(&json!(["authorization", "Bearer sk-secret"])), "the client may see what it sent");
    let recorded = format!("{:?}", stand.admin.all(None, None).await.unwrap());
    assert!(!recorded.contains("sk-secret"), "others may not: {recorded}");
    let (_, body) = answer(stand.request("echo", Method::POST, "/").body(vec![0xff, 0])).await;
    assert_eq!((&body["bodyBase64"], &body["body"]), (&json!("/wA="), &Value::Null));
    let h2c = Client::builder().tls_certs_only([]).no_proxy().http2_prior_knowledge().build().unwrap();
    let (_, body) = answer(h2c.get(format!("http://{}/", stand.address("echo")))).await;
    assert_eq!(body["protocol"], "HTTP/2.0");
}

fn trusting(material: &TrustMaterial) -> reqwest::ClientBuilder {
    let authority = Certificate::from_pem(material.authority.as_bytes()).unwrap();
    Client::builder().tls_certs_only([authority]).no_proxy().timeout(PATIENCE)
}

#[tokio::test]
async fn certificates_are_good_or_wrong_on_purpose() {
    let stand = Stand::start().await;
    let material = stand.admin.trust().await.unwrap();
    let url = |name: &str| format!("https://localhost:{}/", stand.address(name).port());
    let client = trusting(&material).build().unwrap();
    let (_, body) = answer(client.get(url("echo-tls"))).await;
    assert_eq!((&body["tls"]["version"], &body["tls"]["serverName"]), (&json!("TLSv1_3"), &json!("localhost")));
    assert_eq!((&body["tls"]["protocol"], &body["protocol"]), (&json!("h2"), &json!("HTTP/2.0")));
    for (name, reason) in
        [("echo-expired", "Expired"), ("echo-wrong-host", "NotValidForName"), ("echo-mtls", "CertificateRequired")]
    {
        let refusal = client.get(url(name)).send().await.unwrap_err();
        assert!(format!("{refusal:?}").contains(reason), "{name}: {refusal:?}");
    }
    let stranger = Client::builder().tls_certs_only([]).no_proxy().build().unwrap();
    let refusal = stranger.get(url("echo-tls")).send().await.unwrap_err();
    assert!(format!("{refusal:?}").contains("UnknownIssuer"), "{refusal:?}");
    let identity = format!("{}{}", material.client_certificate, material.client_key);
    let known = trusting(&material).identity(Identity::from_pem(identity.as_bytes()).unwrap()).build().unwrap();
    let (_, body) = answer(known.get(url("echo-mtls"))).await;
    let certificate = &body["clientCertificate"];
    assert_eq!(
        (&certificate["names"], &certificate["pem"]),
        (&json!(["sandbox-client"]), &json!(material.client_certificate))
    );
    assert_eq!(certificate["subject"], "O=agw-sandbox, CN=sandbox-client");
}

#[tokio::test]
async fn every_grpc_method_sends_the_messages_back() {
    let stand = Stand::start().await;
    let connection = TokioIo::new(TcpStream::connect(stand.address("echo")).await.unwrap());
    let (mut sender, driver) = hyper::client::conn::http2::handshake(TokioExecutor::new(), connection).await.unwrap();
    let driver = tokio::spawn(driver);
    let messages = Bytes::from_static(b"\0\0\0\0\x02hi\0\0\0\0\0");
    let table =
        [("/a.B/C", messages.clone(), "0"), ("/a.B/C", messages.slice(..6), "13"), ("/a", messages.clone(), "12")];
    for (path, body, status) in table {
        let request =
            http::Request::post(format!("http://echo{path}")).header("content-type", "application/grpc+proto");
        let request = request.header("te", "trailers").body(Full::new(body.clone())).unwrap();
        let response = sender.send_request(request).await.unwrap();
        assert!(response.headers().contains_key("echo-received-bin"));
        assert_eq!(response.headers()["content-type"], "application/grpc+proto");
        let collected = response.into_body().collect().await.unwrap();
        assert_eq!(collected.trailers().unwrap()["grpc-status"], status, "{path}");
        assert_eq!(collected.to_bytes(), if status == "0" { body } else { Bytes::new() });
    }
    driver.abort();
}

#[tokio::test]
async fn a_websocket_is_greeted_and_echoed() {
    let stand = Stand::start().await;
    let mut line = TcpStream::connect(stand.address("echo")).await.unwrap();
    // The key and its answer are those of RFC 6455, section 1.3.
    let request = "GET /chat HTTP/1.1\r\nHost: echo\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: a, b\r\n\r\n";
    line.write_all(request.as_bytes()).await.unwrap();
    let head = read_until(&mut line, b"\r\n\r\n").await.to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 101 ") && head.contains("s3pplmbitxaq9kygzzhzrbk+xoo="), "{head}");
    assert!(head.contains("sec-websocket-protocol: a\r\n"), "{head}");
    let greeting: Value = serde_json::from_slice(&read_message(&mut line).await).unwrap();
    assert_eq!((&greeting["target"], &greeting["method"]), (&json!("/chat"), &json!("GET")));
    // Text, masked with zeros.
    line.write_all(b"\x81\x82\0\0\0\0hi").await.unwrap();
    assert_eq!(read_message(&mut line).await, b"hi");
    let Stand { mocks, .. } = &stand;
    assert_eq!(mocks.recorder().all(Some("echo")).exchanges[0].sent.as_ref().unwrap().status, 101);
}

async fn read_until(line: &mut TcpStream, end: &[u8]) -> String {
    let mut read = Vec::new();
    while !read.ends_with(end) {
        read.push(line.read_u8().await.unwrap());
    }
    String::from_utf8(read).unwrap()
}

/// A message of the server, which masks nothing.
async fn read_message(line: &mut TcpStream) -> Vec<u8> {
    assert_eq!(line.read_u8().await.unwrap(), 0x81, "a whole text");
    let length = match line.read_u8().await.unwrap() {
        126 => usize::from(line.read_u16().await.unwrap()),
        length => usize::from(length),
    };
    let mut message = vec![0; length];
    line.read_exact(&mut message).await.unwrap();
    message
}
