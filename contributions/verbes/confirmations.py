"""Confirmations: an institution is asked whether what is displayed of its scheme still holds, and answers.

A request is prepared, read, then sent, each by a moderator's word. An answer publishes nothing: « oui » and « fini »
are a proposition that says its provenance, accepted like any other; the rest is read at the desk (decision 46).
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import Truncator

from contributions.charte import CHARTE, LICENCE
from contributions.models import AdresseArretee, Demande, Journal, Proposition, Reponse
from contributions.models.confirmations import VALIDITE, DemandeQuerySet, adresses_arretees, empreinte
from contributions.models.transitions import DEMANDE
from contributions.verbes import echanges, propositions
from contributions.verbes.empechements import Empechement
from contributions.verbes.permissions import peut_moderer
from courriels.envoi import ecrire_a_l_adresse_tapee, rendre
from dispositifs.age import Constat
from dispositifs.models import DispositifLocal
from fiches.forms import FORMULAIRES
from fiches.gabarits import Nature
from fiches.models import Fiche, Version
from fiches.sources import Contenu, cle_libre, cles
from fiches.unites import changements
from francais.balises import jour
from francais.dates import DatePartielle

Sens, Statut = Reponse.Sens, Demande.Statut
REPONSES_MAX = 20  # to one request: one changes one's mind a few times
CONSTATS = {Sens.OUI: Constat.ACTIF, Sens.FINI: Constat.TERMINE}
SOURCE = "Réponse de l’institution à « Est-ce toujours vrai ? »"
DEJA = "Cette adresse a déjà une demande sur ce dispositif, depuis moins d’un an."
ARRETEE = "Cette adresse a demandé à ne plus être interrogée."
PAS_PUBLIEE = "Cette fiche n’est pas publiée : rien n’est à confirmer."


# What moderators do


@transaction.atomic
def preparer(fiche: DispositifLocal, *, par, institution: str, destinataire: str, origine: str) -> Demande:
    """Write the request down; nothing is sent."""
    _exiger(par)
    # One after the other: two rows that exclude each other, written at once, would wait for each other.
    _refuser_non_publiee(Fiche.objects.select_for_update(of=("self",)).get(pk=fiche.pk))
    if adresses_arretees([destinataire]):
        raise Empechement(ARRETEE)
    demande = Demande(
        fiche=fiche,
        institution=institution.strip(),
        destinataire=destinataire.strip(),
        empreinte=empreinte(destinataire),
        origine=origine.strip(),
    )
    try:
        with transaction.atomic():
            demande.save()
    except IntegrityError as refus:
        if "demande_une_par_an" not in str(refus):
            raise
        raise Empechement(DEJA) from refus
    Journal.noter("preparer_demande", demande, qui=par)
    return demande


@transaction.atomic
def relire(demande: Demande, *, par) -> Demande:
    """Note that somebody read the e-mail that would leave."""
    return _passer(_verrouiller(demande, "relire_demande", par), "relire_demande", par)


@transaction.atomic
def envoyer(demande: Demande, *, par) -> Demande:
    """Send the e-mail; its link opens from now on, for `VALIDITE`."""
    demande = _verrouiller(demande, "envoyer_demande", par)
    _refuser_non_publiee(demande.fiche)
    if demande.arretee:
        raise Empechement(ARRETEE)
    demande.envoyee_le = timezone.now()
    demande.jour, demande.expire_le = timezone.localdate(), demande.envoyee_le + VALIDITE
    _passer(demande, "envoyer_demande", par)
    corps, arret = texte(demande, lien=demande.adresse_publique), demande.adresse_d_arret
    if not ecrire_a_l_adresse_tapee(demande.destinataire, *corps, cle=demande.cle_du_courriel, arreter=arret):
        raise Empechement("Trop de courriels sont partis aujourd’hui à cette adresse, ou du site : envoyez-la demain.")
    return demande


@transaction.atomic
def retirer(demande: Demande, *, par) -> Demande:
    """Give up a request that was not sent: nothing of the address is kept."""
    return _retirer(_verrouiller(demande, "retirer_demande", par), par)


@transaction.atomic
def classer(demande: Demande, *, par) -> Demande:
    """Note that somebody read an answer that changes nothing of the fiche."""
    return _passer(_verrouiller(demande, "classer_demande", par), "classer_demande", par)


# What the institution does, by its link


@transaction.atomic
def repondre(demande: Demande, *, sens: str, fini_le: str = "", precision: str = "") -> Reponse:
    """Note an answer; the same one twice (a double click) is noted once, another one takes the place of the last.

    Raises Empechement, or ValidationError when the fiche cannot hold it (an end before its beginning).
    """
    demande = Demande.objects.select_for_update(of=("self",)).select_related("fiche").get(pk=demande.pk)
    if demande.statut not in Demande.PARTIES or demande.expiree:
        raise Empechement("Ce lien ne permet plus de répondre.")
    _refuser_non_publiee(demande.fiche)
    derniere = demande.derniere_reponse
    if derniere and (derniere.sens, derniere.fini_le, derniere.precision) == (sens, fini_le, precision):
        return derniere
    if demande.reponses.count() >= REPONSES_MAX:
        raise Empechement("Cette réponse a été changée trop souvent : la dernière est gardée.")
    attendue = _attendue(derniere)
    reponse = Reponse(demande=demande, sens=sens, fini_le=DatePartielle(fini_le), precision=precision)
    if sens in CONSTATS:
        reponse.proposition = attendue or _nouvelle(demande)
    reponse.save()  # before it is handed in: what sorts the queue asks whose it is
    if reponse.proposition:
        reponse.proposition = _deposer(reponse, reponse.proposition)
    elif attendue:
        propositions.retirer(attendue)
    if reponse.proposition and precision:
        echanges.ecrire(reponse.proposition, texte=precision)
    _passer(
        demande, "repondre_demande", None, Statut.PROPOSEE if sens in CONSTATS else Statut.A_LIRE, texte=reponse.en_mots
    )
    return reponse


@transaction.atomic
def arreter(demande: Demande) -> None:
    """Ask nothing more at this address, for ever; what was about to be asked is given up. Twice changes nothing."""
    if not demande.empreinte:
        return
    _, neuve = AdresseArretee.objects.get_or_create(empreinte=demande.empreinte)
    if not neuve:
        return
    Journal.noter("arreter_demandes", demande)
    abandonner(Demande.objects.filter(empreinte=demande.empreinte, statut__in=Demande.A_ENVOYER))


def abandonner(demandes: DemandeQuerySet) -> None:
    """Give up these requests, that were not sent: a task, or the address, asks for it."""
    with transaction.atomic():
        for demande in demandes.select_for_update(of=("self",)).order_by("pk"):
            _retirer(demande, None)


def texte(demande: Demande, *, lien: str) -> tuple[str, str]:
    """Return the subject and the text of the e-mail of a request."""
    fiche, etat = demande.fiche, demande.fiche.situation.etat(timezone.localdate()).label
    expire = demande.expire_le or timezone.now() + VALIDITE
    contexte = {"demande": demande, "fiche": fiche, "etat": etat, "lien": lien, "expire_le": expire}
    return rendre("contributions/fait_a_confirmer", contexte)


# What an answer comes to


def constater(contenu: Contenu, reponse: Reponse) -> Contenu:
    """Return the content of a fiche with what an answer says of it, on its day, and its source. Raises ValidationError.

    « Fini en 2024 » is said today: the statement has the day of the answer, the end the date that was given. The state
    follows from both (dispositifs/age.py).
    """
    dite_le = timezone.localdate(reponse.le).isoformat()
    cle = cle_libre(cles(contenu))
    source = {"cle": cle, "titre": SOURCE, "organisation": reponse.demande.institution, "date": dite_le}
    constat = {"etat": CONSTATS[Sens(reponse.sens)].value, "le": dite_le, "source": cle}
    neuf = {**contenu, "sources": [*contenu["sources"], source], "constats": [*contenu["constats"], constat]}
    if reponse.fini_le:
        neuf["fin"] = str(reponse.fini_le)
    return FORMULAIRES[Nature.LOCAL].valider(neuf)


def _nouvelle(demande: Demande) -> Proposition:
    """Return a proposition in the name of the institution, not handed in yet."""
    return Proposition.objects.create(
        nature=Nature.LOCAL,
        fiche_id=demande.fiche_id,
        titre=demande.fiche.titre,
        credit=Proposition.Credit.NOM,
        credit_nom=demande.institution,
        charte=CHARTE,
        licence=LICENCE,
    )


def _deposer(reponse: Reponse, proposition: Proposition) -> Proposition:
    """Hand in what an answer says, on the fiche as it is published now."""
    fiche, demande = reponse.demande.fiche, reponse.demande
    base = Version.objects.get(fiche=fiche.pk, numero=fiche.numero)
    dit = "confirme : toujours en cours" if reponse.sens == Sens.OUI else f"dit : {reponse.en_mots.lower()}"
    depot = propositions.deposer(
        proposition,
        base=base,
        changements=changements(Nature.LOCAL, base.contenu, constater(base.contenu, reponse)),
        pourquoi=Truncator(f"{demande.institution} {dit}. Réponse du {jour(reponse.le)}, par lien signé.").chars(
            Version.MOTIF_MAX
        ),
        sorte=Proposition.Type.MISE_A_JOUR,
    )
    return depot.proposition


def _attendue(derniere: Reponse | None) -> Proposition | None:
    """Return the proposition that the last answer made, if nobody has decided on it."""
    proposition = derniere.proposition if derniere else None
    return proposition if proposition and proposition.statut in Proposition.OUVERTES else None


# What they share


def _exiger(par) -> None:
    if not peut_moderer(par):
        raise PermissionDenied("Il faut être modérateur.")


def _refuser_non_publiee(fiche: Fiche) -> None:
    if fiche.etat != Fiche.Etat.PUBLIEE:
        raise Empechement(PAS_PUBLIEE)


def _verrouiller(demande: Demande, verbe: str, par) -> Demande:
    _exiger(par)
    actuelle = Demande.objects.select_for_update(of=("self",)).select_related("fiche").get(pk=demande.pk)
    if actuelle.statut not in DEMANDE[verbe].depuis:
        raise Empechement(f"{actuelle} : {actuelle.get_statut_display().lower()}.")
    return actuelle


def _retirer(demande: Demande, par) -> Demande:
    demande.destinataire = demande.empreinte = ""
    return _passer(demande, "retirer_demande", par)


def _passer(demande: Demande, verbe: str, par, vers: str = "", **detail: Any) -> Demande:
    de = Demande.objects.values_list("statut", flat=True).get(pk=demande.pk)
    demande.statut = vers or DEMANDE[verbe].vers[0]
    demande.save()
    Journal.noter(verbe, demande, qui=par, de=de, **detail)
    return demande
