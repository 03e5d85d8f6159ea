"""What the base knows of a territory: its page, the territories like it."""

from django.db.models import Prefetch, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from panorama.concerne import cases, ce_qui_concerne, manques
from panorama.couverture import suivis_et_absences
from panorama.presences import presences
from panorama.resume import Actions, Detail, bornes, phrase
from panorama.semblables import POINTS, connues, lire, semblables
from territoires.millesimes import en_colonne
from territoires.models import Composition, Contact, Inclusion, Territoire, communes_du_quartier

QUARTIERS_MONTRES = 5  # all of them, with every state, are in the coverage
# What the page of each nature lists of what it contains (a commune has no more than its QPV).
CONTENUS_MONTRES = {
    "region": ("departement", "perimetre", "qpv"),
    "departement": ("perimetre", "epci", "qpv"),
    "perimetre": ("commune", "qpv"),
    "epci": ("commune", "qpv"),
    "commune": ("qpv",),
    "qpv": (),
}


@require_safe
def page(request: HttpRequest, nature: str, code: str) -> HttpResponse:
    """The page of a territory: what it is, what covers it and by which path, what is done there.

    Nine queries; a named perimeter takes two more, for its members and who says them.
    """
    territoire, parents, contenus = _famille(nature, code)
    if territoire.est_ferme:
        return _successeur(request, territoire)
    jour = timezone.localdate()
    concerne = ce_qui_concerne(territoire, jour)
    suivis, absences = suivis_et_absences(territoire)
    quartiers = contenus.get(Territoire.Nature.QPV, [])
    proches = lire(territoire)
    atteints = presences([lieu.pk for lieu in (*quartiers, *proches)], jour) if quartiers or proches else {}
    connues_ici = cases(territoire, concerne, suivis, absences, jour)
    tuiles = bornes(connues_ici, concerne, [atteints.get(quartier.pk, []) for quartier in quartiers])
    contexte = {
        "territoire": territoire,
        "parents": parents,
        "etapes": _etapes(parents),
        "contenus": contenus,
        "nombre_de_quartiers": len(quartiers),
        "bornes": tuiles,
        "phrase": phrase(tuiles),
        "detail": Detail.de(concerne),
        "actions": Actions.de(concerne),
        "manques": manques(connues_ici, concerne),
        "absences_en_partie": [absence for absence in absences if not absence.ici],
        "quartiers": [(quartier, atteints.get(quartier.pk, [])) for quartier in quartiers[:QUARTIERS_MONTRES]],
        "voisines": connues(territoire, proches, atteints),
        **_indicateurs(territoire),
        "contacts": Contact.objects.pour(territoire),
        "composition": _composition(territoire),
        "composition_exacte": Territoire.Nature.COMMUNE in contenus,  # the closure has nothing in what is not sure
    }
    return render(request, "panorama/territoire.html", contexte)


@require_safe
def ses_semblables(request: HttpRequest, nature: str, code: str) -> HttpResponse:
    """The territories most like this one, by a formula that the page gives, and what is done there and not here."""
    if nature not in POINTS:
        raise Http404
    territoire = get_object_or_404(
        Territoire.objects.situes().annotate(millesimes=en_colonne()), nature=nature, code=code
    )
    if territoire.est_ferme:
        return _successeur(request, territoire)
    contexte = {
        "territoire": territoire,
        "etapes": [("Territoires", reverse("territoires:accueil")), (territoire.nom, territoire.get_absolute_url())],
        "semblables": semblables(territoire, timezone.localdate()),
        "points": POINTS[nature],
    }
    return render(request, "panorama/semblables.html", contexte)


def _indicateurs(territoire: Territoire) -> dict[str, list]:
    """Return the figures of a territory, each with the number of its source, and the sources in that order."""
    indicateurs = list(territoire.indicateurs.all())
    sources = list(dict.fromkeys((i.source, i.url) for i in indicateurs))
    numerotes = [(indicateur, sources.index((indicateur.source, indicateur.url)) + 1) for indicateur in indicateurs]
    return {"indicateurs": numerotes, "sources": sources}


def _composition(territoire: Territoire) -> Composition | None:
    """Return what a named perimeter is made of, its members read, the widest first; None for any other territory."""
    if territoire.nature != Territoire.Nature.PERIMETRE:
        return None
    membres = Prefetch("membres", Territoire.objects.order_by("-nature", "nom"))
    return Composition.objects.filter(territoire=territoire).prefetch_related(membres).first()


def _successeur(request: HttpRequest, territoire: Territoire) -> HttpResponse:
    """A closed territory leads to what it became; when that is several territories, one chooses."""
    successeurs = [s.nouveau for s in territoire.successeurs.select_related("nouveau")]
    successeurs.sort(key=lambda nouveau: nouveau.rang_alphabetique)
    if len(successeurs) == 1:
        return redirect(successeurs[0], permanent=True)
    return render(request, "panorama/fermee.html", {"territoire": territoire, "successeurs": successeurs})


def _famille(nature: str, code: str) -> tuple[Territoire, list[Inclusion], dict[str, list[Territoire]]]:
    """Return a territory, what it lies in, widest first, and what it contains, by nature; or 404.

    One query: the closure has each territory in itself.
    """
    natures: list[str] = list(Territoire.Nature.values)
    ici = Subquery(Territoire.objects.filter(nature=nature, code=code).values("pk"))
    inclusions = (
        Inclusion.objects.filter(Q(contenu=ici) | Q(contenant=ici, contenu__nature__in=CONTENUS_MONTRES[nature]))
        .select_related("contenu", "contenant")
        .annotate(communes=communes_du_quartier("contenu"), millesimes=en_colonne())
    )
    territoire = None
    parents: list[Inclusion] = []
    contenus: dict[str, list[Territoire]] = {}
    for inclusion in inclusions:
        inclusion.contenu.communes = inclusion.communes
        if inclusion.contenu_id == inclusion.contenant_id:
            territoire = inclusion.contenu
            territoire.millesimes = inclusion.millesimes
        elif (inclusion.contenu.nature, inclusion.contenu.code) == (nature, code):
            parents.append(inclusion)
        else:
            contenus.setdefault(inclusion.contenu.nature, []).append(inclusion.contenu)
    for liste in contenus.values():
        liste.sort(key=lambda lieu: lieu.rang_alphabetique)
    parents.sort(key=lambda i: (natures.index(i.contenant.nature), i.contenant.rang_alphabetique))
    return territoire or get_object_or_404(Territoire, nature=nature, code=code), parents, contenus


def _etapes(parents: list[Inclusion]) -> list[tuple[str, str]]:
    """Return the breadcrumb: one parent of each nature, though there may be several (all are on the page).

    A named perimeter is no step: it lies across the administrative map.
    """
    etapes = {inclusion.contenant.nature: inclusion.contenant for inclusion in reversed(parents)}
    ordre = [nature for nature in Territoire.Nature if nature in etapes and nature != Territoire.Nature.PERIMETRE]
    return [("Territoires", reverse("territoires:accueil"))] + [
        (etapes[nature].nom, etapes[nature].get_absolute_url()) for nature in ordre
    ]
