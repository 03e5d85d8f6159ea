"""The e-mails that go with the verbs, written in the same transaction; none without an address, each once."""

from typing import Any

from contributions.confirmation import cle
from contributions.models import Depot, Dossier, Journal, Message, Proposition, Recours, Signalement
from contributions.models.propositions import SANS_REPONSE
from contributions.models.recours import OUVERT_PENDANT
from courriels.envoi import ecrire, rendre
from fiches.models import Fiche
from fiches.unites import unites


def a_confirmer(proposition: Proposition, depot: Depot, ligne: Journal) -> None:
    _ecrire(proposition, "proposition_a_confirmer", ligne.pk, depot=depot, cle_recue=cle(proposition))


def deposee(proposition: Proposition, depot: Depot, ligne: Journal) -> None:
    _ecrire(proposition, "proposition_deposee", ligne.pk, depot=depot)


def corrections_demandees(proposition: Proposition, ligne: Journal) -> None:
    titres = {unite.cle: unite.titre for unite in unites(proposition.nature)}
    remarques = [
        (titres.get(message.unite, message.unite), message.texte)
        for message in proposition.messages.filter(de_la_moderation=True, depot=ligne.detail["depot"]).exclude(unite="")
    ]
    _ecrire(proposition, "corrections_demandees", ligne.pk, remarques=remarques, rangee_le=ligne.le + SANS_REPONSE)


def rangee(proposition: Proposition, ligne: Journal) -> None:
    """Tell that a proposition was put away because nobody answered the corrections asked for."""
    _ecrire(proposition, "proposition_rangee", ligne.pk)


def decidee(proposition: Proposition, ligne: Journal) -> None:
    """Tell what is published and what is not, and why; how to contest when something is not."""
    _ecrire(proposition, "proposition_decidee", ligne.pk, jusqua=ligne.le + OUVERT_PENDANT, **bilan(proposition, ligne))


def bilan(proposition: Proposition, ligne: Journal) -> dict[str, Any]:
    """Return the units published as they were, adjusted, and left out by this decision."""
    depot = proposition.depots.get(numero=ligne.detail["depot"])
    titres = {unite.cle: unite.titre for unite in unites(proposition.nature) if unite.cle in depot.changements}
    accepte = proposition.statut in (proposition.Statut.ACCEPTEE, proposition.Statut.ACCEPTEE_EN_PARTIE)
    choisies = ligne.detail.get("retenues")
    retenues = [cle for cle in titres if accepte and (choisies is None or cle in choisies)]
    ajustees = ligne.detail.get("ajustees", [])
    return {
        "depot": depot,
        "telles_quelles": [titres[cle] for cle in retenues if cle not in ajustees],
        "ajustees": [titres[cle] for cle in retenues if cle in ajustees],
        "laissees": [titre for cle, titre in titres.items() if cle not in retenues],
    }


def message_ecrit(message: Message) -> None:
    """Tell the author that the moderation wrote; what authors write waits for moderators in their queue."""
    contribution = message.proposition or message.signalement
    if message.de_la_moderation and contribution is not None:
        _ecrire(contribution, "message", message.pk, message=message)


def signalement_recu(signalement: Signalement) -> None:
    _ecrire(signalement, "signalement_recu", 0)


def signalement_traite(signalement: Signalement, ligne: Journal) -> None:
    _ecrire(signalement, "signalement_traite", ligne.pk, jusqua=ligne.le + OUVERT_PENDANT)


def recours_recu(recours: Recours) -> None:
    _ecrire(_conteste(recours), "recours_recu", recours.pk, recours=recours)


def recours_decide(recours: Recours) -> None:
    """Tell who contested, and who had decided."""
    contribution = _conteste(recours)
    _ecrire(contribution, "recours_decide", recours.pk, recours=recours)
    corps = rendre("contributions/recours_decide_moderation", {"recours": recours, "contribution": contribution})
    ecrire(recours.premier_decideur.email, *corps, cle=f"recours_decide_moderation-{recours.pk}")


def hors_de_vue(fiche: Fiche, ligne: Journal) -> None:
    """Give the reasons to those whose contributions the fiche holds (article 17 of the Digital Services Act)."""
    publiees = Proposition.objects.filter(fiche=fiche.pk, version__isnull=False).select_related("auteur").order_by("pk")
    for adresse, proposition in {p.adresse: p for p in publiees if p.adresse}.items():
        contexte = {"fiche": fiche, "contribution": proposition, "motif": ligne.get_motif_display()}
        corps = rendre("contributions/fiche_hors_de_vue", contexte)
        ecrire(adresse, *corps, cle=f"fiche_hors_de_vue-{ligne.pk}-{proposition.pk}")


def avis_demande(objet: Proposition | Dossier | Recours, ligne: Journal, a) -> None:
    """Ask another moderator what she thinks."""
    corps = rendre("contributions/avis_demande", {"objet": objet, "par": ligne.qui, "texte": ligne.detail["texte"]})
    ecrire(a.email, *corps, cle=f"avis_demande-{ligne.pk}")


def _conteste(recours: Recours) -> Proposition | Signalement:
    contribution = recours.proposition or recours.signalement
    if contribution is None:
        raise ValueError("un recours porte sur une décision")
    return contribution


def _ecrire(contribution: Proposition | Signalement, gabarit: str, cle: int, **contexte: Any) -> None:
    if not contribution.adresse:
        return
    genre = type(contribution).__name__.lower()
    corps = rendre(f"contributions/{gabarit}", {genre: contribution, "contribution": contribution, **contexte})
    ecrire(contribution.adresse, *corps, cle=f"{gabarit}-{genre}-{contribution.pk}-{cle}")
