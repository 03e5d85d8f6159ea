"""What a line of a table says of a scheme: its cells read one by one, what is not sure asked, what is wrong told."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from contributions.tableau.colonnes import Ligne, Role, mots
from contributions.tableau.lieux import CELLULE_AU_PLUS, Lieux
from contributions.tableau.questions import RIEN, Carnet, Marge, Question
from contributions.tableau.rapprochement import Fiches
from contributions.tableau.valeurs import (
    ENFUI,
    Dite,
    est_inconnue,
    lire_date,
    lire_duree,
    lire_etat,
    lire_rang,
    terme,
)
from dispositifs.age import EN_VIE, SANS_DATE, Constat
from dispositifs.models import SUIVIS, Dispositif, DispositifLocal
from fiches.dates import dans_le_desordre
from francais.balises import a_partir
from francais.dates import DatePartielle
from territoires.models import Territoire

UNE_DATE = "Écrire la date autrement, comme 12/03/2021, mars 2021 ou 2021"
DATES = (Role.SIGNATURE, Role.DEBUT, Role.FIN)
ETATS = [(etat.value, etat.label) for etat in Constat]
ETATS_OU_RIEN = [*ETATS, (RIEN, "Ne rien en dire")]
SE_CONTREDISENT = "ces mots d’une même ligne se contredisent : où en est ce dispositif ?"
SORTE_ET_RANG = re.compile(r"(?P<sorte>[a-z ]+?) ?(?P<rang>\d{1,2})(?: ?(?:e|eme|er|nd)? ?(?:generation|contrat))?")
TITRE_MAX = 150  # characters, of a fiche and of a carrier


@dataclass(frozen=True)
class Dit:
    """A line, read. `etat`: what it says of the scheme when it was seen, `vu`."""

    ligne: Ligne
    dispositif: Dispositif | None
    nom: str
    porteur: str
    lieux: tuple[Territoire, ...]
    etat: Constat | None
    vu: DatePartielle
    signature: DatePartielle = SANS_DATE
    debut: DatePartielle = SANS_DATE
    fin: DatePartielle = SANS_DATE
    rang: int | None = None
    adresse: str = ""
    fiche: DispositifLocal | None = None  # when the table gives its very page

    @property
    def sorte(self) -> Dispositif:
        """The kind of a scheme, known of all those that are not given by their page."""
        if self.dispositif is None:
            raise ValueError("cette fiche est connue par son adresse")
        return self.dispositif

    @property
    def designations(self) -> list[str]:
        return [lieu.designation for lieu in self.lieux]


@dataclass(frozen=True)
class Annonce:
    """What somebody said of the table itself: its kind, if it has but one, its date, the day of the reading."""

    dispositif: Dispositif | None
    le: DatePartielle
    jour: date


class Lecteur:
    """Reads the lines of one table, with the names of the kinds of schemes."""

    def __init__(self, annonce: Annonce, noms: Mapping[str, Dispositif], fiches: Fiches, lieux: Lieux, carnet: Carnet):
        self.annonce, self.noms, self.fiches, self.lieux, self.carnet = annonce, noms, fiches, lieux, carnet

    def lire(self, ligne: Ligne, *, lieu_du_porteur: bool = False) -> Dit | None:
        """Return what a line says; None when it is not sure, or wrong: everything is noted. Raises Laissee."""
        marge = Marge(self.carnet, ligne.repere)
        fiche = self.fiches.a_l_adresse(ligne[Role.ADRESSE])
        dispositif, rang_dit = (None, None) if fiche else self._sorte(ligne, marge)
        signature, debut, fin = (self._date(ligne, role, marge) for role in DATES)
        vu = self._date(ligne, Role.VU, marge).le or self.annonce.le
        jusque = fin.le or signature.fin or debut.fin
        if not jusque:
            jusque = self._terme(ligne, signature.le, debut.le, marge)
        passe = bool(jusque and vu) and jusque.dernier_jour < vu.premier_jour  # type: ignore[operator]
        etat = self._etat(ligne, (signature, debut, fin), marge, passe=passe)
        rang = self._valeur(ligne, Role.GENERATION, lire_rang, marge) or rang_dit or _rang_de_l_etat(ligne[Role.ETAT])
        lieux = self._lieux(ligne, marge, lieu_du_porteur=lieu_du_porteur)
        self._verifier(ligne, signature.le, debut.le, jusque, vu, marge)
        nom, porteur = (self._court(ligne, role, marge) for role in (Role.NOM, Role.PORTEUR))
        if marge.retenue:
            return None
        return Dit(
            ligne=ligne,
            dispositif=dispositif,
            nom=nom,
            porteur=porteur,
            lieux=tuple(lieux),
            etat=etat,
            vu=vu,
            signature=signature.le,
            debut=debut.le,
            fin=jusque,
            rang=rang,
            adresse=ligne[Role.ADRESSE],
            fiche=fiche,
        )

    def _court(self, ligne: Ligne, role: Role, marge: Marge) -> str:
        texte = "" if est_inconnue(ligne[role]) else " ".join(ligne[role].split())
        if len(texte) > TITRE_MAX:
            marge.fauter(f"Plus de {TITRE_MAX} caractères", f"{texte[:60]}…")
        return texte

    def _sorte(self, ligne: Ligne, marge: Marge) -> tuple[Dispositif | None, int | None]:
        texte = ligne[Role.SORTE]
        dite = marge.reponse(Role.SORTE, texte) or texte
        if not mots(dite):
            if self.annonce.dispositif is None:
                marge.demander(Question(Role.SORTE, texte, "de quel dispositif s’agit-il ?", self._sortes()))
            return self.annonce.dispositif, None
        if dispositif := self.noms.get(mots(dite)):
            return dispositif, None
        trouve = SORTE_ET_RANG.fullmatch(mots(dite))
        if trouve and (dispositif := self.noms.get(trouve["sorte"].strip())):
            marge.comprendre(texte, f"{dispositif.nom_court}, génération {trouve['rang']}")
            return dispositif, int(trouve["rang"])
        marge.demander(Question(Role.SORTE, texte, "nous ne connaissons pas ce dispositif", self._sortes()))
        return None, None

    def _sortes(self) -> list[tuple[str, str]]:
        return [(slug, self.noms[mots(slug)].nom_complet) for slug in SUIVIS if mots(slug) in self.noms]

    def _date(self, ligne: Ligne, role: Role, marge: Marge) -> Dite:
        texte = ligne[role]
        try:
            dite = lire_date(marge.reponse(role, texte) or texte)
        except ValueError as erreur:
            marge.demander(Question(role, texte, str(erreur), [(RIEN, "Ne pas reprendre cette date")], libre=UNE_DATE))
            return Dite()
        if dite.compris:
            marge.comprendre(texte, dite.compris)
        return dite

    def _valeur(self, ligne: Ligne, role: Role, lire: Callable[[str], Any], marge: Marge) -> Any:
        texte = ligne[role]
        try:
            return lire(marge.reponse(role, texte) or texte)
        except ValueError as erreur:
            marge.demander(Question(role, texte, str(erreur), [(RIEN, "Ne pas le reprendre")], libre="Autrement dit"))
            return None

    def _etat(self, ligne: Ligne, dates: tuple[Dite, ...], marge: Marge, *, passe: bool) -> Constat | None:
        """Return the one state that a line gives, in its column or in the place of a date; None when it gives none.

        `passe`: its end was over when it was seen. Words that contradict each other are one question.
        """
        texte = ligne[Role.ETAT]
        ailleurs = {ligne[role]: dite.etat for role, dite in zip(DATES, dates, strict=True) if dite.etat}
        ensemble = " / ".join(dict.fromkeys(filter(None, (texte, *ailleurs))))
        tranche = marge.reponse(Role.ETAT, ensemble) if ailleurs else None
        reponse = tranche or (marge.reponse(Role.ETAT, texte) if texte else None)
        if reponse and (tranche or reponse not in Constat):
            return Constat(reponse) if reponse in Constat else None
        enfui = not reponse and bool(ENFUI.match(mots(texte))) and (passe or bool(ailleurs))
        try:
            etat = Constat(reponse) if reponse else None if enfui else lire_etat(texte)
        except ValueError as erreur:
            marge.demander(Question(Role.ETAT, texte, str(erreur), ETATS_OU_RIEN))
            return None
        dits = (Constat.TERMINE if enfui else etat, *ailleurs.values())
        if len({Constat.ACTIF if dit in EN_VIE else dit for dit in dits if dit}) > 1:
            marge.demander(Question(Role.ETAT, ensemble, SE_CONTREDISENT, ETATS_OU_RIEN))
            return None
        if enfui:
            marge.comprendre(texte, "terme passé, suite inconnue")
        if etat is Constat.SIGNE and not ligne[Role.VU] and not reponse:
            etat = None if dates[0].le else Constat.ACTIF  # the day of the table is not that of the signature
        if etat and not reponse and etat.label.lower() != texte.lower():
            marge.comprendre(texte, f"état « {etat.label.lower()} »")
        etat = etat or next(iter(ailleurs.values()), None)
        return etat if etat or enfui or dates[0].le else self._etat_manquant(marge)

    def _etat_manquant(self, marge: Marge) -> Constat | None:
        """Return what was answered of the lines that say nothing of where their scheme stands."""
        reponse = marge.reponse(Role.ETAT, "")
        if reponse and reponse in Constat:
            return Constat(reponse)
        marge.demander(Question(Role.ETAT, "", "rien ne dit où en est ce dispositif", ETATS))
        return None

    def _terme(self, ligne: Ligne, signature: DatePartielle, debut: DatePartielle, marge: Marge) -> DatePartielle:
        """Return the end that a duration gives: from the date that it names, the beginning, or the signature."""
        for role in (Role.FIN, Role.DUREE):
            try:
                duree = lire_duree(ligne[role]) if role == Role.DUREE or "ans" in ligne[role] else None
            except ValueError as erreur:
                choix = [(RIEN, "Ne pas la reprendre")]
                if not marge.reponse(role, ligne[role]):
                    marge.demander(Question(role, ligne[role], str(erreur), choix, libre="Autrement dit"))
                continue
            if duree is None:
                continue
            mois, depuis = duree
            depart = debut or signature
            if depuis:
                try:
                    depart = lire_date(depuis).le or depart
                except ValueError:
                    depart = signature if depuis.startswith("sign") else depart
            if fin := terme(depart, mois):
                marge.comprendre(ligne[role], f"fin {fin.situee}, comptée {a_partir(depart)}")
                return fin
        return SANS_DATE

    def _lieux(self, ligne: Ligne, marge: Marge, *, lieu_du_porteur: bool) -> list[Territoire]:
        role = Role.PORTEUR if lieu_du_porteur else Role.TERRITOIRES
        avant = marge.retenue
        if len(ligne[role]) > CELLULE_AU_PLUS:
            marge.fauter(f"Plus de {CELLULE_AU_PLUS} caractères dans une cellule", f"{ligne[role][:60]}…")
            return []
        lieux = self.lieux.lire(ligne[role], ligne.repere, ligne[Role.DEPARTEMENT]) if ligne[role] else []
        if not lieux and marge.retenue == avant:
            marge.fauter("Le territoire manque", "")
        elif lieux and lieu_du_porteur:
            marge.comprendre(ligne[role], "territoire : celui du porteur")
        if fermes := [lieu.nom for lieu in lieux if lieu.est_ferme]:
            marge.fauter("Ce territoire n’existe plus", ", ".join(fermes))
        return lieux

    def _verifier(
        self,
        ligne: Ligne,
        signature: DatePartielle,
        debut: DatePartielle,
        fin: DatePartielle,
        vu: DatePartielle,
        marge: Marge,
    ) -> None:
        """Tell of dates that cannot be."""
        jour = self.annonce.jour
        for role, le in ((Role.SIGNATURE, signature), (Role.VU, vu)):
            if le and le.premier_jour > jour:  # type: ignore[operator]
                marge.fauter(f"{role.label} : cette date est à venir", ligne[role] or le.en_mots)
        if not vu:
            marge.fauter("La date du constat manque : dites de quand date le tableau", "")
        if dans_le_desordre(signature, vu):
            marge.fauter("Signé après avoir été constaté", f"{ligne[Role.SIGNATURE]} après {vu.en_mots}")
        for avant in (debut, signature):
            if dans_le_desordre(avant, fin):
                marge.fauter("La fin précède le début ou la signature", f"{fin.en_mots} avant {avant.en_mots}")
                break


def _rang_de_l_etat(texte: str) -> int | None:
    """Return the rank that a column of states gives in the place of a state: 2 for « CLS 2 »."""
    if not texte.isdecimal():
        with suppress(ValueError):
            return lire_rang(texte)
    return None
