"""« Mes territoires »: what a moderator looks after."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from comptes.acces import moderateur_requis
from contributions.models import Portee
from contributions.redaction.formulaire_expire import rend_le_texte
from moderation.forms.portee import AjoutTerritoire, ThemesSuivis
from territoires.models import Territoire
from territoires.recherche import chercher


@rend_le_texte
@never_cache
@moderateur_requis
def choisir(request: HttpRequest) -> HttpResponse:
    """Territories found by name or code, one added or removed at a time; themes ticked."""
    sienne, _ = Portee.objects.get_or_create(utilisateur=request.user)  # type: ignore[misc]
    ajout = AjoutTerritoire(request.GET if "q" in request.GET else None)
    themes = ThemesSuivis(initial={"themes": sienne.themes.all()})
    if request.method == "POST":
        verbe = request.POST.get("verbe")
        if verbe in ("ajouter", "retirer"):
            _changer(request, sienne, verbe)
            return redirect("portee")
        themes = ThemesSuivis(request.POST)
        if themes.is_valid():
            sienne.themes.set(themes.cleaned_data["themes"])
            messages.success(request, "Vos thématiques sont enregistrées.")
            return redirect("portee")
    trouves = chercher(ajout.cleaned_data["q"]) if ajout.is_bound and ajout.is_valid() else []
    contexte = {
        "portee": sienne,
        "territoires": sienne.territoires.order_by("nature", "nom"),
        "ajout": ajout,
        "trouves": trouves,
        "cherche": ajout.is_bound and not ajout.errors,
        "themes": themes,
        "etapes": [("Modération", reverse("moderation"))],
    }
    return render(
        request, "moderation/portee.html", contexte, status=422 if themes.errors else 400 if ajout.errors else 200
    )


def _changer(request: HttpRequest, portee: Portee, verbe: str) -> None:
    territoire = Territoire.objects.designes_par([request.POST.get("territoire", "")]).first()
    if territoire is None:
        messages.error(request, "Ce territoire n’existe pas.")
    elif verbe == "ajouter":
        portee.territoires.add(territoire)
        messages.success(request, f"{territoire} est dans votre portée.")
    else:
        portee.territoires.remove(territoire)
        messages.success(request, f"{territoire} n’est plus dans votre portée.")
