"""Story of a contribution, on its follow-up page: where it is, what became of it, whether the fiche moved."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from comparaison.accord import accorder
from comparaison.contenus import Comparaison, Difference, comparer
from contributions import delais
from contributions.models import Depot, Dossier, Journal, Message, Proposition, Signalement
from contributions.models.transitions import DOSSIER, PROPOSITION
from contributions.verbes.notifications import bilan
from fiches.unites import unites
from francais.balises import jour

Statut = Proposition.Statut


@dataclass(frozen=True)
class Etape:
    """A step of the timeline: done, present, or to come."""

    titre: str
    quand: datetime | None = None
    detail: str = ""
    sorte: str = "fait"  # "fait", "courante", "a-venir"
    icone: str = "coche"


def frise(proposition: Proposition) -> list[Etape]:
    """Return what happened to a proposition, from the journal, then what is to come."""
    etapes: list[Etape] = []
    prise = False
    for ligne in proposition.journal.order_by("pk"):
        if ligne.verbe in ("prendre", "confier"):
            if not prise:
                etapes.append(Etape("Prise en charge", ligne.le))
            prise = True
        elif ligne.verbe in ("deposer", "redeposer"):
            prise = prise and ligne.verbe == "redeposer"
            etapes.append(Etape(_titre_depot(ligne, premier=not etapes), ligne.le))
        elif ligne.verbe == "rouvrir":
            prise = False
            etapes.append(Etape("Examen rouvert", ligne.le, _pourquoi_rouvert(ligne)))
        elif ligne.verbe == "annuler":
            prise = False
            etapes.append(Etape("Décision annulée", ligne.le, "La personne qui l’avait prise la reprend."))
        elif ligne.verbe == "deplacer":
            prise = False
            etapes.append(Etape(_titre_du_report(ligne), ligne.le, f"Réunie à « {ligne.detail['vers_titre']} »."))
        elif ligne.verbe == "confirmer":
            etapes.append(Etape(ligne.en_mots, ligne.le))
        elif ligne.verbe in PROPOSITION and ligne.verbe != "rendre":
            sans_reponse = ligne.detail.get("sans_reponse")
            etapes.append(Etape("Rangée, sans réponse" if sans_reponse else Statut(ligne.vers).label, ligne.le))
    etapes = _avec_recours(etapes, proposition)
    if proposition.statut not in Proposition.OUVERTES:
        return etapes
    if etapes:
        etapes[-1] = replace(etapes[-1], sorte="courante", icone="horloge")
    if proposition.statut == Statut.CORRECTIONS_DEMANDEES:
        etapes[-1] = replace(etapes[-1], icone="reponse")
    if proposition.statut == Statut.A_CONFIRMER:
        etapes.append(Etape("Adresse à confirmer", None, "La relecture commence ensuite.", "a-venir", "courrier"))
    if not prise and proposition.statut != Statut.CORRECTIONS_DEMANDEES:
        etapes.append(Etape("Prise en charge", sorte="a-venir", icone="personnes"))
    attendu = "Acceptée, acceptée en partie ou écartée, toujours avec une explication."
    return [*etapes, Etape("Décision", None, attendu, "a-venir", "bouclier")]


def _pourquoi_rouvert(ligne: Journal) -> str:
    if "explication" in ligne.detail:
        return f"«\u00a0{ligne.detail['explication']}\u00a0»"
    return "Votre message a été entendu." if "message" in ligne.detail else "Votre recours a été entendu."


def _titre_du_report(ligne: Journal) -> str:
    issues = {"rendue": "Reportée sur une autre fiche, et rendue", "deja_dite": "Déjà dit par une autre fiche"}
    return issues.get(ligne.detail["issue"], "Reportée sur une autre fiche")


def _titre_depot(ligne: Journal, *, premier: bool) -> str:
    if premier:
        return "Déposée"
    return "Renvoyée" if ligne.de == Statut.CORRECTIONS_DEMANDEES else "Texte modifié"


def frise_signalement(signalement: Signalement) -> list[Etape]:
    """The same for a report: only what concerns this person, nothing of the others who reported the same place."""
    dossier = signalement.dossier
    etapes = [Etape("Reçu", signalement.recu_le)]
    for ligne in dossier.journal.order_by("pk"):
        le = max(ligne.le, signalement.recu_le)  # a case may have been opened by somebody else before
        if ligne.verbe in ("prendre", "confier") and etapes[-1].titre != "Pris en charge":
            etapes.append(Etape("Pris en charge", le))
        elif ligne.verbe == "deplacer":
            etapes.append(Etape("Reporté sur une autre fiche", le))
        elif ligne.verbe == "rouvrir":
            etapes.append(Etape("Examen rouvert", le, _pourquoi_rouvert(ligne)))
        elif ligne.verbe == "annuler":
            etapes.append(Etape("Correction annulée", le, "L’examen reprend."))
        elif ligne.verbe in DOSSIER and ligne.vers in Dossier.CLOS:
            etapes.append(Etape(Dossier.Statut(ligne.vers).label, le))
    etapes = _avec_recours(etapes, signalement)
    if dossier.statut in Dossier.CLOS:
        return etapes
    etapes[-1] = replace(etapes[-1], sorte="courante", icone="horloge")
    attendu = "Corrigé, masqué, doublon ou sans suite : vous saurez pourquoi."
    return [*etapes, Etape("Réponse motivée", None, attendu, "a-venir", "bouclier")]


def _avec_recours(etapes: list[Etape], contribution: Proposition | Signalement) -> list[Etape]:
    for recours in contribution.recours.select_related("mesure").order_by("pk"):
        etapes.append(Etape(recours.objet, recours.depose_le, f"Vous avez écrit : « {recours.texte} »"))
        if recours.decide_le:
            etapes.append(Etape(recours.get_statut_display(), recours.decide_le, f"« {recours.explication} »"))
    return sorted(etapes, key=lambda etape: etape.quand.timestamp() if etape.quand else 0)


# What it proposes, and what was published of it


def differences(proposition: Proposition, depot: Depot) -> list[tuple[Difference, list[Message]]]:
    """Return what the text as it stands changes, unit by unit, with what moderators remarked beside each."""
    remarques: dict[str, list[Message]] = {}
    for message in proposition.messages.filter(de_la_moderation=True, depot=depot.numero).exclude(unite=""):
        remarques.setdefault(message.unite, []).append(message)
    changees = comparer(proposition.nature, depot.lue, depot.proposee, prefixe="p").differences
    return [(difference, remarques.get(difference.unite.cle, [])) for difference in changees]


def fil(contribution: Proposition | Signalement, dites: Iterable[Message] = ()) -> list[tuple[Message, str, str]]:
    """Return the messages both ways, each with the title of its unit, and what became of those of the author.

    Those said beside their unit are left out.
    """
    titres = {unite.cle: unite.titre for unite in unites(contribution.nature)}
    tous = list(contribution.messages.order_by("pk"))
    derniere_reponse = max((message.pk for message in tous if message.de_la_moderation), default=0)
    ailleurs = {message.pk for message in dites}
    return [
        (message, titres.get(message.unite, message.unite), _suite(message, derniere_reponse))
        for message in tous
        if message.pk not in ailleurs
    ]


def _suite(message: Message, derniere_reponse: int) -> str:
    """Return what waits, or what no answer followed; nothing for what was answered."""
    if message.de_la_moderation:
        return ""
    if message.traite_le:
        return "" if message.pk < derniere_reponse else "Lu par la modération, qui n’a rien à ajouter."
    limite = timezone.localtime(message.le + delais.reponse())
    if limite < timezone.now():
        return f"La modération vous doit une réponse depuis le {jour(limite)}."
    return f"Transmis à la modération. Réponse attendue avant le {jour(limite)}."


def decision(proposition: Proposition) -> dict[str, Any]:
    """Return what was decided: units published as they were, adjusted, left out, and both texts where they differ."""
    ligne = proposition.journal.filter(verbe__in=["accepter", "accepter_en_partie", "ecarter"]).latest("pk")
    faits = bilan(proposition, ligne)
    ecarts = Comparaison()
    if proposition.version and not proposition.dit_une_absence:
        depot = proposition.depots.select_related("base").get(numero=ligne.detail["depot"])
        choisies = ligne.detail.get("retenues")
        retenues = set(depot.changements) if choisies is None else set(choisies)
        # Published, a source that it added may have got another key.
        voulue = accorder(proposition.version.contenu, depot.proposee, identite=True)
        ecarts = comparer(proposition.nature, voulue, proposition.version.contenu, prefixe="d").seulement(retenues)
    return {**faits, "ecarts": ecarts, "le": ligne.le}


@dataclass(frozen=True)
class Deplacement:
    """The fiche moved since the text was handed in."""

    de: int
    a: int
    communes: list[str]  # titles of the units both touched


def deplacement(proposition: Proposition, depot: Depot | None) -> Deplacement | None:
    if not (depot and depot.base and proposition.fiche) or proposition.statut not in Proposition.OUVERTES:
        return None
    if proposition.fiche.numero <= depot.base.numero:
        return None
    touchees = [d.unite for d in comparer(proposition.nature, depot.lue, proposition.fiche.contenu).differences]
    communes = [unite.titre for unite in touchees if unite.cle in depot.changements]
    return Deplacement(depot.base.numero, proposition.fiche.numero, communes)


# What its author may do


def adresse_reprise(proposition: Proposition) -> str:
    """Return where the form opens with this text in it."""
    return reverse("modifier_proposition", args=[proposition.jeton])
