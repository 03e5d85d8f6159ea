"""Notifications of verbs, written in their transaction, each once: on « Mes notifications », by e-mail.

Receipts, confirmations and the decisions the law wants explained (articles 16, 17 and 20 of the Digital Services Act)
always go by e-mail; the rest (`facultatif`) as the person chose. Who has no account only has the e-mail.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from comptes import desabonnement
from comptes.models import Utilisateur
from contributions import delais
from contributions.models import (
    Depot,
    Dossier,
    Journal,
    Lot,
    Message,
    Notification,
    Proposition,
    Recours,
    Signalement,
    Traitement,
)
from contributions.models.propositions import SANS_REPONSE
from contributions.models.recours import OUVERT_PENDANT
from contributions.verbes import equipe
from contributions.verbes.empechements import Empechement
from courriels.envoi import ecrire, ecrire_a_l_adresse_tapee, rendre
from courriels.models import Courriel, Preuve
from fiches.models import Fiche, Version
from fiches.unites import unites


def a_confirmer(proposition: Proposition, depot: Depot, ligne: Journal) -> None:
    """Ask the address whether it is hers, without a word of who typed it; refuse what no e-mail may go with today."""
    if proposition.dite_par_sa_meneuse(depot):
        return
    parties = [unite.titre for unite in unites(proposition.nature) if unite.cle in depot.changements]
    contexte: dict[str, Any] = {
        "fiche": proposition.fiche,
        "parties": parties,
        "cle_recue": proposition.cle_de_confirmation,
    }
    partie = _ecrire(proposition, "proposition_a_confirmer", ligne.pk, provoque=True, **contexte)
    if proposition.adresse and not partie:
        raise Empechement("Trop de liens de confirmation sont partis aujourd’hui : envoyez ce texte demain.")


def deposee(proposition: Proposition, depot: Depot, ligne: Journal) -> None:
    if not proposition.dite_par_sa_meneuse(depot):
        _ecrire(proposition, "proposition_deposee", ligne.pk, depot=depot)


def lot_depose(lot: Lot, ligne: Journal) -> None:
    """Tell the author of a table that it is received: one e-mail, whatever its length."""
    if lot.auteur:
        corps = rendre("contributions/lot_depose", {"lot": lot, "delai": delais.promis()})
        prevenir(lot.auteur, corps, f"lot_depose-{ligne.pk}", lot.get_absolute_url())


def lot_traite(traitement: Traitement) -> None:
    """Tell the author of a table what became of it, once for all its rows; it waits, as any decision.

    Of a decision taken back, what stands all the same, if anything does: its own e-mail was dropped.
    """
    lot, decision = traitement.lot, traitement.defait or traitement
    if traitement.defait:
        faites, laissees = len(traitement.empechees), lot.propositions.a_traiter().count()
        if not (faites or decision.rendues):
            return
    else:
        faites, laissees = traitement.faites, traitement.restees
    if lot.auteur:
        contexte = {"lot": lot, "traitement": decision, "jusqua": timezone.now() + OUVERT_PENDANT}
        contexte |= {"faites": faites, "rendues": decision.rendues, "laissees": laissees}
        corps = rendre("contributions/lot_traite", contexte)
        prevenir(lot.auteur, corps, _cle_du_lot(traitement), lot.get_absolute_url(), attente=delais.annulation())


def taire_le_lot(traitement: Traitement) -> None:
    """Drop what a decision on a lot was about to tell: it is taken back."""
    _taire(_cle_du_lot(traitement))


def _cle_du_lot(traitement: Traitement) -> str:
    return f"lot_traite-{traitement.pk}"


def corrections_demandees(proposition: Proposition, ligne: Journal) -> None:
    titres = {unite.cle: unite.titre for unite in unites(proposition.nature)}
    remarques = [
        (titres.get(message.unite, message.unite), message.texte)
        for message in proposition.messages.filter(de_la_moderation=True, depot=ligne.detail["depot"]).exclude(unite="")
    ]
    contexte: dict[str, Any] = {"remarques": remarques, "rangee_le": ligne.le + SANS_REPONSE}
    _ecrire(proposition, "corrections_demandees", ligne.pk, facultatif=True, **contexte)


def rangee(proposition: Proposition, ligne: Journal) -> None:
    """Tell that a proposition was put away because nobody answered the corrections asked for."""
    _ecrire(proposition, "proposition_rangee", ligne.pk, facultatif=True)


def decidee(proposition: Proposition, ligne: Journal) -> None:
    """Tell what is published and what is not, and why; how to contest when something is not."""
    contexte = {"jusqua": ligne.le + OUVERT_PENDANT, **bilan(proposition, ligne)}
    facultatif, attente = not contexte["laissees"], delais.annulation()
    _ecrire(proposition, "proposition_decidee", ligne.pk, facultatif=facultatif, attente=attente, **contexte)


def taire(gabarit: str, contribution: Proposition | Signalement, ligne: Journal) -> None:
    """Drop what a decision was about to tell: it is taken back."""
    _taire(_cle(gabarit, contribution, ligne.pk))


def _taire(cle: str) -> None:
    Courriel.objects.filter(cle=cle, envoye_le=None).delete()
    Notification.objects.filter(cle=cle).delete()


def texte_defait(
    proposition: Proposition, version: Version, parties: list[str], ligne: Journal, attente: timedelta
) -> None:
    """Tell the author that a later version undoes what she wrote in these parts."""
    if proposition.adresse_prouvee:
        contexte: dict[str, Any] = {"version": version, "parties": parties}
        _ecrire(proposition, "texte_defait", ligne.pk, facultatif=True, attente=attente, **contexte)


def taire_defaits(ligne: Journal) -> None:
    """Drop what this decision was about to tell those whose texts it undid."""
    siens = {"cle__startswith": "texte_defait-", "cle__endswith": f"-{ligne.pk}"}
    Courriel.objects.filter(**siens, envoye_le=None).delete()
    Notification.objects.filter(**siens).delete()


def reexaminee(proposition: Proposition, ligne: Journal) -> None:
    """Tell that a refusal is examined again, and why."""
    _ecrire(proposition, "proposition_reexaminee", ligne.pk, explication=ligne.detail["explication"])


def bilan(proposition: Proposition, ligne: Journal) -> dict[str, Any]:
    """Return the units published as they were, put together with others' words, adjusted, left out by this decision."""
    depot = proposition.depots.get(numero=ligne.detail["depot"])
    titres = {unite.cle: unite.titre for unite in unites(proposition.nature) if unite.cle in depot.changements}
    accepte = proposition.statut in (proposition.Statut.ACCEPTEE, proposition.Statut.ACCEPTEE_EN_PARTIE)
    choisies = ligne.detail.get("retenues")
    retenues = [cle for cle in titres if accepte and (choisies is None or cle in choisies)]
    ajustees, reunies = ligne.detail.get("ajustees", []), ligne.detail.get("reunies", [])
    return {
        "depot": depot,
        "telles_quelles": [titres[cle] for cle in retenues if cle not in (*ajustees, *reunies)],
        "reunies": [titres[cle] for cle in retenues if cle in reunies],
        "ajustees": [titres[cle] for cle in retenues if cle in ajustees],
        "laissees": [titre for cle, titre in titres.items() if cle not in retenues],
    }


