"""Pages of a dispositif and of a local instance."""

from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dispositifs.models import Articulation, Dispositif, DispositifLocal
from fiches.gabarits import Nature
from fiches.models import Repere
from fiches.views import ou_retrait

VOISINES = 3


@require_safe
@ou_retrait(Nature.DISPOSITIF)
def dispositif(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a kind of scheme: one query for the fiche and its points of knowledge, three for what is linked."""
    visibles = Dispositif.objects.visibles_pour()
    nb_locaux = Count("locaux", filter=Q(locaux__etat="publiee"))
    reperes = Repere.objects.filter(fiches=OuterRef("pk")).values(
        lu=JSONObject(sujet="sujet", texte="texte", source="source")
    )
    fiche = get_object_or_404(visibles.annotate(nb_locaux=nb_locaux, a_savoir=ArraySubquery(reperes)), slug=slug)
    locaux = list(fiche.locaux.visibles_pour().en_cartes()[:VOISINES])
    actions = list(fiche.actions.visibles_pour().en_cartes()[:VOISINES])
    articulations = articulations_de(fiche)
    sommaire_suite = [
        *([("missions", "Missions")] if fiche.rendu["missions"] else []),
        *([("articulations", "Articulations")] if articulations else []),
        *([("reperes", "Repères")] if fiche.a_savoir else []),  # type: ignore[attr-defined]  # annotated
    ]
    a_comparer = dict.fromkeys([*request.GET.getlist("d"), fiche.slug])  # what one was comparing goes along
    contexte = {
        "fiche": fiche,
        "etapes": [("Fiches", reverse("catalogue")), ("Dispositifs", reverse("dispositifs"))],
        "locaux": locaux,
        "nb_locaux": fiche.nb_locaux,  # type: ignore[attr-defined]  # annotated
        "actions": actions,
        "articulations": articulations,
        "sommaire_suite": sommaire_suite,
        "comparer": f"{reverse('comparer')}?{urlencode([('d', d) for d in a_comparer])}",
    }
    return render(request, "dispositifs/dispositif.html", contexte)


def articulations_de(fiche: Dispositif) -> list[dict]:
    """Return the links of a dispositif read from its side, one for each other dispositif and kind of link."""
    liens = Articulation.objects.filter(Q(de=fiche) | Q(vers=fiche)).select_related("de", "vers")
    lues: dict[tuple[str, int], dict] = {}
    for lien in sorted(liens, key=lambda lien: lien.de_id != fiche.pk):  # what this fiche says of itself comes first
        sortant = lien.de_id == fiche.pk
        autre, mots = (lien.vers, lien.get_type_display()) if sortant else (lien.de, lien.reciproque)
        if autre.etat == autre.Etat.PUBLIEE:
            lues.setdefault((mots, autre.pk), {"mots": mots, "autre": autre, "precision": lien.precision})
    return list(lues.values())


@require_safe
@ou_retrait(Nature.LOCAL)
def local(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a local scheme, with what else is known of its territories."""
    jour = timezone.localdate()
    visibles = DispositifLocal.objects.visibles_pour().avec_etat(jour).select_related("dispositif")
    fiche = get_object_or_404(visibles, slug=slug)
    voisines = DispositifLocal.objects.visibles_pour().exclude(pk=fiche.pk)
    contexte = {
        "fiche": fiche,
        "etapes": [("Fiches", reverse("catalogue")), ("Dispositifs locaux", reverse("dispositifs_locaux"))],
        "voisines": list(voisines.sur_territoires(fiche.territoires.values("pk")).en_cartes()[:VOISINES]),
        "sommaire_suite": [],
    }
    return render(request, "dispositifs/local.html", contexte)
