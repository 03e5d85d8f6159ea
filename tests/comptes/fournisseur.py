"""A small OpenID Connect provider, real enough to be spoken to: `with Fournisseur() as fournisseur: …`.

It listens on 127.0.0.1, signs with RSA keys of its own, keeps codes for one use, and checks the secret, the address of
return and PKCE. What a test wants it to do wrong is an attribute.
"""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLE, AUTRE_CLE = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
PKCE = {"code_challenge_methods_supported": ["S256"], "acr_values_supported": ["eidas0", "eidas1"]}


class Fournisseur:
    client_id, secret = "site", "secret-du-site"

    def __init__(self) -> None:
        self.agent: dict[str, Any] = {
            "sub": "agent-1", "given_name": "Camille", "usual_name": "Martin", "email": "camille@ville.example",
            "siret": "21760540100010",
        }  # fmt: skip
        self.decouverte: dict[str, Any] = dict(PKCE)  # what it says it knows
        self.jeton: dict[str, Any] = {}  # claims to put in the identity token, whatever they should be
        self.infos: dict[str, Any] = {}  # the same in the user information
        self.cle = {"jeton": CLE, "infos": CLE}
        self.algorithme = "RS256"
        self.infos_en_json = False
        self.refuse = ""  # an error, instead of a code
        self.pannes: dict[str, int] = {}  # a status for a path
        self.codes: dict[str, dict[str, str]] = {}
        self.acces: set[str] = set()
        self.vus: list[tuple[str, dict[str, str]]] = []  # what was asked

    def __enter__(self) -> "Fournisseur":
        moi = self

        class Guichet(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                moi.repondre(self, dict(parse_qsl(urlsplit(self.path).query)))

            def do_POST(self) -> None:
                corps = self.rfile.read(int(self.headers["Content-Length"])).decode()
                moi.repondre(self, {nom: valeurs[-1] for nom, valeurs in parse_qs(corps).items()})

            def log_message(self, *_: Any) -> None:
                pass

        self.serveur = ThreadingHTTPServer(("127.0.0.1", 0), Guichet)
        self.serveur.daemon_threads = True
        Thread(target=self.serveur.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.serveur.shutdown()
        self.serveur.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.serveur.server_address[1]}/api/v2"

    @property
    def reglages(self) -> dict[str, str]:
        return {"url": self.url, "client_id": self.client_id, "client_secret": self.secret}

    def repondre(self, guichet: BaseHTTPRequestHandler, demande: dict[str, str]) -> None:
        chemin = urlsplit(guichet.path).path.removeprefix("/api/v2")
        self.vus.append((chemin, demande))
        if chemin in self.pannes:
            return self._ecrire(guichet, self.pannes[chemin], {"error": "panne"})
        if chemin == "/.well-known/openid-configuration":
            adresses = {f"{nom}_endpoint": f"{self.url}/{nom}" for nom in ("authorization", "token", "userinfo")}
            fixes = {"issuer": self.url, "jwks_uri": f"{self.url}/jwks", "end_session_endpoint": f"{self.url}/fin"}
            return self._ecrire(guichet, 200, {**adresses, **fixes, **self.decouverte})
        if chemin == "/jwks":
            cle = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(CLE.public_key()))
            return self._ecrire(guichet, 200, {"keys": [{**cle, "kid": "une", "alg": "RS256", "use": "sig"}]})
        if chemin == "/authorization":
            return self._autoriser(guichet, demande)
        if chemin == "/token":
            return self._echanger(guichet, demande)
        if chemin == "/userinfo":
            return self._informer(guichet)
        if chemin == "/fin":
            return self._rediriger(guichet, demande["post_logout_redirect_uri"], state=demande["state"])
        return self._ecrire(guichet, 404, {})

    def _autoriser(self, guichet: BaseHTTPRequestHandler, demande: dict[str, str]) -> None:
        assert demande["client_id"] == self.client_id and demande["response_type"] == "code"
        assert len(demande["state"]) >= 32 and len(demande["nonce"]) >= 32
        if self.refuse:
            return self._rediriger(guichet, demande["redirect_uri"], error=self.refuse, state=demande["state"])
        code = secrets.token_urlsafe(16)
        self.codes[code] = demande
        return self._rediriger(guichet, demande["redirect_uri"], code=code, state=demande["state"])

    def _echanger(self, guichet: BaseHTTPRequestHandler, demande: dict[str, str]) -> None:
        vu = self.codes.pop(demande.get("code", ""), None)
        moi = (demande.get("client_id"), demande.get("client_secret")) == (self.client_id, self.secret)
        if vu is None or not moi or vu["redirect_uri"] != demande["redirect_uri"] or not _pkce(vu, demande):
            return self._ecrire(guichet, 400, {"error": "invalid_grant"})
        acces = secrets.token_urlsafe(16)
        self.acces.add(acces)
        dit = {"sub": self.agent["sub"], "nonce": vu["nonce"], "exp": int(time.time()) + 60, "acr": "eidas1"}
        jeton = self._signer("jeton", {**dit, **self.jeton})
        return self._ecrire(guichet, 200, {"access_token": acces, "token_type": "Bearer", "id_token": jeton})

    def _informer(self, guichet: BaseHTTPRequestHandler) -> None:
        if guichet.headers["Authorization"].removeprefix("Bearer ") not in self.acces:
            return self._ecrire(guichet, 401, {"error": "invalid_token"})
        infos = {**self.agent, **self.infos}
        if self.infos_en_json:
            return self._ecrire(guichet, 200, infos)
        return self._envoyer(guichet, 200, self._signer("infos", infos).encode(), "application/jwt")

    def _signer(self, quoi: str, dit: dict[str, Any]) -> str:
        complet = {"iss": self.url, "aud": self.client_id, "iat": int(time.time()), **dit}
        cle = {"RS256": self.cle[quoi], "HS256": self.secret * 4, "none": None}[self.algorithme]
        return jwt.encode({k: v for k, v in complet.items() if v is not None}, cle, self.algorithme, {"kid": "une"})

    def _ecrire(self, guichet: BaseHTTPRequestHandler, code: int, contenu: dict[str, Any]) -> None:
        self._envoyer(guichet, code, json.dumps(contenu).encode(), "application/json")

    def _rediriger(self, guichet: BaseHTTPRequestHandler, adresse: str, **parametres: str) -> None:
        self._envoyer(guichet, 303, b"", "text/plain", Location=f"{adresse}?{urlencode(parametres)}")

    def _envoyer(self, guichet: BaseHTTPRequestHandler, code: int, corps: bytes, genre: str, **entetes: str) -> None:
        guichet.send_response(code)
        for nom, valeur in {"Content-Type": genre, "Content-Length": str(len(corps)), **entetes}.items():
            guichet.send_header(nom, valeur)
        guichet.end_headers()
        guichet.wfile.write(corps)


def _pkce(vu: dict[str, str], demande: dict[str, str]) -> bool:
    if "code_challenge" not in vu:
        return "code_verifier" not in demande
    resume = hashlib.sha256(demande.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(resume).rstrip(b"=").decode() == vu["code_challenge"]
