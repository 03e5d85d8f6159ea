"""An access key made of code: it answers as a browser would hand its answer to the site."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

SITE = "http://testserver"
PRESENTE, VERIFIEE, ATTESTEE = 0x01, 0x04, 0x40


class CleLogicielle:
    def __init__(self, numero: bytes = b"cle numero un...") -> None:
        self.numero = numero
        self.privee = ec.generate_private_key(ec.SECP256R1())

    def ajouter(self, options: Mapping[str, Any], *, origine: str = SITE, compteur: int = 0) -> dict[str, Any]:
        """Return the answer to « add a key »."""
        publique = cbor.encode(dict(ES256.from_cryptography_key(self.privee.public_key())))
        attestee = bytes(16) + len(self.numero).to_bytes(2, "big") + self.numero + publique
        donnees = self._donnees(options["rp"]["id"], PRESENTE | VERIFIEE | ATTESTEE, compteur) + attestee
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": donnees})
        client = self._client("webauthn.create", options["challenge"], origine)
        reponse = {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(attestation)}
        return {**self._enveloppe(reponse), "clientExtensionResults": {"credProps": {"rk": True}}}

    def signer(self, options: Mapping[str, Any], personne, *, origine: str = SITE, compteur: int = 0) -> dict[str, Any]:
        """Return the answer to « sign in »."""
        donnees = self._donnees(options["rpId"], PRESENTE | VERIFIEE, compteur)
        client = self._client("webauthn.get", options["challenge"], origine)
        signature = self.privee.sign(donnees + sha256(client).digest(), ec.ECDSA(SHA256()))
        reponse = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(donnees),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(user_pk_to_url_str(personne).encode()),
        }
        return {**self._enveloppe(reponse), "clientExtensionResults": {}}

    def _enveloppe(self, reponse: dict[str, str]) -> dict[str, Any]:
        numero = websafe_encode(self.numero)
        return {"id": numero, "rawId": numero, "type": "public-key", "response": reponse}

    @staticmethod
    def _donnees(site: str, drapeaux: int, compteur: int) -> bytes:
        return sha256(site.encode()).digest() + bytes([drapeaux]) + compteur.to_bytes(4, "big")

    @staticmethod
    def _client(type_: str, defi: str, origine: str) -> bytes:
        return json.dumps({"type": type_, "challenge": defi, "origin": origine}).encode()
