"""« À rafraîchir »: the fiches nobody looked at for long, and the sources that no longer answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.verbes import retraits
from fiches.models import Fiche
from francais.nombres import entier
from panorama.forms import FiltreTerritoire
from veille.fraicheur import SEUILS, a_rafraichir
from veille.models import VerificationSource

PAR_PAGE = 40


@rend_le_texte
@never_cache
@login_required
def rafraichir(request: HttpRequest) -> HttpResponse:
    """For trusted accounts: what is oldest first, one click says that it is still true."""
    if not request.user.est_de_confiance:  # type: ignore[union-attr]  # login_required
        raise PermissionDenied("Il faut un compte de confiance.")
    if request.method == "POST":
        fiche = get_object_or_404(Fiche.objects.visibles_pour(), pk=entier(request.POST.get("fiche")))
        retraits.relire(fiche, par=request.user)
        messages.success(request, f"« {fiche} » est relue à la date d’aujourd’hui.")
        return redirect(request.get_full_path())
    fiches = a_rafraichir().en_cartes()
    formulaire = FiltreTerritoire(request.GET)
    valide = formulaire.is_valid()
    territoire = formulaire.cleaned_data.get("territoire")
    if territoire or not valide:
        fiches = fiches.concernant(territoire) if territoire else fiches.none()
    contexte = {
        "etapes": [("Modération", reverse("moderation"))] if request.user.est_moderateur else [],  # type: ignore[union-attr]
        "page": Paginator(fiches, PAR_PAGE).get_page(request.GET.get("page")),
        "formulaire": formulaire,
        "territoire": territoire,
        "seuils": [(nature.pluriel, seuil.days // 30) for nature, seuil in SEUILS.items()],
        "sources": VerificationSource.objects.a_remplacer(territoire),
    }
    return render(request, "moderation/rafraichir.html", contexte, status=200 if valide else 400)