def message_ecrit(message: Message) -> None:
    """Tell the author that the moderation wrote."""
    _ecrire(message.contribution, "message", message.pk, facultatif=True, message=message)


def message_recu(message: Message) -> None:
    """Tell the moderator who follows it that the author wrote; when nobody does, it waits at the desk for anybody."""
    contribution = message.contribution
    if moderateur := equipe.suit(contribution):
        contexte = {"message": message, "contribution": contribution, "delai": delais.en_mots(delais.reponse())}
        corps = rendre("contributions/message_recu", contexte)
        adresse = message.adresse_au_poste
        prevenir(moderateur, corps, f"message_recu-{message.pk}", adresse, facultatif=True)


def signalement_recu(signalement: Signalement) -> None:
    delai = delais.promis(urgente=signalement.dossier.urgent)
    _ecrire(signalement, "signalement_recu", 0, provoque=True, delai=delai)


def accuse_parti(signalement: Signalement) -> bool:
    """Return whether the receipt of a report could be written: none is, once a ceiling of the day is reached."""
    return Courriel.objects.filter(cle=_cle("signalement_recu", signalement, 0)).exists()


def signalement_traite(signalement: Signalement, ligne: Journal) -> None:
    """Answer who reported; a case that a publication closed waits with it, for it may be taken back."""
    attente = delais.annulation() if ligne.detail.get("version") else timedelta()
    _ecrire(signalement, "signalement_traite", ligne.pk, attente=attente, jusqua=ligne.le + OUVERT_PENDANT)


def recours_recu(recours: Recours) -> None:
    _ecrire(_conteste(recours), "recours_recu", recours.pk, provoque=True, recours=recours)


def recours_decide(recours: Recours) -> None:
    """Tell who contested, and who had decided."""
    contribution = _conteste(recours)
    _ecrire(contribution, "recours_decide", recours.pk, recours=recours)
    corps = rendre("contributions/recours_decide_moderation", {"recours": recours, "contribution": contribution})
    poste = recours.adresse_au_poste
    prevenir(recours.premier_decideur, corps, f"recours_decide_moderation-{recours.pk}", poste, facultatif=True)


