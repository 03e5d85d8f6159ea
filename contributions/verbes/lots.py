"""The life of a lot: a table brought whole, taken back whole. What becomes of each row is a proposition like another.

5 000 rows are written in a few seconds: the rows of propositions, deposits and journal are those of
`propositions.deposer` and `retirer`, written together.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comptes.models import Utilisateur
from contributions.charte import CHARTE, LICENCE
from contributions.models import Depot, Journal, Lot, Proposition
from contributions.models.examen import nouveau_jeton
from contributions.models.transitions import PROPOSITION
from contributions.verbes import notifications
from contributions.verbes.empechements import Empechement
from fiches import edition
from fiches.gabarits import Nature
from fiches.models import Fiche, Version
from fiches.sources import Contenu
from fiches.unites import changements
from francais.balises import pluriel

Statut = Proposition.Statut
LIGNES_MAX = 5_000  # of one lot
FENETRE = timedelta(days=1)
PAR_JOUR, PAR_JOUR_DE_CONFIANCE = 500, LIGNES_MAX
ENSEMBLE = 500  # rows written by one query
DITES = 5  # of the rows refused, in the sentence; all are in `raisons`


class Ligne(NamedTuple):
    """A row of a table: what a fiche should say, or a fiche that does not exist yet.

    `contenu` is the whole content wanted, in its canonical form (`FORMULAIRES[Nature.LOCAL].valider`). `version` is the
    number of the version of `fiche` that it was made from: when the fiche moved since, both are merged, and nothing of
    what was published meanwhile is undone. `numero` is that of the row in the spreadsheet of its author.
    """

    numero: int
    contenu: Contenu
    fiche: Fiche | None = None
    version: int | None = None


class LignesRefusees(Empechement):
    """Rows that cannot be handed in any more, by their number; nothing was."""

    def __init__(self, raisons: dict[int, str]):
        dites = [f"Ligne {numero} : {raison}" for numero, raison in raisons.items()]
        suite = [f"Et {len(dites) - DITES} autres."] if len(dites) > DITES else []
        super().__init__(" ".join(["Rien n’est envoyé.", *dites[:DITES], *suite]))
        self.raisons = raisons


def lignes_permises(auteur: Utilisateur) -> int:
    """Return how many rows this person may still bring today: said to her before she sends any."""
    plafond = PAR_JOUR_DE_CONFIANCE if auteur.est_de_confiance else PAR_JOUR
    recentes = Proposition.objects.filter(lot__auteur=auteur, lot__depose_le__gt=timezone.now() - FENETRE)
    return max(0, plafond - recentes.count())


@transaction.atomic
def deposer(auteur: Utilisateur, titre: str, lignes: Sequence[Ligne], *, mot: str = "", jeton: str = "") -> Lot:
    """Hand in a table, whole or not at all, as one lot of propositions that wait for moderators; return the lot.

    `jeton`, when given, is that of its follow-up page: the same one twice (a double click, a job done again) is handed
    in once. Rows that change nothing make no proposition (`Lot.sans_effet`). One e-mail tells the author.

    Raises LignesRefusees when fiches went away meanwhile, another Empechement beyond what this person may bring today.
    """
    if not (auteur.is_authenticated and auteur.is_active):
        raise PermissionDenied("Il faut un compte.")
    Utilisateur.objects.select_for_update().get(pk=auteur.pk)  # two tables at once would both be under the limit
    if jeton and (deja := Lot.objects.filter(jeton=jeton).first()):
        return deja
    _verifier_le_nombre(auteur, len(lignes))
    edition.verrouiller()  # no fiche goes away while its row is written
    remises = list(_remises(lignes))
    utiles = [remise for remise in remises if remise.changements]
    if not utiles:
        raise Empechement("Ce tableau ne change rien : les fiches disent déjà tout ce qu’il dit.")
    sans_effet = [remise.ligne.numero for remise in remises if not remise.changements]
    lot = Lot.objects.create(
        jeton=jeton or nouveau_jeton(), titre=titre, auteur=auteur, mot=mot.strip(), sans_effet=sans_effet
    )
    _ecrire(lot, auteur, utiles)
    notifications.lot_depose(lot, Journal.noter("deposer_lot", lot, qui=auteur, lignes=len(utiles)))
    return lot


@transaction.atomic
def retirer(lot: Lot, *, qui=None) -> Lot:
    """Withdraw all that nobody decided on yet: it stays readable by its author, nobody reads it any more."""
    lot = verrouiller(lot)
    ouvertes = list(
        lot.propositions.filter(statut__in=PROPOSITION["retirer"].depuis)
        .select_for_update(of=("self",))
        .only("statut", "fiche_id", "motif")
        .order_by("pk")
    )
    if not ouvertes:
        raise Empechement("Ce lot n’attend plus rien : tout y a été décidé, ou retiré.")
    maintenant, lignes = timezone.now(), []
    for proposition in ouvertes:
        de, proposition.statut = proposition.statut, Statut.RETIREE
        lignes.append(Journal.ligne("retirer", proposition, qui=qui, de=de, motif=proposition.motif))
    lot.propositions.filter(pk__in=[proposition.pk for proposition in ouvertes]).update(
        statut=Statut.RETIREE, close_le=maintenant, prise_par=None, prise_jusqua=None
    )
    Journal.objects.bulk_create(lignes, ENSEMBLE)
    Journal.noter("retirer_lot", lot, qui=qui, lignes=len(ouvertes))
    return lot


def verrouiller(lot: Lot) -> Lot:
    """Return it as it is now, locked until the end of the transaction, unless a decision on it is being applied."""
    lot = Lot.objects.select_for_update(of=("self",)).get(pk=lot.pk)
    if en_cours := lot.traitement:
        quand = timezone.localtime(en_cours.demande_le)
        raise Empechement(f"{en_cours.par} a décidé de ce lot le {quand:%d/%m/%Y à %H:%M} : c’est en cours.")
    return lot


def _verifier_le_nombre(auteur: Utilisateur, nombre: int) -> None:
    if nombre > LIGNES_MAX:
        raise Empechement(f"Un lot a {LIGNES_MAX:n} lignes au plus : partagez ce tableau.")
    permises = lignes_permises(auteur)
    if nombre > permises:
        raise Empechement(
            f"Vous pouvez encore apporter {permises} {pluriel(permises, 'ligne,lignes')} aujourd’hui, "
            f"ce tableau en a {nombre} : envoyez le reste demain."
        )


class _Remise(NamedTuple):
    ligne: Ligne
    base: Version | None
    changements: Contenu


def _remises(lignes: Sequence[Ligne]) -> Iterable[_Remise]:
    """Yield what each row changes in the version it was made from; refuse all those whose fiche went away."""
    cles = {ligne.fiche.pk for ligne in lignes if ligne.fiche}
    fiches = Fiche.objects.select_related("remplacee_par").only("etat", "numero", "nature", "titre", "remplacee_par")
    presentes = fiches.in_bulk(cles)
    raisons = {
        ligne.numero: raison for ligne in lignes if ligne.fiche and (raison := _partie(presentes.get(ligne.fiche.pk)))
    }
    if raisons:
        raise LignesRefusees(raisons)
    lues = {(ligne.fiche.pk, ligne.version or presentes[ligne.fiche.pk].numero) for ligne in lignes if ligne.fiche}
    versions = {
        (version.fiche_id, version.numero): version
        for version in Version.objects.filter(fiche__in=cles)
        if (version.fiche_id, version.numero) in lues
    }
    for ligne in lignes:
        base = None
        if ligne.fiche:
            base = versions[ligne.fiche.pk, ligne.version or presentes[ligne.fiche.pk].numero]
        yield _Remise(ligne, base, changements(Nature.LOCAL, base.contenu if base else {}, ligne.contenu))


def _partie(fiche: Fiche | None) -> str:
    """Return why nothing can be proposed on this fiche any more, or nothing."""
    if fiche is None or fiche.nature != Nature.LOCAL:
        return "cette fiche n’existe pas."
    if fiche.remplacee_par:
        return f"la fiche « {fiche.titre} » est réunie à « {fiche.remplacee_par.titre} »."
    if fiche.etat != Fiche.Etat.PUBLIEE:
        return f"la fiche « {fiche.titre} » est {fiche.get_etat_display().lower()}."
    return ""


def _ecrire(lot: Lot, auteur: Utilisateur, remises: Sequence[_Remise]) -> None:
    maintenant = lot.depose_le
    propositions = [
        Proposition(
            lot=lot,
            ligne=remise.ligne.numero,
            nature=Nature.LOCAL,
            fiche_id=remise.base.fiche_id if remise.base else None,
            titre=remise.ligne.contenu["titre"][:150],
            base=remise.base,
            statut=Statut.SOUMISE,
            auteur=auteur,
            credit=auteur.credit_prefere,
            credit_nom=auteur.credit,
            credit_lien=auteur.lien if auteur.credit else "",
            charte=CHARTE,
            licence=LICENCE,
            creee_le=maintenant,
            modifiee_le=maintenant,
            deposee_le=maintenant,
        )
        for remise in remises
    ]
    Proposition.objects.bulk_create(propositions, ENSEMBLE)
    Depot.objects.bulk_create(
        (
            Depot(
                proposition=proposition,
                numero=1,
                base=remise.base,
                recus=remise.changements,
                pourquoi=f"Tableau « {lot.titre} », ligne {remise.ligne.numero}",
                type=Proposition.Type.MISE_A_JOUR if remise.base else Proposition.Type.AJOUT,
                depose_le=maintenant,
            )
            for proposition, remise in zip(propositions, remises, strict=True)
        ),
        ENSEMBLE,
    )
    Journal.objects.bulk_create(
        (Journal.ligne("deposer", p, qui=auteur, de=Statut.BROUILLON, depot=1) for p in propositions), ENSEMBLE
    )
