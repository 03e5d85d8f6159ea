"""New fiches: which kind, whether it exists already, then the form of its kind."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache

from contributions.redaction.brouillons import brouillons_de
from contributions.redaction.doublons import Demande, en_attente, ressemblantes
from contributions.redaction.forms import FormulaireDoublons
from contributions.redaction.formulaire_expire import rend_le_texte
from contributions.redaction.page import Page
from contributions.redaction.propos import en_mots, lieu_et_dispositif, titre_probable
from contributions.redaction.reception import Reception
from contributions.redaction.saisie import Saisie
from contributions.redaction.views import TITRE_NOUVELLE
from dispositifs.models import Dispositif
from fiches.gabarits import GABARITS, Nature

EXPLICATIONS = {
    Nature.DISPOSITIF: (
        "Une sorte de dispositif, partout en France : ce qu’est un atelier santé ville, un contrat local de santé.",
        "Vous décrivez une démarche ou un contrat en général.",
    ),
    Nature.LOCAL: (
        "Un dispositif à un endroit précis : le contrat local de santé de Château-Thierry, son porteur, ses dates.",
        "Vous savez ce qui existe sur un territoire.",
    ),
    Nature.ACTION: (
        "Ce qui a été fait quelque part, et que d’autres pourraient reprendre : comment, avec qui, quels résultats.",
        "Vous voulez partager une expérience.",
    ),
}


def choisir_nature(request: HttpRequest) -> HttpResponse:
    """Which kind of fiche, in plain words; what the address already says is carried over."""
    contexte = {
        "natures": [(GABARITS[nature], *mots) for nature, mots in EXPLICATIONS.items()],
        "parametres": request.GET.urlencode(),
        "propos": en_mots(*lieu_et_dispositif(request.GET)),
        "etapes": [("Contribuer", reverse("contribuer"))],
    }
    return render(request, "contributions/choisir_nature.html", contexte)


@rend_le_texte
@never_cache
def commencer(request: HttpRequest, nature: str) -> HttpResponse:
    """First its name, then what looks like it, then the form: all in the address until one writes."""
    if nature not in Nature:
        raise Http404
    if request.method == "POST":
        return Reception(request, nature, TITRE_NOUVELLE).repondre()
    connus = lieu_et_dispositif(request.GET)
    dite = {"titre": titre_probable(*connus), **request.GET.dict()}
    demande = FormulaireDoublons(request.GET if "titre" in request.GET else None, initial=dite)
    if not demande.is_valid():
        propos = en_mots(*connus)
        return _demander(request, nature, demande, status=400 if demande.is_bound else 200, propos=propos)
    propre = demande.cleaned_data
    connue = Demande(nature, propre["titre"], propre["territoire"], propre["url"])
    if "verifiee" not in request.GET:
        trouvees, attendues = ressemblantes(connue), en_attente(connue)
        if trouvees or attendues:
            return _demander(request, nature, demande, trouvees=trouvees, attendues=attendues)
    saisie = _amorce(connue, request.GET.get("dispositif", ""))
    return Page(request, nature, TITRE_NOUVELLE, initiale=saisie, ouverte="identite").afficher()


def _demander(request: HttpRequest, nature: str, demande: FormulaireDoublons, status: int = 200, **contexte):
    a_reprendre = brouillons_de(request).filter(nature=nature, base__isnull=True)[:3]
    suite = request.GET.copy()
    suite["verifiee"] = "1"
    page = {
        "nature": Nature(nature),
        "gabarit": GABARITS[nature],
        "demande": demande,
        "propos": "",
        "dispositif": request.GET.get("dispositif", ""),
        "a_reprendre": a_reprendre,
        "suite": suite.urlencode(),
        "trouvees": [],
        "attendues": 0,
        "etapes": [("Contribuer", reverse("contribuer")), ("Nouvelle fiche", reverse("choisir_nature"))],
    }
    return render(request, "contributions/nouvelle_fiche.html", {**page, **contexte}, status=status)


def _amorce(demande: Demande, dispositif: str) -> Saisie:
    """Return the form as the address begins it, with a first source to fill in."""
    connu = Dispositif.objects.visibles_pour().filter(slug=slugify(dispositif)).exists()
    saisie = Saisie({"titre": [demande.titre], "sources-0-titre": [""], "sources-0-url": [demande.url]})
    if demande.nature == Nature.LOCAL:
        saisie["constats-0-le"] = ""
    if demande.territoire:
        saisie["territoires"] = demande.territoire.designation
    if connu and demande.nature != Nature.DISPOSITIF:
        saisie["dispositif"] = slugify(dispositif)
    return saisie
