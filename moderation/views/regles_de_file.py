"""The rules of the queue at the desk: read, changed, withdrawn."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptes.acces import moderateur_requis
from contributions.models import RegleDeFile
from contributions.redaction.formulaire_expire import rend_le_texte
from moderation.forms.gestes import RaisonDuChangement
from moderation.forms.regles_de_file import SaisieRegleDeFile
from moderation.gestes import GESTES
from moderation.views.ecrits import changer_l_etat, enregistrer, etat_et_histoire


@never_cache
@require_safe
@moderateur_requis
def lister(request: HttpRequest) -> HttpResponse:
    """All the rules. One query besides who asks."""
    contexte = {"regles": RegleDeFile.objects.all(), "etapes": [("Modération", reverse("moderation"))]}
    return render(request, "moderation/regles_de_file.html", contexte)


@rend_le_texte
@never_cache
@moderateur_requis
def changer(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the numbers of the rule and their reason, withdraw it or put it back."""
    regle = get_object_or_404(RegleDeFile, pk=pk)
    if request.method != "POST":
        return _page(request, regle)
    if request.POST.get("verbe") in GESTES[RegleDeFile]:
        return changer_l_etat(request, regle, request.POST["verbe"], _page)
    fait = "La règle est enregistrée : elle trie ainsi dès maintenant."
    return enregistrer(request, regle, SaisieRegleDeFile, _page, route="regle_de_file", fait=fait)


def _page(
    request: HttpRequest,
    regle: RegleDeFile,
    saisie: SaisieRegleDeFile | None = None,
    *,
    raison: RaisonDuChangement | None = None,
    status: int = 200,
    empechement: str = "",
) -> HttpResponse:
    contexte = {
        "ecrit": regle,
        "ici": str(regle),
        "saisie": saisie or SaisieRegleDeFile(ecrit=regle),
        "empechement": empechement,
        "etapes": [("Modération", reverse("moderation")), ("Règles de la file", reverse("regles_de_file"))],
        **etat_et_histoire(regle, raison),
    }
    return render(request, "moderation/regle_de_file.html", contexte, status=status)
