"""What waits on a fiche that leaves: moved to the one that replaces it, given back, or answered. Everybody is told.

Called by retraits, in its transaction: nothing of what somebody wrote stays where nobody can decide on it.
"""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from comparaison.transport import transporter
from contributions.models import Depot, Dossier, Journal, Message, Proposition
from contributions.verbes import examen, notifications
from contributions.verbes.examen import passer
from contributions.verbes.permissions import a_signale, peut_decider
from fiches.gabarits import PREFIXE
from fiches.models import Fiche, Version
from fiches.unites import changements, unites

Statut = Proposition.Statut


def verrouiller(fiche: Fiche) -> list[Proposition]:
    """Lock the propositions that wait on a fiche, before the edition is: a decision locks in this order too."""
    ouvertes = Proposition.objects.ouvertes().filter(fiche=fiche.pk)
    return list(ouvertes.select_related("auteur").select_for_update(of=("self",)).order_by("pk"))


def deplacer(propositions: Iterable[Proposition], fiche: Fiche, dans: Fiche, *, par) -> None:
    """Move what waits on a fiche to the one it was merged into."""
    arrivee = Version.objects.get(fiche=dans.pk, numero=dans.numero)
    for proposition in propositions:
        _deplacer_la_proposition(proposition, fiche, arrivee, dans, par)
    for dossier in _dossiers(fiche):
        _deplacer_le_dossier(dossier, fiche, dans, par)


def clore(propositions: Iterable[Proposition], fiche: Fiche, ligne: Journal, *, par) -> None:
    """Give back what waits on a fiche withdrawn, with the reason; what `par` wrote or reported is left to others."""
    motif, explication = ligne.motif, f"La fiche a été retirée de la base. {ligne.detail['explication']}"
    for proposition in propositions:
        depot = proposition.depot
        if depot and proposition.statut in Proposition.A_TRAITER and peut_decider(par, proposition):
            proposition.motif, proposition.explication = motif, explication
            proposition.close_le = timezone.now()
            notifications.decidee(proposition, examen.clore(proposition, "ecarter", par, depot=depot.numero))
        else:
            notifications.attend_hors_de_vue(proposition, fiche, ligne)
    for dossier in _dossiers(fiche):
        if not a_signale(par, dossier):
            dossier.motif, dossier.explication = motif, explication
            _repondre(dossier, examen.clore(dossier, "masquer", par))


def annoncer(propositions: Iterable[Proposition], fiche: Fiche, ligne: Journal) -> None:
    """Tell whoever has something that waits on a fiche masked: it stays in the queue."""
    for proposition in propositions:
        notifications.attend_hors_de_vue(proposition, fiche, ligne)


def bilan(fiche: Fiche) -> dict[str, int]:
    """Return what moving did, by outcome: « reportee », « rendue », « deja_dite », « signalement »."""
    fusion = Journal.objects.filter(verbe="fusionner_fiche", fiche=fiche.pk).latest("pk")
    lignes = Journal.objects.filter(verbe="deplacer", detail__depuis=fiche.pk, pk__gt=fusion.pk)
    comptes = dict.fromkeys(("reportee", "rendue", "deja_dite", "signalement"), 0)
    for issue in lignes.values_list("detail__issue", flat=True):
        comptes[issue] += 1
    return comptes


def _deplacer_la_proposition(proposition: Proposition, fiche: Fiche, arrivee: Version, dans: Fiche, par) -> None:
    dernier = proposition.depots.latest("numero")
    proposition.fiche_id, proposition.base, proposition.titre = dans.pk, arrivee, dans.titre
    proposition.liberer()
    voulus, conflits = _voulus_la(dernier, arrivee)
    detail = {"depuis": fiche.pk, "vers_fiche": dans.pk, "vers_titre": dans.titre}
    if not voulus:
        proposition.close_le = timezone.now()
        ligne = passer(proposition, "deplacer", Statut.RETIREE, qui=par, issue="deja_dite", **detail)
    else:
        _deposer(proposition, dernier, arrivee, voulus)
        _remarquer(proposition, dernier.numero + 1, dans, conflits, par)
        if conflits and proposition.statut != Statut.A_CONFIRMER:
            ligne = _rendre(proposition, fiche, dans, conflits, par, detail)
        else:
            garde = proposition.statut in (Statut.A_CONFIRMER, Statut.CORRECTIONS_DEMANDEES)
            vers = proposition.statut if garde else Statut.SOUMISE
            ligne = passer(proposition, "deplacer", vers, qui=par, issue="reportee", **detail)
    notifications.deplacee(proposition, fiche, dans, ligne)


