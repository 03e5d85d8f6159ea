"""What the tests are made of: territories and fiches, published through the only door, `edition.publier`."""

from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from actions.models import ActionInspirante, Levier
from comptes.models import Utilisateur
from comptes.roles import Role, donner
from dispositifs.models import Dispositif, DispositifLocal
from fiches import edition
from fiches.forms import FORMULAIRES
from fiches.models import Fiche, Public, Theme
from territoires.models import Contact, Inclusion, Territoire

_numeros = count(1)
SOURCE = {"titre": "Rapport d’essai", "organisation": "Observatoire", "date": "2022-03-29"}


def territoire(nature: str = "commune", code: str = "", nom: str = "", *, dans=(), partielle: bool = False, **champs):
    """Create a territory lying in the given ones (itself included, as the closure wants)."""
    n = next(_numeros)
    cree = Territoire.objects.create(
        nature=nature, code=code or f"{n:05}", nom=nom or f"Territoire {n}", **{"millesime": 2026, **champs}
    )
    Inclusion.objects.create(contenu=cree, contenant=cree, millesime=2026)
    for contenant in dans:
        Inclusion.objects.create(contenu=cree, contenant=contenant, partielle=partielle, directe=True, millesime=2026)
    return cree


def contact(lieu: Territoire, **champs) -> Contact:
    return Contact.objects.create(
        territoire=lieu,
        **{
            "fonction": "ars",
            "organisme": "ARS",
            "url": "https://www.ars.sante.fr/",
            "source": "ARS, accueil",
            "lue_le": "2026-11-26",
            **champs,
        },
    )


def theme(slug: str, nom: str = "") -> Theme:
    return Theme.objects.get_or_create(slug=slug, defaults={"nom": nom or slug})[0]


def public(slug: str, nom: str = "") -> Public:
    return Public.objects.get_or_create(slug=slug, defaults={"nom": nom or slug})[0]


def levier(slug: str, nom: str = "") -> Levier:
    return Levier.objects.get_or_create(slug=slug, defaults={"nom": nom or slug})[0]


def personne(nom: str = "contributrice", *roles: Role) -> Utilisateur:
    """Return the person of this name, with these roles, whose address is confirmed: the same one each time."""
    adresse = f"{nom}@ville.example"
    compte = Utilisateur.objects.filter(email=adresse).first()
    if not compte:
        compte = Utilisateur.objects.create_user(adresse, nom_affiche=nom.title())
        EmailAddress.objects.create(user=compte, email=adresse, verified=True, primary=True)
    if not compte.roles.issuperset(roles):
        donner(compte, *roles)
    return compte


def moderatrice() -> Utilisateur:
    return personne("moderatrice", Role.MODERATEUR)


def moderateur() -> Utilisateur:
    return personne("moderateur", Role.MODERATEUR)


def valider(nature: str, **brut: Any) -> dict:
    """Return the canonical content of a fiche, through the form of its nature; fail on any error."""
    formulaire = FORMULAIRES[nature](FORMULAIRES[nature].donnees(brut))
    assert formulaire.is_valid(), list(formulaire.erreurs())
    return formulaire.contenu()


def publier(fiche: Fiche, motif: str = "Essai.", **brut: Any) -> Fiche:
    """Publish a next version with these changes over the present content; return the fiche, read again."""
    contenu = valider(fiche.nature, **{**fiche.contenu, **brut})
    edition.publier(fiche, contenu, motif=motif)
    return type(fiche).objects.get(pk=fiche.pk)


def masquer(fiche: Fiche) -> None:
    edition.changer_etat(fiche, Fiche.Etat.MASQUEE, explication="Le temps de vérifier.")


def _fiche(modele: type[Fiche], defauts: dict, brut: dict) -> Any:
    n = next(_numeros)
    slug = brut.pop("slug", f"fiche-{n}")
    designations = [t.designation for t in brut.pop("sur", ())]
    contenu = {
        "titre": f"Fiche {n}",
        "resume": f"Résumé de la fiche {n}.",
        "sources": [SOURCE],
        "themes": [],
        "publics": [],
        "territoires": designations,
        **defauts,
        **brut,
    }
    for slug_theme in contenu["themes"]:
        theme(slug_theme)
    for slug_public in contenu["publics"]:
        public(slug_public)
    fiche = modele(nature=modele.NATURE, slug=slug)
    edition.publier(fiche, valider(modele.NATURE, **contenu), motif="Première publication.")
    return modele.objects.get(pk=fiche.pk)


def constat(etat: str, le: str, source: str = "1") -> dict[str, str]:
    return {"etat": etat, "le": le, "source": source}


def fiche_dispositif(**brut: Any) -> Dispositif:
    return _fiche(Dispositif, {"categorie": "demarche", "sections": {"description": "Une démarche.[^1]"}}, brut)


def fiche_locale(**brut: Any) -> DispositifLocal:
    """A local scheme; `sur=[territoires]`, `dispositif=slug` of an existing one; active today, or before its end."""
    vu_le = min(timezone.localdate().isoformat(), brut.get("fin") or "9999")
    defauts = {"constats": [constat("actif", vu_le)], "sections": {"description": "Ici.[^1]"}}
    if "sur" not in brut and "territoires" not in brut:
        brut["sur"] = [territoire()]
    return _fiche(DispositifLocal, defauts, brut)


def fiche_action(**brut: Any) -> ActionInspirante:
    """An action; `levier=slug` is created at need."""
    if brut.get("levier"):
        levier(brut["levier"])
    if "sur" not in brut and "territoires" not in brut:
        brut["sur"] = [territoire()]
    return _fiche(ActionInspirante, {"sections": {"deroule": "On agit.[^1]"}}, brut)


def relu(objet: Any) -> Any:
    """Return the object as the base has it now."""
    return type(objet).objects.get(pk=objet.pk)
