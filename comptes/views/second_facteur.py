"""The second factor: an application that gives codes, access keys, and spare codes to print."""

from copy import copy
from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from allauth.mfa.base import views as allauth
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as secours
from allauth.mfa.totp import views as application
from allauth.mfa.webauthn import views as cles
from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from comptes import preuve, sessions
from comptes.views.connexion import CodeDeReponse, Connexion

DEFIS = {"defi_de_cle": "20/m/ip,100/h/ip,300/d/ip"}


class Change:
    """Changing what protects an account: after a fresh proof, and what was open elsewhere ends."""

    request: HttpRequest

    def form_valid(self, form: BaseForm) -> HttpResponse:
        with transaction.atomic():
            reponse = super().form_valid(form)  # type: ignore[misc]
            sessions.finir_les_autres(self.request)
        return reponse


class Prouve(Change):
    """Whoever has just proved to hold this factor is not asked for it again, to see the spare codes."""

    type_de_facteur: str

    def form_valid(self, form: BaseForm) -> HttpResponse:
        reponse = super().form_valid(form)
        record_authentication(
            self.request, self.request.user, method="mfa", type=self.type_de_facteur, reauthenticated=True
        )
        return reponse


jamais_en_cache = method_decorator(never_cache, name="dispatch")
protege = method_decorator([never_cache, login_required, preuve.exigee], name="dispatch")


@jamais_en_cache
class Accueil(allauth.IndexView):
    template_name = "comptes/second_facteur/accueil.html"


@method_decorator(sessions.une_a_la_fois, name="dispatch")
class Verifier(CodeDeReponse, allauth.AuthenticateView):
    template_name = "comptes/second_facteur/verifier.html"

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        reponse = super().form_invalid(form)
        reponse.status_code = HTTPStatus.UNPROCESSABLE_ENTITY  # whichever of the two forms it was
        return reponse


@jamais_en_cache
class Confirmer(CodeDeReponse, allauth.ReauthenticateView):
    template_name = "comptes/second_facteur/confirmer.html"


@protege
@method_decorator(csp_update({"img-src": ["data:"]}), name="dispatch")  # the QR code
class Application(CodeDeReponse, Prouve, application.ActivateTOTPView):
    type_de_facteur = Authenticator.Type.TOTP
    template_name = "comptes/second_facteur/application.html"

    def form_valid(self, form: BaseForm) -> HttpResponse:
        reponse = super().form_valid(form)
        # The code that activates has been used: it opens nothing else.
        Authenticator.objects.get(user=self.request.user, type=self.type_de_facteur).wrap().validate_code(
            form.cleaned_data["code"]
        )
        return reponse


@protege
class RetirerApplication(CodeDeReponse, Change, application.DeactivateTOTPView):
    template_name = "comptes/second_facteur/retirer_application.html"


@protege
class Secours(secours.ViewRecoveryCodesView):
    template_name = "comptes/second_facteur/secours.html"


@protege
class NouveauxSecours(CodeDeReponse, Change, secours.GenerateRecoveryCodesView):
    template_name = "comptes/second_facteur/nouveaux_secours.html"


@protege
class TelechargerSecours(secours.DownloadRecoveryCodesView):
    template_name = "comptes/second_facteur/secours.txt"

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        reponse = super().render_to_response(context, **kwargs)
        reponse["Content-Disposition"] = 'attachment; filename="codes-de-secours.txt"'
        return reponse


@jamais_en_cache
class Cles(cles.ListWebAuthnView):
    template_name = "comptes/second_facteur/cles.html"


@protege
class AjouterCle(CodeDeReponse, Prouve, cles.AddWebAuthnView):
    type_de_facteur = Authenticator.Type.WEBAUTHN
    template_name = "comptes/second_facteur/ajouter_cle.html"


@protege
class RetirerCle(Change, cles.RemoveWebAuthnView):
    template_name = "comptes/second_facteur/retirer_cle.html"


@jamais_en_cache
class ConfirmerParCle(CodeDeReponse, cles.ReauthenticateWebAuthnView):
    template_name = "comptes/second_facteur/confirmer_par_cle.html"

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        return self.render_to_response({**self.get_context_data(), "form": form})


@method_decorator(sessions.une_a_la_fois, name="dispatch")
class SeConnecterParCle(cles.LoginWebAuthnView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Each challenge is kept in a session: they are limited too.
        refus = ratelimit.consume_or_429(request, action="defi_de_cle", config=DEFIS, limit_get=True)
        return refus or super().get(request, *args, **kwargs)

    def form_invalid(self, form: BaseForm) -> HttpResponseBase:
        """Show the page to sign in, even to whoever waits for a code."""
        messages.error(self.request, str(form.errors["credential"][0]))
        demande = copy(self.request)
        demande.method, demande.GET = "GET", QueryDict("changer")
        page = Connexion.as_view()(demande)
        page.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return page
