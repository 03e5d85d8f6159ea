"""Signing in and opening an account: the views of allauth, with our status codes."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account import views as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage, LoginStage
from allauth.core import ratelimit
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator

from comptes import sessions
from comptes.cadence import en_cadence
from comptes.horloge import du_futur
from comptes.inscription import Inscription
from comptes.liaison import oublier_attente
from courriels import plafonds

ESSAIS = {"essai_de_code": "30/m/ip,10/10m/key"}


class CodeDeReponse:
    """A form sent with errors comes back with status 422, as everywhere on the site."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        formulaire = context.get("form")
        if formulaire is not None and formulaire.is_bound and formulaire.errors:
            kwargs.setdefault("status", 422)
        return super().render_to_response(context, **kwargs)  # type: ignore[misc]


class PageDeCode:
    """A page where one copies a code: a slip of the keyboard is no try, and tries at the same time are counted."""

    request: HttpRequest
    _process: Any

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if du_futur(self._process.state["at"]):
            self._process.abort()
            return redirect(request.path if request.user.is_authenticated else "account_login")
        # Were the lock of the session not enough: the tries of a code are counted in the base too.
        cle = f"{request.session.session_key}:{self._process.state['at']}"
        refus = ratelimit.consume_or_429(request, action="essai_de_code", config=ESSAIS, key=cle)
        return refus or super().post(request, *args, **kwargs)  # type: ignore[misc]

    @staticmethod
    def etourderie(form: BaseForm) -> bool:
        return form.has_error("code", "malforme") or form.has_error("code", "required")

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        if self.etourderie(form):
            return self.render_to_response(self.get_context_data(form=form))  # type: ignore[attr-defined]
        return super().form_invalid(form)  # type: ignore[misc]


@method_decorator(en_cadence, name="dispatch")
class Connexion(CodeDeReponse, allauth.RequestLoginCodeView):
    template_name = "account/connexion.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        vue = super().dispatch
        if settings.PROCONNECT:  # the form that leads there
            parties = urlsplit(settings.PROCONNECT["url"])
            vue = csp_update({"form-action": [f"{parties.scheme}://{parties.netloc}"]})(vue)
        return vue(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "email": self.request.GET.get("email", "")[:254]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "proconnect": bool(settings.PROCONNECT)}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        oublier_attente(self.request)
        return super().form_valid(form)

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponseBase | None:
        """Let one correct the address instead of being sent back to the code."""
        ecartee = stage.login.user and sessions.interrompue(request, stage.login.user)
        if "changer" in request.GET or request.method == "POST" or ecartee:
            clear_login(request)
            return None
        return super()._redirect_to_pending_stage(request, stage)


@method_decorator([en_cadence, sessions.une_a_la_fois], name="dispatch")
class Code(CodeDeReponse, PageDeCode, allauth.ConfirmLoginCodeView):
    template_name = "account/code.html"

    def _verify_form_valid(self, form: BaseForm) -> HttpResponse:
        personne = self._process.user
        if sessions.commence_trop_tot(personne, self._process.state["at"]):
            self._process.abort()
            messages.warning(self.request, "Ce code ne vaut plus rien : les connexions ont été arrêtées. Recommencez.")
            return redirect("account_login")
        rester = form.cleaned_data["rester"] and not personne.est_moderateur
        self.request.session.set_expiry(settings.DUREE_RESTER_CONNECTE if rester else 0)
        # The code proves the address: without this row (a command made the account) allauth would ask for another code.
        EmailAddress.objects.get_or_create(user=personne, email=self._process.state["email"])
        return super()._verify_form_valid(form)

    def _resend_form_valid(self, form: BaseForm) -> HttpResponse:
        reponse = super()._resend_form_valid(form)
        if self._process.user is None:
            self._process.state.pop("code", None)  # nobody got it: it must open nothing
            self._process.persist()
            get_adapter(self.request).faire_semblant(self._process.state["email"])
        return reponse


@method_decorator(en_cadence, name="dispatch")
class OuvrirUnCompte(CodeDeReponse, allauth.SignupView):
    template_name = "account/inscription.html"

    def form_valid(self, form: BaseForm) -> HttpResponse:
        adresse, deja = form.cleaned_data["email"], form.account_already_exists  # type: ignore[attr-defined]
        return Inscription.demander(self.request, adresse, deja=deja, suite=self.get_success_url())

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponseBase | None:
        if "changer" in request.GET and stage.key == EmailVerificationStage.key:
            clear_login(request)
            return None
        return super()._redirect_to_pending_stage(request, stage)


@method_decorator([en_cadence, sessions.une_a_la_fois], name="dispatch")
class Confirmation(CodeDeReponse, PageDeCode, allauth.ConfirmEmailVerificationCodeView):
    template_name = "account/confirmation.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if Inscription.attendue(self._process.state):
            self._process = Inscription(request, self._process.state)
        return super().post(request, *args, **kwargs)

    def _verify_form_valid(self, form: BaseForm) -> HttpResponse:
        if isinstance(self._process, Inscription):
            return self._process.ouvrir(self.stage and self.stage.login.redirect_url)
        return super()._verify_form_valid(form)

    def _resend_form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            plafonds.verifier(self._process.state["email"])
        except ValidationError as refus:
            messages.error(self.request, refus.message)
            return redirect("account_email_verification_sent")
        return super()._resend_form_valid(form)


class Inactif(allauth.AccountInactiveView):
    template_name = "account/inactif.html"
