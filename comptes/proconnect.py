"""ProConnect: the OpenID Connect of French public agents (docs/decisions/0025), for whom the operator asked it.

allauth carries the exchange; what it leaves out is here: a nonce, user information that is a signed token, and nothing
believed before its signature, issuer, audience and nonce are.
"""

import secrets
from typing import Any

import jwt
import requests
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.crypto import constant_time_compare

NOM = "proconnect"
CLE_DE_SESSION = "proconnect"  # what ending the session over there will need
ALGORITHMES = ["RS256", "ES256"]
NIVEAUX = ("eidas1", "eidas2", "eidas3")  # how sure they are of who it is: the first is asked, the next are welcome
ATTENDUS = {"issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"}
LONGUEUR_DE_SUB = 191  # what allauth can keep
DELAI = 5  # seconds
TOLERANCE = 30  # seconds between their clock and ours


class ReponseIncroyable(OAuth2Error):
    """What the provider answered must not be believed."""


class SessionHttp(requests.Session):
    """Requests that do not wait long, follow nothing, and for which a failure of the provider is a failure."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        reponse = super().request(*args, **{"timeout": DELAI, "allow_redirects": False, **kwargs})
        if reponse.status_code >= 500:
            reponse.raise_for_status()
        return reponse


def application() -> SocialApp | None:
    """Return what allauth wants to know of the provider, None when there is none."""
    if not settings.PROCONNECT:
        return None
    return SocialApp(
        provider="openid_connect",
        provider_id=NOM,
        name="ProConnect",
        client_id=settings.PROCONNECT["client_id"],
        secret=settings.PROCONNECT["client_secret"],
        settings={"server_url": settings.PROCONNECT["url"]},
    )


class Echanges(OpenIDConnectOAuth2Adapter):
    """The requests from our server to the provider's."""

    etat: dict[str, Any]  # what was put aside when the person left for the provider

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, NOM)

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_openid_config"):
            lue = _json(SessionHttp().get(self.get_provider().server_url))
            if not lue.keys() >= ATTENDUS or lue["issuer"] != self.get_provider().app.settings["server_url"]:
                raise ReponseIncroyable("issuer")
            self._openid_config = lue
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return settings.SITE_URL + reverse("proconnect_retour")

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Return who came, once both tokens are proven to say the same person."""
        jeton = kwargs["response"].get("id_token", "")
        identite = self._lire(jeton, app, exige=["iss", "aud", "exp", "sub", "nonce"])
        if not constant_time_compare(str(identite["nonce"]), self.etat["nonce"]):
            raise ReponseIncroyable("nonce")
        self._verifier_destinataire(identite, app.client_id)
        if self.etat.get("niveau_demande") and identite.get("acr") not in NIVEAUX:
            raise ReponseIncroyable("acr")
        reponse = SessionHttp().get(self.profile_url, headers={"Authorization": f"Bearer {token.token}"})
        if reponse.status_code != 200 or not reponse.headers.get("Content-Type", "").startswith("application/jwt"):
            raise ReponseIncroyable("userinfo")
        infos = self._lire(reponse.text, app, exige=["iss", "aud", "sub"])
        if infos["sub"] != identite["sub"] or not 0 < len(infos["sub"]) <= LONGUEUR_DE_SUB:
            raise ReponseIncroyable("sub")
        fin = self.openid_config.get("end_session_endpoint", "")
        request.session[CLE_DE_SESSION] = {"jeton": jeton, "fin": fin}
        return self.get_provider().sociallogin_from_response(request, {"userinfo": infos})

    @staticmethod
    def _verifier_destinataire(identite: dict[str, Any], client: str) -> None:
        """Refuse a token made for somebody else, of which we are only one of the readers (OIDC Core 3.1.3.7)."""
        plusieurs = isinstance(identite["aud"], list) and len(identite["aud"]) > 1
        if (plusieurs or "azp" in identite) and identite.get("azp") != client:
            raise ReponseIncroyable("azp")

    def _lire(self, jeton: str, app: SocialApp, *, exige: list[str]) -> dict[str, Any]:
        """Return what a token says, if the provider signed it, for us, and not long ago."""
        config = self.openid_config
        try:
            # Their key decides of the algorithm, among those we know: never the token.
            cle = jwt.PyJWKSet.from_dict(_json(SessionHttp().get(config["jwks_uri"])))[
                jwt.get_unverified_header(jeton)["kid"]
            ]
            return jwt.decode(
                jeton,
                cle,
                algorithms=ALGORITHMES,
                audience=app.client_id,
                issuer=config["issuer"],
                leeway=TOLERANCE,
                options={"require": exige},
            )
        except (jwt.PyJWTError, KeyError) as erreur:
            raise ReponseIncroyable("jeton") from erreur


class ProConnect(OpenIDConnectProvider):
    oauth2_adapter_class = Echanges

    def get_oauth2_adapter(self, request: HttpRequest) -> Echanges:
        if not hasattr(self, "_echanges"):
            self._echanges = Echanges(request)
        return self._echanges

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return ["openid", "given_name", "usual_name", "email", "siret"]

    def get_pkce_params(self) -> dict[str, str]:
        """Bind the code to this browser where the provider knows how: ProConnect refuses what it does not expect."""
        methodes = self.get_oauth2_adapter(self.request).openid_config.get("code_challenge_methods_supported", [])
        self.app.settings["oauth_pkce_enabled"] = "S256" in methodes
        return super().get_pkce_params()

    def redirect(self, request: HttpRequest, process: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        nonce = secrets.token_urlsafe(32)
        parametres = {"nonce": nonce}
        demande = NIVEAUX[0] in self.get_oauth2_adapter(request).openid_config.get("acr_values_supported", [])
        if demande:
            parametres["acr_values"] = NIVEAUX[0]
        # Neither the process, nor the scope, nor any parameter comes from the address: one signs in, no more.
        kwargs["auth_params"] = parametres
        return super().redirect(request, "login", *args, nonce=nonce, niveau_demande=demande, **kwargs)

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        infos = data["userinfo"]
        prenom, nom, email = (_texte(infos.get(champ)) for champ in ("given_name", "usual_name", "email"))
        return {"email": email, "name": f"{prenom} {nom}".strip()[:100]}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []  # an address is proven by a code of ours, not by somebody's word

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}  # what is of no use is not kept


def _json(reponse: requests.Response) -> dict[str, Any]:
    if reponse.status_code != 200:
        raise ReponseIncroyable(str(reponse.status_code))
    lu = reponse.json()
    if not isinstance(lu, dict):
        raise ReponseIncroyable("json")
    return lu


def _texte(dit: Any) -> str:
    """Return a claim as one line of text, whatever was put in it."""
    return "".join(filter(str.isprintable, dit)).strip() if isinstance(dit, str) else ""