def _voulus_la(dernier: Depot, arrivee: Version) -> tuple[dict, list[str]]:
    """Return what the author changes in the other fiche, and where it says otherwise; an absence stays what it is."""
    if dernier.absence:
        return dernier.recus, []
    nature = dernier.proposition.nature
    transport = transporter(nature, dernier.lue, dernier.proposee, arrivee.contenu)
    return changements(nature, arrivee.contenu, transport.contenu), transport.conflits


def _deposer(proposition: Proposition, dernier: Depot, arrivee: Version, voulus: dict) -> None:
    """Hand in, in the name of the author, what she now proposes; remarks that nobody answered follow."""
    numero = dernier.numero + 1
    proposition.saisie = {}  # what was typed was on the other fiche: the form is made from what is handed in
    Depot.objects.create(
        proposition=proposition,
        numero=numero,
        base=arrivee,
        recus=voulus,
        pourquoi=dernier.pourquoi,
        type=dernier.type,
    )
    proposition.messages.filter(depot=dernier.numero).update(depot=numero)


def _rendre(proposition: Proposition, fiche: Fiche, dans: Fiche, conflits: list[str], par, detail: dict) -> Journal:
    """Give the text back to its author: the fiche it goes to says something else in the same places."""
    titres = {unite.cle: unite.titre for unite in unites(proposition.nature)}
    parties = ", ".join(titres.get(cle, cle) for cle in conflits)
    proposition.explication = (
        f"{_reunies(fiche, dans)}, qui dit déjà autre chose ici\u00a0: {parties}. "
        "Votre texte y est, à côté du sien\u00a0: gardez ce qui reste juste, puis renvoyez."
    )
    return passer(
        proposition, "deplacer", Statut.CORRECTIONS_DEMANDEES, qui=par, issue="rendue", conflits=conflits, **detail
    )


def _remarquer(proposition: Proposition, numero: int, dans: Fiche, conflits: list[str], par) -> None:
    """Say beside each part that the other fiche has words of its own there."""
    for cle in conflits:
        Message.objects.create(
            proposition=proposition,
            de_la_moderation=True,
            auteur=par,
            unite=cle,
            depot=numero,
            texte=f"«\u00a0{dans.titre}\u00a0» le dit déjà autrement\u00a0: que faut-il garder\u00a0?",
        )


def lieu_du_report(cible: str) -> str:
    """Return what a report is about on another fiche: the same section, or the whole of it."""
    return cible if cible.startswith(PREFIXE) else ""


def _deplacer_le_dossier(dossier: Dossier, fiche: Fiche, dans: Fiche, par) -> None:
    """Move an open case, to the same section if it names one; if the same is open there, it is its double."""
    cible = lieu_du_report(dossier.cible)
    meme = _dossiers(dans).filter(cible=cible, categorie=dossier.categorie).first()
    dossier.fiche_id, dossier.cible = dans.pk, cible
    if meme:
        dossier.motif, dossier.double_de = "doublon", meme
        dossier.explication = f"{_reunies(fiche, dans)}, où la même chose est déjà signalée."
        _repondre(dossier, examen.clore(dossier, "rattacher", par, double_de=meme.pk))
        return
    dossier.liberer()
    detail = {"depuis": fiche.pk, "vers_fiche": dans.pk, "issue": "signalement"}
    ligne = passer(dossier, "deplacer", Dossier.Statut.RECU, qui=par, **detail)
    for signalement in dossier.signalements.select_related("auteur"):
        notifications.deplacee(signalement, fiche, dans, ligne)


def _reunies(fiche: Fiche, dans: Fiche) -> str:
    return f"La fiche «\u00a0{fiche.titre}\u00a0» est réunie à «\u00a0{dans.titre}\u00a0»"


def _repondre(dossier: Dossier, ligne: Journal) -> None:
    for signalement in dossier.signalements.select_related("auteur"):
        notifications.signalement_traite(signalement, ligne)


def _dossiers(fiche: Fiche) -> QuerySet[Dossier]:
    return Dossier.objects.a_traiter().filter(fiche=fiche.pk).select_for_update(of=("self",)).order_by("pk")
