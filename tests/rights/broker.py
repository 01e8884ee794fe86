"""A broker of strong identification on this machine: publishes itself, gives a code, signs an ID token."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "fluxio-tests", "a secret of tests"


class Broker:
    """`claims` is what it says of whoever comes; `changes` what it signs wrongly (a test of ours sets it)."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.claims: dict = {}
        self.changes: dict = {}
        self.signs_with = self.key
        self.asked: dict[str, dict] = {}
        self.codes = 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, address: str) -> str:
        """What its pages do with the person: the address to which they are sent back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        self.codes += 1
        code = f"code-{self.codes}"
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token_for(self, form: dict) -> dict | None:
        asked = self.asked.pop(form.get("code", ""), None)
        if asked is None:
            return None
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if challenge.decode() != asked["code_challenge"]:
            return None
        now = int(time.time())
        plain = {"iss": self.issuer, "aud": CLIENT, "sub": "x", "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, plain | self.claims | self.changes, self.signs_with)
        return {"access_token": "t", "token_type": "Bearer", "id_token": signed}

    def _handler(broker):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path.endswith("/openid-configuration"):
                    base = broker.issuer
                    self._say({
                        "issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
                        "jwks_uri": f"{base}/keys",
                    })  # fmt: skip
                else:
                    self._say({"keys": [broker.key.as_dict(private=False)]})

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
                found = broker.token_for(form)
                self._say(found or {"error": "invalid_grant"}, 200 if found else 400)

            def _say(self, what, status=200):
                body = json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                return

        return Handler
