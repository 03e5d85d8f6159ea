"""The life of a proposition. Its verbs are the only code that writes a status (docs/workflow.md, compared by a test).

Each verb locks the row, checks that it may happen, writes the journal and the e-mails, all in one transaction.
"""

from collections.abc import Collection, Mapping
from copy import copy
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator, slugify

from comparaison.fusion import Fusion, reunir
from comparaison.listes import Choix
from contributions import delais
from contributions.models import Depot, Dossier, Journal, Message, Proposition
from contributions.verbes import absences, defaits, examen, indesirables, notifications, signalements, traces
from contributions.verbes.empechements import ConflitATrancher, ContenuRefuse, Empechement, TexteModifie
from contributions.verbes.examen import passer, verrouiller, verrouiller_pour
from contributions.verbes.permissions import peut_decider
from courriels import plafonds
from fiches import edition
from fiches.forms import FORMULAIRES
from fiches.models import Fiche, Version
from fiches.sources import Contenu
from fiches.unites import unites, valeur

Statut = Proposition.Statut


# What the author does


@transaction.atomic
def deposer(
    proposition: Proposition,
    *,
    base: Version | None,
    changements: dict[str, Any],
    pourquoi: str,
    sorte: str = "",
    texte: Mapping[str, Any] | None = None,
    signature: Mapping[str, str] | None = None,
) -> Depot:
    """Hand in what the proposition now says, and return it; the same thing twice (a double click) is handed in once.

    `texte` and `signature` are columns: what was typed and the title; credits, address, charter. The row, that may not
    be in the base yet, is written once, with them. An address typed without an account is confirmed first, again if
    corrected; without any, the text waits for moderators at once.
    """
    if not changements:
        raise ValueError("une proposition change quelque chose")
    actuelle = verrouiller(proposition, "deposer", "redeposer") if proposition.pk else copy(proposition)
    if base and actuelle.fiche_id not in (None, base.fiche_id):
        raise TexteModifie("La fiche a été réunie à une autre pendant que vous écriviez : rouvrez votre proposition.")
    ancienne = actuelle.courriel
    for colonne, ecrite in {**(texte or {}), **(signature or {})}.items():
        setattr(actuelle, colonne, ecrite)
    dernier = actuelle.depot if actuelle.pk else None
    if dernier and (dernier.base, dernier.recus, dernier.pourquoi) == (base, changements, pourquoi):
        corrigee = actuelle.adresse_a_confirmer and ancienne != actuelle.courriel
        if not corrigee and actuelle.statut not in (Statut.BROUILLON, Statut.CORRECTIONS_DEMANDEES):
            actuelle.save()
            return dernier
    numero = dernier.numero + 1 if dernier else 1
    actuelle.base, actuelle.modifiee_le = base, timezone.now()
    if not actuelle.adresse_a_confirmer:
        actuelle.deposee_le = actuelle.deposee_le or actuelle.modifiee_le
    deja_recue = actuelle.statut in Proposition.A_TRAITER  # its author knows: another text is no other receipt
    if not deja_recue:
        actuelle.mise_a_part = actuelle.vague = ""
    ligne = _passer_au_depot(actuelle, numero)
    depot = _ecrire(
        Depot(proposition=actuelle, numero=numero, base=base, recus=changements, pourquoi=pourquoi, type=sorte)
    )
    if actuelle.adresse_a_confirmer:
        notifications.a_confirmer(actuelle, depot, ligne)
    elif not deja_recue:
        notifications.deposee(actuelle, depot, ligne)
    if actuelle.statut == Statut.SOUMISE:
        indesirables.reconnaitre(actuelle, depot)
    return depot


def _ecrire(depot: Depot) -> Depot:
    """Write a deposit with what it has in common with others."""
    if reecrit := traces.petit(depot):
        depot.avant, depot.apres = map(len, reecrit)
    depot.save(force_insert=True)
    traces.relever(depot)
    return depot


@transaction.atomic
def deposer_ensemble(meneuse: Proposition, remises: list[tuple[Proposition, dict[str, Any]]]) -> None:
    """Hand in several answers at once, each with what `deposer` wants: one link and one e-mail, those of `meneuse`.

    `meneuse` is the first of them; none is in the base yet.
    """
    meneuse.save(force_insert=True)
    for proposition, _ in remises:
        if proposition is not meneuse:
            proposition.meneuse = meneuse
            proposition.save(force_insert=True)
    for proposition, remise in reversed(remises):  # the first one last: its e-mail tells how many came with it
        deposer(proposition, **remise)


