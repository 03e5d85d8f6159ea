"""Requests of confirmation at the desk: which schemes are to be asked about in a territory, and at which address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from contributions.models import Demande
from contributions.verbes import confirmations
from contributions.verbes.empechements import Empechement
from courriels.models import Courriel
from dispositifs.age import EtatLocal
from dispositifs.models import DispositifLocal
from moderation.file import Criteres, File
from moderation.portees import portee_de
from territoires.models import Contact, Territoire

A_DEMANDER = (EtatLocal.A_VERIFIER, EtatLocal.TERME_PASSE)
Statut = Demande.Statut


@dataclass(frozen=True)
class Etape:
    """A step of requests, as a tab of the page: which ones it shows, and what is done there."""

    titre: str
    statuts: tuple[str, ...]
    gestes: dict[str, str]  # the words of each verb
    rien: str


ETAPES = {
    "": Etape("À demander", (), {"preparer": "Préparer les demandes cochées"}, "Rien n’est à demander ici."),
    "relire": Etape(
        "À relire",
        (Statut.PREPAREE,),
        {"relire": "J’ai relu ces courriels", "retirer": "Retirer"},
        "Aucune demande n’attend d’être relue.",
    ),
    "envoyer": Etape(
        "À envoyer",
        (Statut.RELUE,),
        {"envoyer": "Envoyer", "retirer": "Retirer"},
        "Aucune demande n’attend d’être envoyée.",
    ),
    "reponses": Etape("Réponses à lire", (Statut.A_LIRE,), {"classer": "Lues"}, "Aucune réponse n’attend d’être lue."),
    "parties": Etape("Envoyées", (Statut.ENVOYEE, Statut.PROPOSEE, Statut.CLASSEE), {}, "Aucune n’est envoyée."),
}
VERBES = {
    "relire": confirmations.relire,
    "retirer": confirmations.retirer,
    "envoyer": confirmations.envoyer,
    "classer": confirmations.classer,
}


def a_demander(territoire: Territoire, jour: date) -> QuerySet[DispositifLocal]:
    """Return the schemes of a territory that are to be verified or past their term, and not being asked about.

    The oldest first, each with the day of the last request (`demandee_le`).
    """
    en_cours = Demande.objects.en_cours().filter(fiche=OuterRef("pk"))
    concernes = DispositifLocal.objects.visibles_pour().concernant(territoire).avec_etat(jour)
    derniere = Max("demandes__jour", filter=~Q(demandes__statut=Statut.RETIREE))
    return (
        concernes.filter(~Exists(en_cours), Q(etat_local__in=A_DEMANDER))
        .annotate(demandee_le=derniere)
        .en_cartes()
        .order_by("vu_le", "titre", "pk")
    )


def a_ecrire(fiche: DispositifLocal, contacts: Iterable[Contact]) -> dict[str, str]:
    """Return whom to ask about a scheme, as far as one knows: who carries it, at the address of a known service."""
    connu = next(
        (contact for contact in contacts if contact.courriel and contact.organisme.lower() in fiche.porteur.lower()),
        None,
    )
    if connu is None:
        return {"institution": fiche.porteur[:100], "destinataire": "", "origine": ""}
    return {"institution": connu.organisme[:100], "destinataire": connu.courriel, "origine": connu.source[:200]}


@dataclass(frozen=True)
class Ligne:
    """A request as the page shows it."""

    demande: Demande
    refusee: bool  # a mail server said that nobody reads this address

    @property
    def courriel(self) -> tuple[str, str]:
        """What leaves, or left, without the secret of its link."""
        return confirmations.texte(self.demande, lien="(le lien personnel de cette demande)")


def lignes(demandes: Iterable[Demande]) -> list[Ligne]:
    """Return these requests, each with whether its e-mail came back."""
    lues = list(demandes)
    refusees = set(
        Courriel.objects.refuses().filter(cle__in=[une.cle_du_courriel for une in lues]).values_list("cle", flat=True)
    )
    return [Ligne(une, une.cle_du_courriel in refusees) for une in lues]


def comptes() -> dict[str, int]:
    """Return how many requests each step holds; one query."""
    par_etape = {cle: Q(statut__in=etape.statuts) for cle, etape in ETAPES.items() if cle}
    return Demande.objects.aggregate(**{cle: Count("pk", filter=condition) for cle, condition in par_etape.items()})


def dans_la_file(moderateur: Any) -> int:
    """Return how many answers are propositions that wait in the queue, as this moderator has it."""
    return File(moderateur, Criteres(portee_de(moderateur)), voie="institutions").lignes().count()


def faire(verbe: str, demandes: Iterable[Demande], *, par: Any) -> tuple[int, list[str]]:
    """Do it to each, one transaction each; return to how many it was done, and why not to the others."""
    faites, refus = 0, []
    for demande in demandes:
        try:
            VERBES[verbe](demande, par=par)
            faites += 1
        except Empechement as empechement:
            refus.append(f"{demande.fiche.titre}\u00a0: {empechement}")
    return faites, refus
