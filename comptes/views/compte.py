"""« Mon compte »: how one is named, where one is signed in, one's address."""

from allauth.account.views import EmailView
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from comptes.forms import Profil
from comptes.models import Utilisateur
from comptes.views.connexion import CodeDeReponse


@method_decorator(never_cache, name="dispatch")
class Adresse(CodeDeReponse, EmailView):
    template_name = "account/adresse.html"


@method_decorator([login_required, never_cache], name="dispatch")
class Sessions(ListUserSessionsView):
    template_name = "comptes/sessions.html"


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
    return render(request, "comptes/compte.html", {"formulaire": formulaire}, status=400 if formulaire.errors else 200)