def _passer_au_depot(proposition: Proposition, numero: int) -> Journal:
    if proposition.adresse_a_confirmer:
        return passer(proposition, "deposer", Statut.A_CONFIRMER, depot=numero)
    if proposition.statut == Statut.EN_EXAMEN:
        return passer(proposition, "redeposer", qui=proposition.auteur, depot=numero)
    return passer(proposition, "deposer", Statut.SOUMISE, qui=proposition.auteur, depot=numero)


@transaction.atomic
def confirmer(proposition: Proposition) -> Proposition:
    """Note that the address answers: the proposition is handed in. Confirming twice changes nothing."""
    actuelle = Proposition.objects.select_for_update(of=("self",)).get(pk=proposition.pk)
    for suivante in actuelle.suivantes.filter(statut=Statut.A_CONFIRMER, courriel=actuelle.courriel):
        confirmer(suivante)
    if actuelle.statut != Statut.A_CONFIRMER:
        return actuelle
    actuelle.confirmee_le = actuelle.deposee_le = timezone.now()
    plafonds.prouver(actuelle.courriel)
    ligne = passer(actuelle, "confirmer")
    depot = actuelle.depot
    if depot:
        notifications.deposee(actuelle, depot, ligne)
        indesirables.reconnaitre(actuelle, depot)
    return actuelle


@transaction.atomic
def retirer(proposition: Proposition, *, qui=None, sans_reponse: bool = False) -> Proposition:
    """Withdraw: the text stays readable by its author, nobody decides on it any more.

    `sans_reponse`: it is put away because its author did not answer (a scheduled task), and told so.
    """
    proposition = verrouiller(proposition, "retirer")
    proposition.close_le = timezone.now()
    proposition.liberer()
    detail: dict[str, Any] = {"sans_reponse": True} if sans_reponse else {}
    ligne = passer(proposition, "retirer", qui=qui, **detail)
    if sans_reponse:
        notifications.rangee(proposition, ligne)
    return proposition


# What moderators do


@transaction.atomic
def prendre(proposition: Proposition, *, par) -> Proposition:
    return examen.prendre(proposition, par)


@transaction.atomic
def rendre(proposition: Proposition, *, par) -> Proposition:
    return examen.rendre(proposition, par)


@transaction.atomic
def demander_corrections(
    proposition: Proposition,
    *,
    par,
    depot: int,
    explication: str,
    remarques: dict[str, str] | None = None,
    traitement: int | None = None,
) -> Proposition:
    """Give the text back to its author, with remarks beside its units. `traitement`: see `accepter`."""
    proposition = _pour_decider(proposition, "demander_corrections", par, depot)
    if proposition.dit_une_absence:
        raise Empechement("Une absence ne se corrige pas : écrivez à son auteur, acceptez-la ou écartez-la.")
    proposition.explication = _dit(explication)
    proposition.liberer()
    for unite, texte in {"": explication, **(remarques or {})}.items():
        if texte.strip():
            Message.objects.create(
                proposition=proposition,
                de_la_moderation=True,
                auteur=par,
                unite=unite,
                depot=depot,
                texte=texte.strip(),
            )
    proposition.messages.sans_reponse().update(traite_le=timezone.now())
    ligne = passer(proposition, "demander_corrections", qui=par, depot=depot, **_du_lot(traitement))
    if not traitement:
        notifications.corrections_demandees(proposition, ligne)
    return proposition


