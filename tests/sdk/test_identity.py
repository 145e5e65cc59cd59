"""The identity provider against verifiers and OAuth clients that are not ours."""

import base64
import json
import os
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt as jose
from joserfc.errors import ExpiredTokenError
from joserfc.jwk import KeySet

# It listens on this machine alone.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
PATIENCE = 20
BACK = "http://127.0.0.1:4711/back"


@pytest.fixture
def issuer(mocks):
    return mocks.urls["identity"]


@pytest.fixture
def mint(mocks):
    return lambda **wish: mocks.call("POST", "/mock/identity/tokens", wish)["token"]


def verified(token, issuer, audience="agw-sandbox"):
    """The claims, by PyJWT, with a set of keys that is fetched anew."""
    key = jwt.PyJWKClient(f"{issuer}/jwks", timeout=PATIENCE).get_signing_key_from_jwt(token)
    required = {"require": ["exp", "iss", "aud", "sub"]}
    return jwt.decode(token, key, algorithms=["ES256", "RS256"], audience=audience, issuer=issuer, options=required)


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_good_token(issuer, mint, algorithm):
    token = mint(subject="a", algorithm=algorithm, claims={"team": "x", "groups": ["one", "two"]}, audience=["gw", "b"])
    claims = verified(token, issuer, "gw")
    assert (claims["sub"], claims["team"], claims["groups"]) == ("a", "x", ["one", "two"])
    keys = KeySet.import_key_set(requests.get(f"{issuer}/jwks", timeout=PATIENCE).json())
    again = jose.decode(token, keys, algorithms=[algorithm])
    assert again.claims == claims
    jose.JWTClaimsRegistry(iss={"essential": True, "value": issuer}).validate(again.claims)


@pytest.mark.parametrize(
    "wish, refusal",
    [
        ({"flaws": ["expired"]}, jwt.ExpiredSignatureError),
        ({"flaws": ["notYet"]}, jwt.ImmatureSignatureError),
        ({"flaws": ["wrongIssuer"]}, jwt.InvalidIssuerError),
        ({"flaws": ["wrongAudience"]}, jwt.InvalidAudienceError),
        ({"flaws": ["wrongKey"]}, jwt.InvalidSignatureError),
        ({"flaws": ["wrongKey"], "algorithm": "RS256"}, jwt.InvalidSignatureError),
        ({"flaws": ["rotated"]}, jwt.PyJWKClientError),
        ({"flaws": ["noKid"]}, jwt.PyJWTError),
        ({"flaws": ["algNone"]}, jwt.PyJWTError),
        ({"without": ["exp"]}, jwt.MissingRequiredClaimError),
    ],
)
def test_a_bad_token(issuer, mint, wish, refusal):
    with pytest.raises(refusal):
        verified(mint(**wish), issuer)


def test_an_expired_token_for_jose(issuer, mint):
    keys = KeySet.import_key_set(requests.get(f"{issuer}/jwks", timeout=PATIENCE).json())
    token = jose.decode(mint(flaws=["expired"]), keys, algorithms=["ES256"])
    with pytest.raises(ExpiredTokenError):
        jose.JWTClaimsRegistry().validate(token.claims)


def test_a_rotation(mocks, issuer, mint):
    realm = f"{issuer}/realms/rotated"
    before = mint(realm="rotated")
    assert verified(before, realm)["iss"] == realm
    mocks.call("POST", "/mock/identity/rotate", {"realm": "rotated"})
    with pytest.raises(jwt.PyJWKClientError):
        verified(before, realm)
    assert verified(mint(realm="rotated"), realm)


def test_keys_that_are_wrong(issuer, mint):
    realm = f"{issuer}/realms/bad-key"
    with pytest.raises((jwt.InvalidSignatureError, jwt.PyJWKClientError)):
        verified(mint(realm="bad-key"), realm)
    with pytest.raises(jwt.PyJWKClientError):
        verified(mint(realm="down"), f"{issuer}/realms/down")


def consent(url):
    """Where the browser is sent."""
    answer = requests.get(url, allow_redirects=False, timeout=PATIENCE)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def test_a_code_with_pkce(issuer):
    found = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=PATIENCE).json()
    assert found["issuer"] == issuer and found["code_challenge_methods_supported"] == ["S256"]
    verifier = base64.urlsafe_b64encode(os.urandom(48)).decode()
    with OAuth2Session("app", redirect_uri=BACK, scope="openid email", code_challenge_method="S256") as session:
        session.token_endpoint_auth_method = "none"
        url, state = session.create_authorization_url(found["authorization_endpoint"], code_verifier=verifier, nonce="n1")
        assert create_s256_code_challenge(verifier) in url
        location = consent(url)
        assert parse_qs(urlsplit(location).query)["iss"] == [issuer]
        asked = {"authorization_response": location, "code_verifier": verifier, "state": state}
        token = session.fetch_token(found["token_endpoint"], **asked)
        assert verified(token["id_token"], issuer, "app")["nonce"] == "n1"
        assert verified(token["access_token"], issuer)["scope"] == "openid email"
        assert session.get(found["userinfo_endpoint"]).json()["sub"] == "sandbox-user"
        fresh = session.refresh_token(found["token_endpoint"])
        assert fresh["access_token"] != token["access_token"]
        with pytest.raises(OAuthError, match="invalid_grant"):
            session.fetch_token(found["token_endpoint"], **asked)


def test_a_code_without_its_verifier(issuer):
    with OAuth2Session("app", redirect_uri=BACK, code_challenge_method="S256") as session:
        session.token_endpoint_auth_method = "none"
        url, state = session.create_authorization_url(f"{issuer}/authorize", code_verifier="v" * 43)
        with pytest.raises(OAuthError, match="invalid_grant"):
            asked = {"authorization_response": consent(url), "code_verifier": "w" * 43, "state": state}
            session.fetch_token(f"{issuer}/token", **asked)
        url, _ = session.create_authorization_url(f"{issuer}/authorize")
        assert parse_qs(urlsplit(consent(url)).query)["error"] == ["invalid_request"]


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_client_in_its_own_name(issuer, method):
    with OAuth2Session("my app", "s%cret", token_endpoint_auth_method=method) as session:
        token = session.fetch_token(f"{issuer}/token", grant_type="client_credentials", audience="gw")
        assert verified(token["access_token"], issuer, "gw")["client_id"] == "my app"
        answer = session.introspect_token(f"{issuer}/introspect", token=token["access_token"])
        assert json.loads(answer.text)["active"] is True
    with OAuth2Session("app", "invalid", token_endpoint_auth_method=method) as session, pytest.raises(OAuthError, match="invalid_client"):
        session.fetch_token(f"{issuer}/token", grant_type="client_credentials")
