"""The analysis of a table: what each line would make of which fiche, what is asked, what is wrong. Nothing is written.

Lines that speak of one scheme are one change. A content proposed has passed the form of local schemes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from contributions.tableau import contenus
from contributions.tableau.colonnes import Ligne, Role, mots
from contributions.tableau.contenus import Document
from contributions.tableau.differences import differences
from contributions.tableau.dits import Annonce, Dit, Lecteur
from contributions.tableau.lieux import Lieux
from contributions.tableau.questions import Carnet, Laissee, Question, cle
from contributions.tableau.rapprochement import Fiches, cle_du_porteur, noms_des_dispositifs, resume
from contributions.tableau.valeurs import nettoyer, reparer
from contributions.tableau.validation import Validation
from dispositifs.age import Constat
from dispositifs.models import Dispositif, DispositifLocal
from fiches.gabarits import Nature
from fiches.sources import Contenu
from fiches.unites import changements

FICHE, REPETEES = "fiche", "repetees"  # what questions are about, besides columns
NOUVELLE, AVEC_LE_PORTEUR = "nouvelle", "porteur"
PREMIERE, DERNIERE, SEPARER = "premiere", "derniere", "separer"
AUX_DEUX_BOUTS = ({Constat.EN_PROJET}, {Constat.TERMINE})
PAS = 100  # lines, between two times that one says where it is
Avancement = Callable[[int], None]  # how many lines are done; half of one is to read it, half to compose its fiche


class Effet(models.TextChoices):
    """What becomes of lines of a table."""

    CREER = "creer", "À créer"
    CHANGER = "changer", "À changer"
    INCHANGEE = "inchangee", "Inchangée"
    ATTENTE = "attente", "Déjà proposée"
    REVOIR = "revoir", "À revoir"
    LAISSEE = "laissee", "Laissée"


# Counted by their lines, the others by their fiches: with those that were put together, all the lines of the table.
SANS_FICHE = (Effet.REVOIR, Effet.LAISSEE)


@dataclass
class Sort:
    """What becomes of some lines: of which fiche (None: a new one), in which words, with which content.

    `remplacees`: the lines of the same scheme that were left aside for these.
    """

    effet: Effet
    lignes: list[str]
    numero: int
    titre: str
    fiche: int | None = None
    version: int | None = None
    adresse: str = ""
    details: list[tuple[str, str, str]] = field(default_factory=list)
    contenu: Contenu | None = None
    remplacees: list[str] = field(default_factory=list)


@dataclass
class Analyse:
    sorts: list[Sort]
    carnet: Carnet


def analyser(
    lignes: Sequence[Ligne],
    annonce: Annonce,
    document: Document,
    reponses: Mapping[str, str],
    *,
    officiels: bool = False,
    avancer: Avancement = lambda combien: None,
) -> Analyse:
    """Return what these lines come to. `officiels`: bare codes are those of the Insee."""
    carnet = Carnet(dict(reponses))
    dispositifs = list(Dispositif.objects.visibles_pour())
    fiches = Fiches(dispositifs)
    lieux = Lieux(carnet, officiels=officiels)
    propres = [_reparee(ligne, carnet) for ligne in lignes]
    sans_territoires = not any(ligne[Role.TERRITOIRES] for ligne in propres)
    lieux.preparer(ligne[Role.PORTEUR if sans_territoires else Role.TERRITOIRES] for ligne in propres)
    lecteur = Lecteur(annonce, noms_des_dispositifs(dispositifs), fiches, lieux, carnet)
    tri = _Tri(fiches, carnet)
    for rang, ligne in enumerate(propres):
        try:
            dit = lecteur.lire(ligne, lieu_du_porteur=sans_territoires)
            tri.ranger(ligne, dit)
        except Laissee:
            tri.laisser(ligne)
        if rang % PAS == 0:
            avancer(rang // 2)
    tri.validation = Validation(lieux.connus, dispositifs)
    return Analyse(tri.sorts(document, avancer), carnet)


def _reparee(ligne: Ligne, carnet: Carnet) -> Ligne:
    """Return a line whose accents are mended, each mended cell told."""
    cellules = {}
    for role, texte in ligne.cellules.items():
        propre = nettoyer(texte)
        cellules[role] = reparer(propre)
        if cellules[role] != propre:
            carnet.comprendre(propre, cellules[role], ligne.repere)
    return Ligne(ligne.feuille, ligne.numero, cellules)


@dataclass
class _Groupe:
    """The lines that speak of one scheme."""

    fiche: DispositifLocal | None
    porteur: bool = False  # its carrier becomes that of the table
    nom: bool = False  # and its title
    dits: list[Dit] = field(default_factory=list)


class _Tri:
    """The lines, put together by the scheme that they speak of."""

    validation: Validation

    def __init__(self, fiches: Fiches, carnet: Carnet):
        self.fiches, self.carnet = fiches, carnet
        self.groupes: dict[Any, _Groupe] = {}
        self.a_part: list[Sort] = []

    def ranger(self, ligne: Ligne, dit: Dit | None) -> None:
        """Put a line with those of its scheme, or aside when it is not sure. Raises Laissee."""
        groupe = self._groupe(dit) if dit else None
        if dit is None or groupe is None:
            self.a_part.append(Sort(Effet.REVOIR, [ligne.repere], ligne.numero, _nom(ligne)))
        else:
            groupe.dits.append(dit)

    def laisser(self, ligne: Ligne) -> None:
        self.a_part.append(Sort(Effet.LAISSEE, [ligne.repere], ligne.numero, _nom(ligne)))

    def _groupe(self, dit: Dit) -> _Groupe | None:
        """Return the group of a line, None when one must ask of which fiche it speaks. Raises Laissee."""
        if dit.fiche:
            return self.groupes.setdefault(dit.fiche.pk, _Groupe(dit.fiche, porteur=True, nom=True))
        trouve = self.fiches.rapprocher(dit.sorte, dit.nom, dit.porteur, dit.designations)
        if trouve.fiche:
            return self.groupes.setdefault(trouve.fiche.pk, _Groupe(trouve.fiche))
        nouvelle = self.groupes.get(_cle(dit)) or _Groupe(None)
        if not trouve.proches:
            return self.groupes.setdefault(_cle(dit), nouvelle)
        porteur = dit.porteur if cle_du_porteur(dit.porteur) else ""  # « Collectivité 15 » names nobody
        dite = ", ".join(filter(None, (dit.sorte.nom_court, dit.nom, porteur, contenus.lieux_en_mots(dit.lieux))))
        reponse = self.carnet.reponse(FICHE, dite) or ""
        sorte, _, pk = reponse.partition(":")
        fiche = next((proche for proche in trouve.proches if str(proche.pk) == pk), None)
        if fiche:
            return self.groupes.setdefault(fiche.pk, _Groupe(fiche, porteur=sorte == AVEC_LE_PORTEUR))
        if sorte == NOUVELLE:
            return self.groupes.setdefault(_cle(dit), nouvelle)
        choix = [(f"{FICHE}:{proche.pk}", resume(proche)) for proche in trouve.proches]
        premiere = trouve.proches[0]
        if porteur and cle_du_porteur(porteur) != cle_du_porteur(premiere.porteur):
            choix.insert(
                1, (f"{AVEC_LE_PORTEUR}:{premiere.pk}", f"{premiere.titre}, dont le porteur devient {dit.porteur}")
            )
        choix.append((NOUVELLE, "Aucune\u00a0: une nouvelle fiche"))
        self.carnet.demander(Question(FICHE, dite, "est-ce l’une de ces fiches ?", choix), dit.ligne.repere)
        return None

    def sorts(self, document: Document, avancer: Avancement) -> list[Sort]:
        """Return what becomes of all the lines, in their order."""
        faits: list[Sort] = []
        for groupe in self.groupes.values():
            try:
                parts = self._separer(groupe)
            except Laissee:
                faits.append(self._sort(groupe.dits, Effet.LAISSEE))
                continue
            for dits, remplaces in parts:
                sort = self._composer(groupe, dits, document)
                sort.remplacees = [dit.ligne.repere for dit in remplaces]
                faits.append(sort)
            if len(faits) % PAS == 0:
                avancer(len(self.a_part) + (len(faits) + len(self.groupes)) // 2)
        return sorted([*faits, *self.a_part], key=lambda sort: (sort.lignes[0].rpartition(", ")[0], sort.numero))

    def _separer(self, groupe: _Groupe) -> list[tuple[list[Dit], list[Dit]]]:
        """Return the lines of a scheme that go together, each time with those left aside for them.

        They all speak, unless they contradict each other. Which one wins, once answered, holds for all the lines of one
        contract. Raises Laissee.
        """
        dits, contraires = groupe.dits, _se_contredisent(groupe.dits, nouvelle=groupe.fiche is None)
        reponse = self.carnet.reponse(REPETEES, "") if contraires else self.carnet.reponses.get(cle(REPETEES, ""))
        if reponse in (PREMIERE, DERNIERE) and (contraires or len({dit.rang for dit in dits}) == 1):
            return [(dits[:1], dits[1:]) if reponse == PREMIERE else (dits[-1:], dits[:-1])]
        if not contraires:
            return [(sorted(dits, key=lambda dit: dit.rang or 0), [])]
        if reponse == SEPARER and groupe.fiche is None:
            par_nom: dict[tuple[str, str], list[Dit]] = {}
            for dit in dits:
                par_nom.setdefault((mots(dit.nom), cle_du_porteur(dit.porteur)), []).append(dit)
            return [(siens[-1:], siens[:-1]) for siens in par_nom.values()]
        choix = [
            (DERNIERE, "La dernière ligne de chacun l’emporte"),
            (PREMIERE, "La première ligne de chacun l’emporte"),
            (SEPARER, "Ce sont des dispositifs différents, quand leur nom ou leur porteur l’est"),
        ]
        question = Question(REPETEES, "", "plusieurs lignes d’un même dispositif ne disent pas la même chose", choix)
        for dit in dits:
            self.carnet.demander(question, dit.ligne.repere)
        return [(dits, [])]

    def _composer(self, groupe: _Groupe, dits: list[Dit], document: Document) -> Sort:
        """Return what some lines make of their fiche, once the form accepted it."""
        fiche = groupe.fiche
        if self.carnet.retenues[dits[0].ligne.repere]:
            return self._sort(dits, Effet.REVOIR, fiche)
        voulu = (
            contenus.change(fiche.contenu, dits, document, porteur=groupe.porteur, nom=groupe.nom)
            if fiche
            else contenus.nouveau(dits, document)
        )
        if fiche and voulu == fiche.contenu:
            return self._sort(dits, Effet.INCHANGEE, fiche)
        try:
            contenu = self.validation.valider(voulu)
        except ValidationError as erreur:
            for dit in dits:
                self.carnet.fauter(
                    "La fiche ne peut pas être écrite ainsi", " ".join(erreur.messages), dit.ligne.repere
                )
            return self._sort(dits, Effet.REVOIR, fiche)
        effet = Effet.CHANGER if fiche else Effet.CREER
        if self.fiches.attend(
            fiche, contenu["titre"], changements(Nature.LOCAL, fiche.contenu if fiche else {}, contenu)
        ):
            effet = Effet.ATTENTE
        sort = self._sort(dits, effet, fiche)
        sort.titre = fiche.titre if fiche else contenu["titre"]
        sort.details = differences(fiche.contenu if fiche else {}, contenu)
        sort.contenu = contenu if effet in (Effet.CREER, Effet.CHANGER) else None
        return sort

    def _sort(self, dits: list[Dit], effet: Effet, fiche: DispositifLocal | None = None) -> Sort:
        sort = Sort(effet, [dit.ligne.repere for dit in dits], dits[0].ligne.numero, dits[0].nom)
        sort.titre = fiche.titre if fiche else dits[0].nom or contenus.titre_de(dits[0])
        if fiche:
            sort.fiche, sort.version, sort.adresse = fiche.pk, fiche.numero, fiche.get_absolute_url()
        return sort


def _cle(dit: Dit) -> tuple[str, frozenset[str]]:
    """Return what tells a new scheme from another: its kind and its territories."""
    return dit.sorte.slug, frozenset(dit.designations)


def _nom(ligne: Ligne) -> str:
    return next((ligne[role] for role in (Role.NOM, Role.PORTEUR, Role.TERRITOIRES) if ligne[role]), "")[:150]


def _se_contredisent(dits: Sequence[Dit], *, nouvelle: bool) -> bool:
    """Return whether lines of one scheme cannot all be true: dates of one generation, names, states of one day."""
    if nouvelle and (len({mots(d.nom) for d in dits if d.nom}) > 1 or len(_porteurs(dits)) > 1):
        return True
    par_rang: dict[int | None, list[Dit]] = {}
    par_jour: dict[str, set[Constat]] = {}
    for dit in dits:
        par_rang.setdefault(dit.rang, []).append(dit)
        par_jour.setdefault(dit.vu, set()).update([dit.etat] if dit.etat else [])
    for memes in par_rang.values():
        for dates in zip(*((dit.signature, dit.debut, dit.fin) for dit in memes), strict=True):
            if not _une_seule(dates):
                return True
    return any(len(etats) > 1 and etats & bout for etats in par_jour.values() for bout in AUX_DEUX_BOUTS)


def _une_seule(dates: Sequence[str]) -> bool:
    """Return whether dates are one, said with more or less precision."""
    precise = max(dates, key=len)
    return all(precise.startswith(le) for le in dates)


def _porteurs(dits: Sequence[Dit]) -> set[str]:
    return {cle_du_porteur(dit.porteur) for dit in dits} - {""}