@transaction.atomic
def accepter(
    proposition: Proposition,
    *,
    par,
    depot: int,
    sur: int | None = None,
    retenues: set[str] | None = None,
    ajustements: dict[str, Any] | None = None,
    choix: Mapping[str, Choix] | None = None,
    motif: str = "",
    explication: str = "",
    traitement: int | None = None,
) -> Version:
    """Publish the proposition, or only the units `retenues`, as the next version of its fiche; return the version.

    What says an absence is published as one: the version is that of the fiche, as it stands.

    `ajustements` gives the final value of some units, written by the moderator while looking at version `sur` of the
    fiche and at all that is proposed. `choix` says, of the rows of lists in conflict, which stay
    (comparaison/listes.py). Leaving something out needs a reason. `traitement`: the decision on a whole lot that this
    one is part of, whose author is told of them all together. Raises ConflitATrancher, ContenuRefuse, or another
    Empechement.
    """
    ajustee = bool(ajustements or choix)
    partielle = retenues is not None and retenues != set(_depot(proposition, depot).changements)
    verbe = "accepter_en_partie" if partielle else "accepter"
    proposition = _pour_decider(proposition, verbe, par, depot)
    if partielle and not (retenues and motif):
        raise Empechement("Gardez au moins une partie, et dites pourquoi le reste n’est pas retenu.")
    edition.verrouiller()
    remis = _depot(proposition, depot)
    fiche = fiche_de(proposition)
    refuser_archivee(fiche)
    if ajustee and fiche.numero != sur:
        raise TexteModifie(f"La fiche est passée en version {fiche.numero} pendant votre examen : relisez le résultat.")
    fusion = reunir_avec(fiche, remis, retenues, choix)
    contenu = a_publier(fiche.nature, fusion, ajustements or {})
    ecrites, reunies, preferees = _ecrites_et_reunies(fusion, ajustements or {})
    credits = _credits(proposition, par if ecrites or choix else None)
    motif_publie = _motif_publie(remis, retenues) if partielle and retenues else remis.pourquoi
    if remis.absence:
        version = absences.publier(remis.absence, fiche)
    else:
        version = edition.publier(fiche, contenu, motif=motif_publie, credits=credits, par=par)
    proposition.fiche_id, proposition.version = version.fiche_id, version
    proposition.motif = motif if partielle else ""
    proposition.explication = _dit(explication) if partielle else explication.strip()
    ligne = _clore(
        proposition,
        verbe,
        par,
        depot=depot,
        version=version.numero,
        retenues=sorted(retenues) if retenues is not None else None,
        ajustees=sorted({*ecrites, *(choix or {})}),
        reunies=sorted(reunies),
        **_du_lot(traitement),
    )
    if not traitement:
        notifications.decidee(proposition, ligne)
    if remis.base and preferees:
        depuis, attente = remis.base.numero, delais.annulation()
        defaits.annoncer(version, depuis=depuis, touchees=preferees, ligne=ligne, attente=attente)
    _clore_le_dossier(proposition, par, version)
    return version


@transaction.atomic
def ecarter(
    proposition: Proposition, *, par, depot: int, motif: str, explication: str, traitement: int | None = None
) -> Proposition:
    """Publish nothing of it, and say why. `traitement`: see `accepter`."""
    proposition = _pour_decider(proposition, "ecarter", par, depot)
    if not motif:
        raise Empechement("Choisissez un motif.")
    proposition.motif, proposition.explication = motif, _dit(explication)
    ligne = _clore(proposition, "ecarter", par, depot=depot, **_du_lot(traitement))
    if not traitement:
        notifications.decidee(proposition, ligne)
    return proposition


@transaction.atomic
def rouvrir(proposition: Proposition, *, par, **detail: Any) -> Proposition:
    """Put an adverse decision back in the queue: an appeal was upheld, or a message of its author heard."""
    proposition = verrouiller(proposition, "rouvrir")
    edition.verrouiller()
    refuser_archivee(fiche_de(proposition))
    proposition.close_le = proposition.version = None
    proposition.mise_a_part = proposition.vague = ""  # somebody thought again: it is read with the others
    examen.rouvrir(proposition, par, **detail)
    return proposition


# What they share


def reunir_avec(
    fiche: Fiche, depot: Depot, retenues: set[str] | None = None, choix: Mapping[str, Choix] | None = None
) -> Fusion:
    """Merge what was handed in with what is published now."""
    return reunir(fiche.nature, depot.lue, fiche.contenu or depot.lue, depot.proposee, retenues, choix)


def refuser_archivee(fiche: Fiche) -> None:
    """Raise Empechement on a fiche withdrawn, or merged into another: nothing is published or opened again there."""
    if fiche.etat != Fiche.Etat.ARCHIVEE:
        return
    if fiche.remplacee_par:
        raise Empechement(f"Cette fiche est réunie à « {fiche.remplacee_par.titre} » : rien ne s’y publie plus.")
    raise Empechement("Cette fiche a été retirée : rétablissez-la d’abord.")


