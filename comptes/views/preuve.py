"""Proving again who one is, by a code sent to the present address: for accounts without a second factor."""

from typing import Any

from allauth.account.views import BaseReauthenticateView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from comptes import preuve, sessions
from comptes.forms import CodeDePreuve
from comptes.views.connexion import CodeDeReponse, PageDeCode


@method_decorator([never_cache, login_required, sessions.une_a_la_fois], name="dispatch")
class ProuverParCode(CodeDeReponse, PageDeCode, BaseReauthenticateView):
    form_class = CodeDePreuve
    template_name = "comptes/preuve.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._process = preuve.ParCode.reprendre(request)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self._process and request.POST.get("action") != "envoyer":
            return super().post(request, *args, **kwargs)
        if not preuve.ParCode.demander(request):
            messages.error(request, "Trop de demandes. Attendez un peu, puis recommencez.")
        return redirect(self.passthrough_next_url(request.path))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "code": self._process and self._process.code}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "envoye": bool(self._process)}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        self._process.finir()
        return super().form_valid(form)

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        if self.etourderie(form) or self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))
        messages.error(self.request, "Trop d’essais. Demandez un autre code.")
        return redirect(self.passthrough_next_url(self.request.path))
