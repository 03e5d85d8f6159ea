"""The invented work of the demonstration (fixtures/demo/contributions.yaml), handed in through the very verbs."""

from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from comptes.models import Utilisateur
from contributions.models import Depot, Motif, Proposition, Signalement
from contributions.signaler.cibles import designables
from contributions.verbes import echanges, propositions, recours, retraits, signalements
from fiches.forms import FORMULAIRES
from fiches.gabarits import Nature
from fiches.models import Fiche
from fiches.unites import changements, valeur

FICHIER = settings.BASE_DIR / "fixtures" / "demo" / "contributions.yaml"
Brut = dict[str, Any]


@transaction.atomic
def charger() -> int:
    """Hand in what is missing, and return how much: each text is recognised by its words, decided or not since."""
    if not settings.DEMO:
        raise RuntimeError("Les contributions inventées n’existent que dans la démonstration.")
    lu = yaml.safe_load(FICHIER.read_text(encoding="utf-8"))
    creees = _charger_exemple(lu)
    for brut in lu["propositions"]:
        if brut["etat"] != "conflit" and not Depot.objects.filter(pourquoi=brut["pourquoi"]).exists():
            _mener(_deposer(_fiche(brut["fiche"]), brut), brut)
            creees += 1
    for brut in lu["signalements"]:
        if not Signalement.objects.filter(texte=brut["texte"]).exists():
            _signaler(brut)
            creees += 1
    return creees


def _charger_exemple(lu: Brut) -> int:
    """Publish the fiche that is an example, then its second version: a text handed in before it is now in conflict.

    Then hide it: moderators work on it all the same, and what is invented is in no list, figure or plan of the site.
    """
    suite, conflit = lu["suite"], next(brut for brut in lu["propositions"] if brut["etat"] == "conflit")
    if Depot.objects.filter(pourquoi=suite["pourquoi"]).exists():
        return 0
    contenu = FORMULAIRES[Nature.DISPOSITIF].valider(lu["fiche"])
    moderatrice = Utilisateur.objects.get(email="moderatrice@exemple.fr")
    neuve = Proposition.objects.create(
        nature=Nature.DISPOSITIF,
        titre=contenu["titre"],
        auteur=Utilisateur.objects.get(email="contributeur@exemple.fr"),
    )
    propositions.deposer(
        neuve, base=None, changements=changements(Nature.DISPOSITIF, {}, contenu), pourquoi="Exemple : nouvelle fiche"
    )
    fiche = Fiche.objects.get(pk=propositions.accepter(neuve, par=moderatrice, depot=1).fiche_id)
    _deposer(fiche, conflit)
    auteur = {"auteur": "contributeur@exemple.fr"}
    propositions.accepter(_deposer(fiche, {**suite, **auteur}), par=moderatrice, depot=1)
    retraits.masquer(fiche, par=moderatrice, motif=Motif.AUTRE, explication=lu["masquee"])
    return 3


def _fiche(chemin: str) -> Fiche:
    dossier, slug = chemin.split("/")
    return Fiche.objects.get(nature=Nature.du_chemin(dossier), slug=slug)


def _deposer(fiche: Fiche, brut: Brut) -> Proposition:
    base = fiche.versions.get(numero=fiche.numero)
    auteur = Utilisateur.objects.get(email=brut["auteur"]) if "auteur" in brut else None
    nom = brut.get("nom") or (auteur.credit if auteur else "")
    proposition = Proposition.objects.create(
        fiche=fiche,
        nature=fiche.nature,
        titre=fiche.titre,
        base=base,
        auteur=auteur,
        courriel=brut.get("courriel", ""),
        credit=Proposition.Credit.NOM if nom else Proposition.Credit.ANONYME,
        credit_nom=nom,
    )
    changees = {cle: neuve for cle, neuve in brut["changements"].items() if neuve != valeur(base.contenu, cle)}
    propositions.deposer(
        proposition, base=base, changements=changees, pourquoi=brut["pourquoi"], sorte=brut.get("type", "")
    )
    return propositions.confirmer(proposition)


def _mener(proposition: Proposition, brut: Brut) -> None:
    """Bring a proposition to the state it is an example of."""
    if brut["etat"] == "soumise":
        return
    par = Utilisateur.objects.get(email=brut["par"])
    if brut["etat"] == "en_examen":
        propositions.prendre(proposition, par=par)
    elif brut["etat"] == "corrections_demandees":
        propositions.demander_corrections(
            proposition, par=par, depot=1, explication=brut["explication"], remarques=brut["remarques"]
        )
        echanges.ecrire(proposition, texte=brut["reponse"])
    else:
        ecartee = propositions.ecarter(
            proposition, par=par, depot=1, motif=brut["motif"], explication=brut["explication"]
        )
        recours.contester(ecartee, texte=brut["recours"])


def _signaler(brut: Brut) -> None:
    fiche = _fiche(brut["fiche"])
    visees = {cible.cle: cible.passage for cible in designables(fiche.nature, fiche.contenu)}
    signalements.signaler(
        fiche,
        categorie=brut["categorie"],
        cible=brut["cible"] if brut["cible"] in visees else "",
        passage=visees.get(brut["cible"], ""),
        texte=brut["texte"],
        courriel=brut.get("courriel", ""),
        auteur=Utilisateur.objects.get(email=brut["auteur"]) if "auteur" in brut else None,
    )
