from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from actions.models import ActionInspirante
from dispositifs.comparateur import AU_MOINS, AU_PLUS
from dispositifs.comparateur import comparer as comparer_dispositifs
from dispositifs.echeancier import en_icalendar, par_annee
from dispositifs.models import Articulation, Dispositif, DispositifLocal
from fiches.gabarits import Nature
from fiches.views import ou_retrait
from territoires.models import Territoire
from territoires.recherche import chercher

VOISINES = 6
CONSTAT_ANCIEN = timedelta(days=730)


@ou_retrait(Nature.DISPOSITIF)
def dispositif(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a kind of scheme: one query for the fiche, three for what is linked to it."""
    visibles = Dispositif.objects.visibles_pour()
    nb_locaux = Count("locaux", filter=Q(locaux__etat="publiee"))
    fiche = get_object_or_404(visibles.annotate(nb_locaux=nb_locaux), slug=slug)
    locaux = list(fiche.locaux.visibles_pour().en_cartes()[:VOISINES])
    actions = list(ActionInspirante.objects.visibles_pour().filter(dispositif=fiche).en_cartes()[:VOISINES])
    articulations = articulations_de(fiche)
    sommaire_suite = [
        *([("missions", "Missions")] if fiche.rendu["missions"] else []),
        *([("articulations", "Articulations")] if articulations else []),
    ]
    contexte = {
        "fiche": fiche,
        "etapes": [("Fiches", reverse("catalogue")), ("Dispositifs", reverse("dispositifs"))],
        "locaux": locaux,
        "nb_locaux": fiche.nb_locaux,  # type: ignore[attr-defined]  # annotated
        "actions": actions,
        "articulations": articulations,
        "sommaire_suite": sommaire_suite,
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
        "constat_ancien": jour - fiche.constate_le > CONSTAT_ANCIEN,
        "voisines": list(voisines.sur_territoires(fiche.territoires.values("pk")).en_cartes()[:VOISINES]),
        "sommaire_suite": [],
    }
    return render(request, "dispositifs/local.html", contexte)


def comparer(request: HttpRequest) -> HttpResponse:
    """Two to four dispositifs in one table, chosen in the address: `?d=asv&d=rtps&d=cmt`."""
    demandes = list(dict.fromkeys(request.GET.getlist("d")))
    tous = list(Dispositif.objects.visibles_pour().defer("contenu", "recherche", "mots", "credits"))
    par_slug = {dispositif.slug: dispositif for dispositif in tous}
    inconnus = [slug for slug in demandes if slug not in par_slug]
    choisis = [par_slug[slug] for slug in demandes if slug in par_slug]
    erreurs = [f"Dispositif inconnu : « {slug} »." for slug in inconnus]
    if len(choisis) > AU_PLUS:
        erreurs.append(f"On compare au plus {AU_PLUS} dispositifs : les premiers sont gardés.")
    compares = choisis[:AU_PLUS] if len(choisis) >= AU_MOINS else []
    contexte = {
        "etapes": [("Fiches", reverse("catalogue")), ("Dispositifs", reverse("dispositifs"))],
        "tous": tous,
        "choisis": choisis[:AU_PLUS],
        "compares": compares,
        "groupes": comparer_dispositifs(compares) if compares else [],
        "differences": request.GET.get("differences") == "1",
        "erreurs": erreurs,
    }
    return render(request, "dispositifs/comparer.html", contexte, status=400 if erreurs else 200)


def echeancier(request: HttpRequest) -> HttpResponse:
    """Contracts by term; filtered by `territoire` and `dispositif`, taken away as iCalendar with `?format=ics`."""
    jour = timezone.localdate()
    locaux = DispositifLocal.objects.visibles_pour().avec_etat(jour).select_related("dispositif").en_cartes()
    erreurs = {}
    saisie = request.GET.get("territoire", "").strip()
    territoire = None
    if saisie:
        territoire = Territoire.objects.designes_par([saisie]).first() or next(iter(chercher(saisie, limite=1)), None)
        if territoire is None:
            erreurs["territoire"] = f"Aucun territoire ne correspond à « {saisie} »."
        else:
            locaux = locaux.concernant(territoire)
    choix = Dispositif.objects.visibles_pour().filter(locaux__etat="publiee").distinct().only("slug", "titre", "sigle")
    slug = request.GET.get("dispositif", "")
    if slug and slug not in {d.slug for d in choix}:
        erreurs["dispositif"] = "Ce dispositif n’est pas de la liste."
    elif slug:
        locaux = locaux.filter(dispositif__slug=slug)
    dates = list(locaux.filter(terme__isnull=False).order_by("terme", "titre"))  # type: ignore[misc]  # annotated
    if request.GET.get("format") == "ics" and not erreurs:
        reponse = HttpResponse(en_icalendar(dates, settings.SITE_URL), content_type="text/calendar; charset=utf-8")
        reponse["Content-Disposition"] = 'attachment; filename="echeancier.ics"'
        return reponse
    contexte = {
        "etapes": [("Fiches", reverse("catalogue")), ("Dispositifs locaux", reverse("dispositifs_locaux"))],
        "annees": par_annee(dates),
        "sans_terme": locaux.filter(terme__isnull=True).count(),  # type: ignore[misc]  # annotated
        "choix": choix.order_by("titre"),
        "slug": slug,
        "saisie": territoire.designation if territoire else saisie,
        "territoire": territoire,
        "erreurs": erreurs,
        "parametres": request.GET.urlencode(),
    }
    return render(request, "dispositifs/echeancier.html", contexte, status=400 if erreurs else 200)
