"""The second factor: an application that gives codes, access keys, and spare codes to print."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as allauth
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as secours
from allauth.mfa.totp import views as application
from allauth.mfa.webauthn import views as cles
from csp.decorators import csp_update
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from comptes.views.connexion import CodeDeReponse


class Prouve:
    """Whoever has just proved to hold this factor is not asked for it again, to see the spare codes."""

    request: HttpRequest
    type_de_facteur: str

    def form_valid(self, form: BaseForm) -> HttpResponse:
        reponse = super().form_valid(form)  # type: ignore[misc]
        record_authentication(
            self.request, self.request.user, method="mfa", type=self.type_de_facteur, reauthenticated=True
        )
        return reponse


jamais_en_cache = method_decorator(never_cache, name="dispatch")


@jamais_en_cache
class Accueil(allauth.IndexView):
    template_name = "comptes/second_facteur/accueil.html"


class Verifier(CodeDeReponse, allauth.AuthenticateView):
    template_name = "comptes/second_facteur/verifier.html"


@jamais_en_cache
class Confirmer(CodeDeReponse, allauth.ReauthenticateView):
    template_name = "comptes/second_facteur/confirmer.html"


@jamais_en_cache
@method_decorator(csp_update({"img-src": ["data:"]}), name="dispatch")  # the QR code
class Application(CodeDeReponse, Prouve, application.ActivateTOTPView):
    type_de_facteur = Authenticator.Type.TOTP
    template_name = "comptes/second_facteur/application.html"


@jamais_en_cache
class RetirerApplication(application.DeactivateTOTPView):
    template_name = "comptes/second_facteur/retirer_application.html"


@jamais_en_cache
class Secours(secours.ViewRecoveryCodesView):
    template_name = "comptes/second_facteur/secours.html"


@jamais_en_cache
class NouveauxSecours(secours.GenerateRecoveryCodesView):
    template_name = "comptes/second_facteur/nouveaux_secours.html"


class TelechargerSecours(secours.DownloadRecoveryCodesView):
    template_name = "comptes/second_facteur/secours.txt"

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        reponse = super().render_to_response(context, **kwargs)
        reponse["Content-Disposition"] = 'attachment; filename="codes-de-secours.txt"'
        return reponse


@jamais_en_cache
class Cles(cles.ListWebAuthnView):
    template_name = "comptes/second_facteur/cles.html"


@jamais_en_cache
class AjouterCle(CodeDeReponse, Prouve, cles.AddWebAuthnView):
    type_de_facteur = Authenticator.Type.WEBAUTHN
    template_name = "comptes/second_facteur/ajouter_cle.html"


@jamais_en_cache
class RetirerCle(cles.RemoveWebAuthnView):
    template_name = "comptes/second_facteur/retirer_cle.html"


@jamais_en_cache
class ConfirmerParCle(cles.ReauthenticateWebAuthnView):
    template_name = "comptes/second_facteur/confirmer_par_cle.html"


ConnexionParCle = cles.LoginWebAuthnView
