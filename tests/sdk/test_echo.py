"""The echo against clients that are not ours: gRPC, WebSocket, and TLS by OpenSSL."""

import json
import socket
import ssl
import urllib.parse

import grpc
import pytest
import requests
from websockets.sync.client import connect

PATIENCE = 20
# OpenSSL, X509_V_ERR_CERT_HAS_EXPIRED, _HOSTNAME_MISMATCH, _UNABLE_TO_GET_ISSUER_CERT_LOCALLY and _SELF_SIGNED_CERT_IN_CHAIN.
EXPIRED, WRONG_HOST, UNKNOWN = [10], [62, 64], [19, 20]


@pytest.fixture(scope="module")
def trust(mocks, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trust")
    material = mocks.call("GET", "/trust")
    for name, text in [("ca", "authority"), ("client", "clientCertificate"), ("key", "clientKey")]:
        (folder / name).write_text(material[text])
    return folder


def test_http(mocks):
    answer = requests.post(f"{mocks.urls['echo']}/a?b=1", data=b"hello", headers={"x-one": "1"}, timeout=PATIENCE).json()
    assert (answer["method"], answer["target"], answer["body"]) == ("POST", "/a?b=1", "hello")
    assert ["x-one", "1"] in answer["headers"]


def test_grpc(mocks):
    with grpc.insecure_channel(urllib.parse.urlsplit(mocks.urls["echo"]).netloc) as channel:
        answer, call = channel.unary_unary("/any.Service/Method").with_call(b"hello", metadata=[("x-one", "1")], timeout=PATIENCE)
        received = json.loads(dict(call.initial_metadata())["echo-received-bin"])
        assert answer == b"hello" and ["x-one", "1"] in received["headers"]
        assert (received["target"], received["protocol"]) == ("/any.Service/Method", "HTTP/2.0")
        messages = [b"a", b"", b"c" * 100_000]
        assert list(channel.stream_stream("/any.Service/Method")(iter(messages), timeout=PATIENCE)) == messages
        with pytest.raises(grpc.RpcError) as refused:
            channel.unary_unary("/nothing")(b"", timeout=PATIENCE)
        assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_websocket(mocks):
    url = mocks.urls["echo"].replace("http:", "ws:")
    with connect(f"{url}/chat?a=1", subprotocols=["one", "two"], additional_headers={"x-one": "1"}, proxy=None) as talk:
        assert talk.subprotocol == "one"
        greeting = json.loads(talk.recv(PATIENCE))
        assert greeting["target"] == "/chat?a=1" and ["x-one", "1"] in greeting["headers"]
        for message in ["hello", b"\xff\x00", "x" * 200_000]:
            talk.send(message)
            assert talk.recv(PATIENCE) == message


def test_tls(mocks, trust):
    answer = requests.get(f"{mocks.urls['echo-tls']}/", verify=trust / "ca", timeout=PATIENCE).json()
    assert answer["tls"]["version"] == "TLSv1_3" and answer["clientCertificate"] is None


def test_mutual_tls(mocks, trust):
    url = f"{mocks.urls['echo-mtls']}/"
    pair = (str(trust / "client"), str(trust / "key"))
    certificate = requests.get(url, verify=trust / "ca", cert=pair, timeout=PATIENCE).json()["clientCertificate"]
    assert certificate["pem"] == (trust / "client").read_text() and certificate["names"] == ["sandbox-client"]
    with pytest.raises(requests.exceptions.RequestException):
        requests.get(url, verify=trust / "ca", timeout=PATIENCE)


@pytest.mark.parametrize("mock, trusts, codes", [
    ("echo-expired", True, EXPIRED),
    ("echo-wrong-host", True, WRONG_HOST),
    ("echo-tls", False, UNKNOWN),
])
def test_certificates_that_are_wrong(mocks, trust, mock, trusts, codes):
    address = urllib.parse.urlsplit(mocks.urls[mock])
    context = ssl.create_default_context(cafile=trust / "ca" if trusts else None)
    with pytest.raises(ssl.SSLCertVerificationError) as refused:
        with socket.create_connection((address.hostname, address.port), PATIENCE) as line:
            context.wrap_socket(line, server_hostname=address.hostname)
    assert refused.value.verify_code in codes, refused.value