def hors_de_vue(fiche: Fiche, ligne: Journal) -> None:
    """Give the reasons to those whose contributions the fiche holds (article 17 of the Digital Services Act)."""
    publiees = Proposition.objects.filter(fiche=fiche.pk, version__isnull=False).select_related("auteur").order_by("pk")
    for adresse, proposition in {p.adresse: p for p in publiees if p.adresse}.items():
        contexte = {"fiche": fiche, "contribution": proposition, "motif": ligne.get_motif_display()}
        corps = rendre("contributions/fiche_hors_de_vue", contexte)
        cle_entiere = f"fiche_hors_de_vue-{ligne.pk}-{proposition.pk}"
        if proposition.auteur:
            prevenir(proposition.auteur, corps, cle_entiere, proposition.get_absolute_url())
        else:
            ecrire(adresse, *corps, cle=cle_entiere)


def attend_hors_de_vue(proposition: Proposition, fiche: Fiche, ligne: Journal) -> None:
    """Tell an author that the fiche her text waits on is out of sight, and what becomes of it."""
    if proposition.adresse_prouvee:
        _ecrire(proposition, "attend_hors_de_vue", ligne.pk, fiche=fiche, motif=ligne.get_motif_display())


def deplacee(contribution: Proposition | Signalement, fiche: Fiche, dans: Fiche, ligne: Journal) -> None:
    """Tell an author that the fiche was merged, and what becomes of what she sent. No word of hers travels."""
    if isinstance(contribution, Signalement) or contribution.adresse_prouvee:
        _ecrire(contribution, "deplacee", ligne.pk, depart=fiche, arrivee=dans, issue=ligne.detail["issue"])


def avis_demande(objet: Proposition | Dossier | Recours, ligne: Journal, a) -> None:
    """Ask another moderator what she thinks."""
    corps = rendre("contributions/avis_demande", {"objet": objet, "par": ligne.qui, "texte": ligne.detail["texte"]})
    prevenir(a, corps, f"avis_demande-{ligne.pk}", objet.adresse_au_poste, facultatif=True)


def confiee(objet: Proposition | Dossier, ligne: Journal, a) -> None:
    """Tell a moderator that another gave her something to examine."""
    corps = rendre("contributions/confiee", {"objet": objet, "par": ligne.qui})
    prevenir(a, corps, f"confiee-{ligne.pk}", objet.adresse_au_poste, facultatif=True)


def _conteste(recours: Recours) -> Proposition | Signalement:
    contribution = recours.proposition or recours.signalement
    if contribution is None:
        raise ValueError("un recours porte sur une décision")
    return contribution


def _ecrire(
    contribution: Proposition | Signalement,
    gabarit: str,
    cle: int,
    *,
    facultatif: bool = False,
    provoque: bool = False,
    attente: timedelta = timedelta(),
    **contexte: Any,
) -> bool:
    """Tell the author; return whether something was. `provoque`: by a visitor, whose address may be somebody else's.

    `attente`: how long the e-mail waits. What moderators answer is written whatever the ceilings: the law wants it.
    """
    if not contribution.adresse:
        return False
    corps = rendre(
        f"contributions/{gabarit}", {_genre(contribution): contribution, "contribution": contribution, **contexte}
    )
    cle_entiere = _cle(gabarit, contribution, cle)
    if contribution.auteur:
        page = contribution.get_absolute_url()
        prevenir(contribution.auteur, corps, cle_entiere, page, facultatif=facultatif, attente=attente)
    elif contribution.adresse_prouvee:
        ecrire(contribution.adresse, *corps, cle=cle_entiere, attente=attente)
    elif provoque:
        return ecrire_a_l_adresse_tapee(contribution.adresse, *corps, cle=cle_entiere) is not None
    else:
        ecrire(contribution.adresse, *corps, cle=cle_entiere, preuve=Preuve.AUCUNE, attente=attente)
    return True


def _genre(contribution: Proposition | Signalement) -> str:
    return type(contribution).__name__.lower()


def _cle(gabarit: str, contribution: Proposition | Signalement, cle: int) -> str:
    return f"{gabarit}-{_genre(contribution)}-{contribution.pk}-{cle}"


def prevenir(
    personne: Utilisateur,
    corps: tuple[str, str],
    cle: str,
    page: str,
    *,
    facultatif: bool = False,
    attente: timedelta = timedelta(),
) -> None:
    """Tell somebody who has an account; the words of the notification are those of the subject of the e-mail."""
    if personne.ferme_le:  # a moderator who left: nobody reads that address any more
        return
    Notification.objects.get_or_create(personne=personne, cle=cle, defaults={"objet": corps[0][:250], "adresse": page})
    if not facultatif:
        ecrire(personne.email, *corps, cle=cle, attente=attente)
    elif personne.courriels == Utilisateur.Courriels.TOUS:
        ecrire(personne.email, *corps, cle=cle, arreter=desabonnement.adresse(personne), attente=attente)
