"""The fiche that a line speaks of, by its kind, territories, carrier and name: sure, to be chosen, or none."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F

from contributions.models import Depot, Proposition
from contributions.tableau.colonnes import mots
from dispositifs.models import Dispositif, DispositifLocal
from fiches.gabarits import Nature

Statut = Proposition.Statut
EN_COURS = (Statut.SOUMISE, Statut.EN_EXAMEN, Statut.CORRECTIONS_DEMANDEES)
LIAISONS = re.compile(r"\b(?:de|du|des|d|la|le|les|l|et)\b")
# Two ways of saying one carrier.
SORTES = [
    (re.compile(rf"^(?:{mots_}) "), sorte)
    for mots_, sorte in (
        (r"ville|mairie|commune|municipalite", "ville"),
        (r"communaute communes|cc|com com|cdc", "cc"),
        (r"communaute agglomeration|agglomeration|agglo|ca", "ca"),
        (r"communaute urbaine|cu", "cu"),
        (r"agence regionale sante|ars", "ars"),
        (r"pole equilibre territorial rural|petr", "petr"),
    )
]
GENERIQUE = re.compile(r"(?:collectivite|porteur|structure|epci|commune|ville)? ?\d*")
PROCHES_AU_PLUS = 6


def cle_du_porteur(nom: str) -> str:
    """Return what two ways of writing one carrier have in common: « Mairie de Dieppe » and « Ville de Dieppe »."""
    lu = " ".join(LIAISONS.sub(" ", mots(nom)).split())
    for motif, sorte in SORTES:
        lu = motif.sub(f"{sorte} ", lu, count=1)
    return "" if GENERIQUE.fullmatch(lu) else lu


def cle_du_titre(titre: str, dispositif: Dispositif) -> str:
    """Return what two titles of one scheme have in common: « CLS de Dieppe », « Contrat local de santé de Dieppe »."""
    lu = mots(titre)
    for nom in (dispositif.titre, *dispositif.autres_noms):
        lu = lu.replace(mots(nom), mots(dispositif.nom_court))
    return " ".join(LIAISONS.sub(" ", lu).split())


@dataclass(frozen=True)
class Rapprochement:
    """The fiche that is surely meant; or those that may be, the likeliest first; or none."""

    fiche: DispositifLocal | None = None
    proches: tuple[DispositifLocal, ...] = ()


class Fiches:
    """The published local schemes, by what they are recognised by; one query, and one for what waits."""

    def __init__(self, dispositifs: Iterable[Dispositif]):
        self.par_pk: dict[int, DispositifLocal] = {}
        self.par_adresse: dict[str, DispositifLocal] = {}
        self.par_porteur: dict[tuple[str, str], list[DispositifLocal]] = {}
        self.par_titre: dict[tuple[str, str], list[DispositifLocal]] = {}
        self.par_lieux: dict[tuple[str, frozenset[str]], list[DispositifLocal]] = {}
        self.par_lieu: dict[tuple[str, str], list[DispositifLocal]] = {}
        connus = {d.pk: d for d in dispositifs}
        locaux = DispositifLocal.objects.visibles_pour().defer("recherche", "credits")
        for fiche in locaux.order_by(F("generation").desc(nulls_last=True), "pk"):
            self.par_pk[fiche.pk] = self.par_adresse[fiche.get_absolute_url()] = fiche
            if dispositif := connus.get(fiche.dispositif_id):
                self._ranger(fiche, dispositif)
        attendues = Proposition.objects.filter(nature=Nature.LOCAL, statut__in=EN_COURS)
        self.attendues = {mots(titre) for titre in attendues.filter(base=None).values_list("titre", flat=True)}
        self.en_attente: dict[int, list[dict[str, Any]]] = {}
        for depot in Depot.objects.filter(proposition__in=attendues.filter(fiche__in=self.par_pk)).select_related(
            "proposition"
        ):
            self.en_attente.setdefault(depot.proposition.fiche_id or 0, []).append(depot.recus)

    def attend(self, fiche: DispositifLocal | None, titre: str, change: dict[str, Any]) -> bool:
        """Return whether a proposition that waits says the same already."""
        return change in self.en_attente.get(fiche.pk, []) if fiche else mots(titre) in self.attendues

    def _ranger(self, fiche: DispositifLocal, dispositif: Dispositif) -> None:
        lieux = frozenset(fiche.contenu["territoires"])
        if porteur := cle_du_porteur(fiche.porteur):
            self.par_porteur.setdefault((dispositif.slug, porteur), []).append(fiche)
        titre = cle_du_titre(fiche.titre, dispositif)
        self.par_titre.setdefault((dispositif.slug, titre), []).append(fiche)
        self.par_lieux.setdefault((dispositif.slug, lieux), []).append(fiche)
        for lieu in lieux:
            self.par_lieu.setdefault((dispositif.slug, lieu), []).append(fiche)

    def a_l_adresse(self, adresse: str) -> DispositifLocal | None:
        """Return the fiche whose page this is, as our exports give it: it is surely meant, whatever else changes."""
        chemin = adresse.removeprefix(settings.SITE_URL)
        return self.par_adresse.get(chemin) if chemin != adresse else None

    def rapprocher(self, dispositif: Dispositif, nom: str, porteur: str, lieux: Collection[str]) -> Rapprochement:
        """Return what is known of this scheme. Sure: two of its name, its carrier and its very territories agree."""
        slug, dits = dispositif.slug, frozenset(lieux)
        siennes = self.par_porteur.get((slug, cle_du_porteur(porteur)), []) if porteur else []
        memes_lieux = self.par_lieux.get((slug, dits), []) if dits else []
        du_titre = self.par_titre.get((slug, cle_du_titre(nom, dispositif)), []) if nom else []
        proches = [fiche for lieu in lieux for fiche in self.par_lieu.get((slug, lieu), [])]
        compte: dict[int, int] = {}
        for groupe in (siennes, memes_lieux, du_titre):
            for fiche in groupe:
                compte[fiche.pk] = compte.get(fiche.pk, 0) + 1
        candidates = list({f.pk: f for f in (*memes_lieux, *siennes, *du_titre, *proches)}.values())
        surs = [fiche for fiche in candidates if compte.get(fiche.pk, 0) == max(compte.values(), default=0) >= 2]
        if len(surs) == 1:
            return Rapprochement(surs[0])
        if len(memes_lieux) == 1 and not (cle_du_porteur(porteur) and cle_du_porteur(memes_lieux[0].porteur)):
            return Rapprochement(memes_lieux[0])
        return Rapprochement(proches=tuple(candidates[:PROCHES_AU_PLUS]))


def noms_des_dispositifs(dispositifs: Iterable[Dispositif]) -> dict[str, Dispositif]:
    """Return the kinds of schemes by all the names that tables give them, as `mots` writes them."""
    noms: dict[str, Dispositif] = {}
    for dispositif in dispositifs:
        connus = (dispositif.titre, dispositif.nom_complet, dispositif.sigle, dispositif.slug)
        for nom in (*dispositif.autres_noms, *connus):
            if lu := mots(nom):
                noms[lu] = dispositif
                noms.setdefault(f"{lu}s", dispositif)
    return noms


def resume(fiche: DispositifLocal) -> str:
    """Return a fiche in the words of a choice: its title and its carrier."""
    return f"{fiche.titre}, {fiche.porteur}" if fiche.porteur else fiche.titre
