//! Extra authorities and proxies on the way to a registry.

use super::told;
use agw_sandbox::chart::{ChartSource, Logins, Mirrors, Network, Supply, SupplyOptions};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

/// Answers 403 to one request after the other and tells the first line of each.
async fn refuse(mut stream: impl AsyncRead + AsyncWrite + Unpin, seen: mpsc::UnboundedSender<String>) {
    let mut request = vec![0; 4096];
    let Ok(length) = stream.read(&mut request).await else { return };
    let line = String::from_utf8_lossy(&request[..length]).lines().next().unwrap_or_default().to_owned();
    let _ = seen.send(line);
    let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
    let _ = stream.shutdown().await;
}

async fn listening(tls: Option<TlsAcceptor>) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            match &tls {
                None => refuse(stream, sender.clone()).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        refuse(stream, sender.clone()).await;
                    }
                }
            }
        }
    });
    (address, receiver)
}

async fn answer(mirror: &str, network: Network) -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cache = tempfile::tempdir().unwrap();
    let mirrors = Mirrors::parse(&format!("{{cr.agentgateway.dev: {{host: '{mirror}'}}}}")).unwrap();
    let options = SupplyOptions { cache: cache.path().to_owned(), mirrors, network, logins: Logins::default() };
    let chart = ChartSource::parse("oci://cr.agentgateway.dev/charts/agentgateway:1.4.1").unwrap();
    told(&Supply::new(options).resolve(&[chart], &[]).await.unwrap_err())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_is_trusted_only_where_it_is_named() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("ca.pem");
    std::fs::write(&authority, format!("# ours\n{}", key.cert.pem())).unwrap();
    let private = rustls::pki_types::PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap();
    let config =
        rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![key.cert.der().clone()], private);
    let (address, _seen) = listening(Some(TlsAcceptor::from(Arc::new(config.unwrap())))).await;
    let place = format!("https://localhost:{}", address.port());
    let told = answer(&place, Network::default()).await;
    assert!(told.starts_with("CHART-07") && told.contains("its certificate is not trusted"), "{told}");
    let told = answer(&place, Network::default().trusting(&[authority]).unwrap()).await;
    assert!(told.starts_with("CHART-04"), "{told}");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    assert!(Network::default().trusting(&[empty]).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_is_asked_except_for_loopback() {
    let (proxy, mut seen) = listening(None).await;
    let mut network = Network::default();
    network.http_proxy = Some(format!("http://{proxy}"));
    let told = answer("http://registry.test", network.clone()).await;
    assert!(told.starts_with("CHART-04: registry.test refuses"), "{told}");
    assert!(seen.recv().await.unwrap().contains("http://registry.test/v2/"));
    while seen.try_recv().is_ok() {}
    let told = answer("127.0.0.1:1", network).await;
    assert!(told.starts_with("CHART-07") && seen.try_recv().is_err(), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_where_tls_is_expected_is_told() {
    let (address, _seen) = listening(None).await;
    let told = answer(&format!("https://localhost:{}", address.port()), Network::default()).await;
    assert!(told.starts_with("CHART-07") && told.contains("seems to speak plain HTTP"), "{told}");
}
