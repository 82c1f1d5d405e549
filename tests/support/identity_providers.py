"""A small OpenID Connect provider on this machine: real keys, real codes, and ways to misbehave."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "shipworthy", "a secret: of both"


@dataclass
class SmallProvider:
    """A provider whose one account signs in at once; tests change what it says."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False))
    account: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    signed_by: RSAKey | OctKey | None = None
    algorithm: str = "RS256"
    discovery: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def visit(self, address: str) -> dict[str, str]:
        """Sign the account in at an address of ours, as a browser would; returns what it brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str, fields: dict[str, str], authorization: str) -> tuple[int, object]:
        """Answer one request of ours."""
        self.asked.append(path)
        if path.startswith("/authorize?"):
            back = parse_qs(urlsplit(path).query)["redirect_uri"][0]
            return 302, f"{back}?{urlencode(self.visit(path))}"
        if path == "/.well-known/openid-configuration":
            return 200, self._metadata()
        if path == "/keys":
            return 200, KeySet([self.key]).as_dict(private=False)
        if path == "/token":
            return self._token(fields, authorization)
        return 404, {"error": "unknown"}

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.discovery

    def _token(self, fields: dict[str, str], authorization: str) -> tuple[int, object]:
        asked = self.codes.pop(fields.get("code", ""), None)
        if asked is None or fields.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(fields["code_verifier"].encode()).digest()).decode()
        if challenge.rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if not self._is_client(fields, authorization):
            return 401, {"error": "invalid_client"}
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "account-1",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        told = {name: value for name, value in (told | self.account | self.claims).items() if name not in self.left_out}
        header = {"alg": self.algorithm, "kid": "one"}
        token = jwt.encode(header, told, self.signed_by or self.key, algorithms=[self.algorithm])
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": token}

    def _is_client(self, fields: dict[str, str], authorization: str) -> bool:
        if authorization:
            name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            return (unquote(name), unquote(secret)) == (CLIENT_ID, CLIENT_SECRET)
        return (fields.get("client_id"), fields.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)


@contextmanager
def small_provider() -> Iterator[SmallProvider]:
    """Serve a provider at a port of this machine."""
    provider = SmallProvider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(content).items()})

        def _answer(self, fields: dict[str, str]) -> None:
            status, told = provider.answer(self.path, fields, self.headers.get("Authorization", ""))
            content = json.dumps(told).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", str(told))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 - the library's name

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
