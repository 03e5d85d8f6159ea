"""« Mon compte »: how one is named, where one is signed in, one's address."""

from typing import Any

from allauth.account.views import EmailView
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptes import appareils, preuve, sessions
from comptes import donnees as mes_donnees
from comptes.forms import Fermeture, Profil
from comptes.models import Utilisateur
from comptes.views.connexion import CodeDeReponse


@method_decorator([never_cache, login_required], name="dispatch")
class Adresse(CodeDeReponse, EmailView):
    template_name = "account/adresse.html"

    def form_valid(self, form: BaseForm) -> HttpResponseBase:
        return super().form_valid(form) if preuve.recente(self.request) else preuve.demander(self.request)


@method_decorator([login_required, never_cache], name="dispatch")
class Sessions(ListUserSessionsView):
    template_name = "comptes/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contexte = super().get_context_data(**kwargs)
        contexte["appareils"] = [(appareils.nommer(session.user_agent), session) for session in contexte["sessions"]]
        return contexte

    def form_valid(self, form: BaseForm) -> HttpResponse:
        sessions.finir_les_autres(self.request)
        return super().form_valid(form)


@login_required
@never_cache
def compte(request: HttpRequest) -> HttpResponse:
    """« Mon compte »: how one is named and credited."""
    # Another instance than the one of the session: a refused form must not change the name shown in the banner.
    personne = get_object_or_404(Utilisateur, pk=request.user.pk)
    formulaire = Profil(request.POST or None, instance=personne)
    if request.method == "POST" and formulaire.is_valid():
        formulaire.save()
        messages.success(request, "Vos préférences sont enregistrées.")
        return redirect("compte")
    identites = SocialAccount.objects.filter(user=personne).order_by("date_joined") if settings.PROCONNECT else []
    contexte = {"formulaire": formulaire, "proconnect": bool(settings.PROCONNECT), "identites": identites}
    return render(request, "comptes/compte.html", contexte, status=422 if formulaire.errors else 200)


@require_safe
@login_required
@never_cache
def donnees(request: HttpRequest) -> HttpResponse:
    """« Mes données »: take them away, or leave."""
    return render(request, "comptes/donnees.html", {"formulaire": Fermeture()})


@require_safe
@login_required
@never_cache
@preuve.exigee
def exporter(request: HttpRequest) -> HttpResponse:
    """Everything the site knows of the person, as a JSON file."""
    personne = get_object_or_404(Utilisateur, pk=request.user.pk)
    reponse = JsonResponse(mes_donnees.exporter(personne), json_dumps_params={"ensure_ascii": False, "indent": 2})
    reponse["Content-Disposition"] = f'attachment; filename="mes-donnees-{timezone.localdate()}.json"'
    return reponse


@login_required
@never_cache
def supprimer(request: HttpRequest) -> HttpResponseBase:
    """Ask that the account be closed, a week from now."""
    formulaire = Fermeture(request.POST or None)
    if request.method != "POST" or not formulaire.is_valid():
        contexte = {"formulaire": formulaire}
        return render(request, "comptes/donnees.html", contexte, status=422 if formulaire.errors else 200)
    if not preuve.recente(request):
        return preuve.demander(request)
    personne = get_object_or_404(Utilisateur, pk=request.user.pk)
    mes_donnees.demander_fermeture(personne, garder_nom=formulaire.cleaned_data["nom"] == "garder")
    logout(request)
    messages.success(request, "Votre compte sera fermé dans sept jours. Un courriel vous dit comment le garder.")
    return redirect("accueil")
