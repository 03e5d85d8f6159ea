"""Digest: what waits for one moderator, in her territories and themes, counted in SQL; told in the morning."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from comptes import desabonnement
from comptes.models import Utilisateur
from contributions import delais
from contributions.models import Demande, Dossier, Examinable, Lot, Message, Portee, Proposition, Recours
from contributions.verbes.permissions import peut_decider_recours
from courriels.envoi import ecrire, rendre
from moderation.conversation import Attendues
from moderation.portees import avec_lieux, dans_la_portee, portee_de

MONTRES = 10  # of each kind, one by one
Rythme = Utilisateur.Resume


@dataclass(frozen=True)
class Compte:
    """How many wait, and how many of them longer than promised."""

    nombre: int = 0
    en_retard: int = 0

    def __add__(self, autre: "Compte") -> "Compte":
        return Compte(self.nombre + autre.nombre, self.en_retard + autre.en_retard)

    @classmethod
    def de(cls, objets: QuerySet[Any], depuis: str) -> "Compte":
        tard = Q(**{f"{depuis}__lt": timezone.now() - delais.decision()})
        return cls(**objets.order_by().aggregate(nombre=Count("pk"), en_retard=Count("pk", filter=tard)))


@dataclass(frozen=True)
class Resume:
    """What one moderator is told."""

    portee: Portee | None  # None: the whole base
    urgences: list[tuple[Dossier, str]]  # each with what remains of its delay
    nombre_d_urgences: int
    recours: list[Recours]
    messages: Attendues  # hers
    messages_en_retard: int  # of her scope, whoever follows them
    reponses: int  # of institutions, of her scope, that make no proposition
    prises: Compte
    a_prendre: Compte

    @property
    def en_retard(self) -> int:
        return self.prises.en_retard + self.a_prendre.en_retard

    @property
    def vide(self) -> bool:
        attendu = (self.nombre_d_urgences, self.recours, self.messages.nombre, self.messages_en_retard, self.reponses)
        return not (any(attendu) or self.prises.nombre or self.a_prendre.nombre)


def resumer(moderateur: Utilisateur) -> Resume:
    """Return what waits for this moderator now. Urgent reports are everybody's, whatever the scope."""
    portee, maintenant = portee_de(moderateur), timezone.now()
    urgents = Dossier.objects.a_traiter().filter(categorie__in=Dossier.URGENTES)
    montres = urgents.select_related("fiche", "prise_par").order_by("ouvert_le")[:MONTRES]
    delai = delais.decision(urgente=True)
    propositions = Proposition.objects.a_traiter().filter(lot=None).exclude(auteur=moderateur)
    dossiers = Dossier.objects.a_traiter().exclude(categorie__in=Dossier.URGENTES)
    prises, libres = Examinable.tenu_par(moderateur), Examinable.libre()
    tardifs = Message.objects.sans_reponse().filter(le__lt=maintenant - delais.reponse())
    tardifs = _dans(tardifs, portee, "proposition__fiche", "signalement__dossier__fiche")
    return Resume(
        portee=portee,
        urgences=[(dossier, delais.reste_en_mots(dossier.ouvert_le + delai)) for dossier in montres],
        nombre_d_urgences=urgents.count(),
        recours=_decidables(moderateur),
        messages=Attendues.parmi(Message.objects.suivies_par(moderateur)),
        messages_en_retard=tardifs.comptes()["nombre"],
        reponses=_dans(Demande.objects.filter(statut=Demande.Statut.A_LIRE), portee, "fiche").count(),
        prises=Compte.de(propositions.filter(prises), "deposee_le") + Compte.de(dossiers.filter(prises), "ouvert_le"),
        a_prendre=Compte.de(_dans(avec_lieux(propositions.filter(libres)), portee, "fiche", neuves=True), "deposee_le")
        + Compte.de(Lot.objects.a_traiter().exclude(auteur=moderateur), "depose_le")
        + Compte.de(_dans(dossiers.filter(libres), portee, "fiche"), "ouvert_le"),
    )


def envoyer(moderateur: Utilisateur, jour: date) -> None:
    """Write the digest of that day, or of its week, once; nothing when nothing waits."""
    resume = resumer(moderateur)
    if resume.vide:
        return
    rang = jour.isoformat() if moderateur.resume == Rythme.QUOTIDIEN else f"{jour:%G-S%V}"
    arreter = desabonnement.adresse(moderateur, desabonnement.RESUME)
    corps = rendre("moderation/resume", {"resume": resume, "jour": jour, "rythme": moderateur.resume})
    ecrire(moderateur.email, *corps, cle=f"resume-{moderateur.pk}-{rang}", arreter=arreter)


def _dans(objets: Any, portee: Portee | None, *chemins: str, neuves: bool = False) -> Any:
    """Keep what is about a fiche of the scope; a message about a fiche that does not exist yet is everybody's."""
    if portee is None:
        return objets
    dedans = dans_la_portee(portee, *chemins, avec_neuves=neuves)
    if "proposition__fiche" in chemins:
        dedans |= Q(proposition__isnull=False, proposition__fiche=None)
    return objets.filter(dedans)


def _decidables(moderateur: Utilisateur) -> list[Recours]:
    ouverts = Recours.objects.a_traiter().exclude(premier_decideur=moderateur).order_by("depose_le")
    lies = ouverts.select_related("proposition", "signalement")[: 5 * MONTRES]
    return [recours for recours in lies if peut_decider_recours(moderateur, recours)][:MONTRES]