def fiche_de(proposition: Proposition) -> Fiche:
    """Return the fiche as it is published now, or the one that does not exist yet."""
    modele = FORMULAIRES[proposition.nature].modele
    if proposition.fiche_id:
        return modele.objects.get(pk=proposition.fiche_id)
    depot = proposition.depot
    titre = depot.changements.get("titre", "") if depot else proposition.titre
    return modele(nature=proposition.nature, slug=_slug_libre(modele, titre))


def _slug_libre(modele: type[Fiche], titre: str) -> str:
    racine = slugify(titre.replace("’", " ").replace("'", " ").replace("œ", "oe"))[:100] or "fiche"
    pris = set(modele.objects.filter(slug__startswith=racine).values_list("slug", flat=True))
    return next(slug for slug in [racine, *(f"{racine}-{n}" for n in range(2, len(pris) + 3))] if slug not in pris)


def a_publier(nature: str, fusion: Fusion, ajustements: dict[str, Any]) -> Contenu:
    """Return what the merge gives once adjusted, if every conflict is settled and the whole is valid."""
    if set(fusion.conflits) - set(ajustements):
        raise ConflitATrancher(fusion.conflits)
    try:
        return FORMULAIRES[nature].valider(fusion.ajuster(ajustements))
    except ValidationError as refus:
        raise ContenuRefuse(refus.messages) from refus


def _ecrites_et_reunies(fusion: Fusion, ajustements: dict[str, Any]) -> tuple[set[str], set[str], set[str]]:
    """Return the units that the moderator wrote, the texts in conflict that she put together word by word, and those
    where what is proposed undoes what was published."""
    en_conflit = {cle: ecrit for cle, ecrit in ajustements.items() if cle in fusion.conflits}
    reunies = {cle for cle, ecrit in en_conflit.items() if ecrit and ecrit == fusion.mots_reunis(cle)}
    proposees = {cle for cle, ecrit in en_conflit.items() if ecrit == valeur(fusion.proposee, cle)}
    return {*ajustements} - reunies - proposees, reunies, proposees


def _motif_publie(depot: Depot, retenues: Collection[str]) -> str:
    """Return the sentence of the author, with what was kept of it: the history must not promise the rest."""
    gardees = [unite.titre for unite in unites(depot.proposition.nature) if unite.cle in retenues]
    precision = f" (retenu en partie : {', '.join(gardees)})"
    if len(precision) > Version.MOTIF_MAX // 2:
        precision = f" (retenu en partie : {len(gardees)} changements sur {len(depot.changements)})"
    return Truncator(depot.pourquoi).chars(Version.MOTIF_MAX - len(precision)) + precision


def _clore_le_dossier(proposition: Proposition, par, version: Version) -> None:
    """Close as corrected the case of reports that the proposition answered, if it is still open."""
    ouverts = Dossier.objects.a_traiter().select_for_update(of=("self",))
    if proposition.dossier_id and (dossier := ouverts.filter(pk=proposition.dossier_id).first()):
        signalements.corriger(dossier, par=par, version=version)


def _credits(proposition: Proposition, ajuste_par) -> list[dict[str, str]]:
    credits = [proposition.mention]
    if proposition.dossier:
        credits += [signalement.mention for signalement in proposition.dossier.signalements.exclude(nom="")]
    if ajuste_par:
        credits.append({"cle": f"personne-{ajuste_par.pk}", "nom": str(ajuste_par), "role": "ajustement"})
    return credits


def _depot(proposition: Proposition, numero: int) -> Depot:
    return Depot.objects.select_related("base").get(proposition=proposition.pk, numero=numero)


def _pour_decider(proposition: Proposition, verbe: str, par, depot: int) -> Proposition:
    if not peut_decider(par, proposition):
        raise PermissionDenied("On ne décide pas de sa propre proposition.")
    proposition = verrouiller_pour(proposition, verbe, par)
    dernier = proposition.depot
    if dernier is None or dernier.numero != depot:
        raise TexteModifie("L’auteur a changé son texte pendant votre examen : relisez-le.")
    return proposition


def _du_lot(traitement: int | None) -> dict[str, Any]:
    return {"traitement": traitement} if traitement else {}


def _clore(proposition: Proposition, verbe: str, par, **detail) -> Journal:
    proposition.close_le = timezone.now()
    return examen.clore(proposition, verbe, par, **detail)


def _dit(explication: str) -> str:
    if not explication.strip():
        raise Empechement("Écrivez une phrase d’explication : elle est envoyée à l’auteur.")
    return explication.strip()
