"""Named perimeters (PETR, pays, pôles métropolitains, territoires de projet): reading what they are made of.

`fixtures/referentiel/perimetres.yaml` says it, entry by entry, with its source (format: docs/territoires.md). The file
is read whole, or refused with all that is wrong; only differences are written, nothing is deleted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from territoires.imports.releve import FichierRefuse
from territoires.models import Composition, Territoire

Genres = dict[str, type]
PERIMETRE, SousNature = Territoire.Nature.PERIMETRE, Territoire.SousNature
SORTES = {"petr": SousNature.PETR, "pays": SousNature.PAYS, "pole": SousNature.POLE, "projet": ""}
CODE = re.compile(r"\d{9}|[a-z][a-z0-9]*(-[a-z0-9]+)*")
DATE = re.compile(r"[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
EXIGES: Genres = {"code": str, "sorte": str, "nom": str, "membres": list, "complete": bool, "source": dict}
FACULTATIFS: Genres = {"autres_noms": list, "debut": date, "fin": date, "departements": list, "note": str}
EXIGES_DE_LA_SOURCE: Genres = {"organisation": str, "titre": str, "lue_le": date}
FACULTATIFS_DE_LA_SOURCE: Genres = {"url": str, "date": str}


@dataclass(frozen=True)
class Declaration:
    """An entry of the file, that nothing is wrong with: the columns of its territory, those of its composition."""

    territoire: dict[str, Any]
    composition: dict[str, Any]
    membres: frozenset[str]  # designations

    @property
    def code(self) -> str:
        return self.territoire["code"]


def charger(fichier: Path, millesime: int) -> int:
    """Read a file, if it is there, and write what it says; return how many perimeters changed. Raise FichierRefuse."""
    entrees = yaml.safe_load(fichier.read_text(encoding="utf-8")) if fichier.exists() else None
    return ecrire(lire(entrees or []), millesime)


def ecrire(declarees: list[Declaration], millesime: int) -> int:
    """Write these perimeters and their members; return how many changed. Raise FichierRefuse for unknown members."""
    cites = Territoire.objects.designes_par(set().union(*(d.membres for d in declarees)))
    membres = {territoire.designation: territoire for territoire in cites}
    if inconnus := [f"{d.code} : membre inconnu, {m}." for d in declarees for m in sorted(d.membres - membres.keys())]:
        raise FichierRefuse(inconnus)
    return sum(_ecrire(d, [membres[m] for m in d.membres], millesime) for d in declarees)


def lire(entrees: list[Any]) -> list[Declaration]:
    """Return the perimeters that these entries describe, or raise FichierRefuse with all that is wrong."""
    erreurs: list[str] = []
    vus: set[str] = set()
    for rang, entree in enumerate(entrees, 1):
        code = str(entree.get("code")) if isinstance(entree, dict) else f"entrée {rang}"
        fautes = list(_fautes(entree)) if isinstance(entree, dict) else ["ce n’est pas un périmètre."]
        if code in vus:
            fautes.append("ce code est là deux fois.")
        vus.add(code)
        erreurs += [f"{code} : {faute}" for faute in fautes]
    if erreurs:
        raise FichierRefuse(erreurs)
    return [_declaration(entree) for entree in entrees]


def _fautes(entree: dict[str, Any]) -> Iterable[str]:
    yield from _mal_remplis(entree, EXIGES, FACULTATIFS)
    source = entree.get("source")
    if isinstance(source, dict):
        yield from _mal_remplis(source, EXIGES_DE_LA_SOURCE, FACULTATIFS_DE_LA_SOURCE)
        if not DATE.fullmatch(str(source.get("date", "2000"))):
            yield "date de la source illisible : 2025, 2025-10 ou 2025-10-02."
    if not CODE.fullmatch(str(entree.get("code"))):
        yield "code illisible : un SIREN, ou une clé comme « pays-de-bray »."
    if str(entree.get("sorte")) not in SORTES:
        yield f"sorte inconnue : {', '.join(SORTES)}."
    membres = entree.get("membres") or []
    if autres := [m for m in membres if str(m).partition(":")[0] not in ("commune", "epci")]:
        yield f"un membre est une commune ou une intercommunalité, pas {autres[0]}."
    if entree.get("complete") and not membres:
        yield "complet, mais sans aucun membre."
    if entree.get("complete") and entree.get("departements"):
        yield "complet : ses membres disent dans quels départements il est."


def _mal_remplis(champs: dict[str, Any], exiges: Genres, facultatifs: Genres) -> Iterable[str]:
    for champ, genre in (exiges | facultatifs).items():
        valeur = champs.get(champ)
        if champ in exiges if valeur in (None, "") else type(valeur) is not genre:
            yield f"{champ} : manque, ou mal écrit."
    for champ in champs.keys() - exiges.keys() - facultatifs.keys():
        yield f"{champ} : champ inconnu."


def _declaration(entree: dict[str, Any]) -> Declaration:
    source = entree["source"]
    return Declaration(
        territoire={
            "code": entree["code"],
            "sous_nature": SORTES[entree["sorte"]],
            "nom": entree["nom"],
            "autres_noms": entree.get("autres_noms") or [],
            "debut": entree.get("debut"),
            "fin": entree.get("fin"),
        },
        composition={
            "complete": entree["complete"],
            "departements": entree.get("departements") or [],
            "note": entree.get("note") or "",
            **{champ: source[champ] for champ in EXIGES_DE_LA_SOURCE},
            "url": source.get("url") or "",
            "date": str(source.get("date") or ""),
        },
        membres=frozenset(entree["membres"]),
    )


def _ecrire(declaree: Declaration, membres: list[Territoire], millesime: int) -> bool:
    """Write a perimeter where it differs; return whether it did."""
    territoire, cree = Territoire.objects.get_or_create(
        nature=PERIMETRE, code=declaree.code, defaults={**declaree.territoire, "millesime": millesime}
    )
    change = _aligner(territoire, declaree.territoire) or cree
    composition, creee = Composition.objects.get_or_create(territoire=territoire, defaults=declaree.composition)
    change = _aligner(composition, declaree.composition) or creee or change
    if set(composition.membres.values_list("pk", flat=True)) != {membre.pk for membre in membres}:
        composition.membres.set(membres)
        change = True
    return change


def _aligner(ligne: Territoire | Composition, valeurs: dict[str, Any]) -> bool:
    """Give these values to a row, and save it if any differs; return whether one did."""
    differentes = {champ: valeur for champ, valeur in valeurs.items() if getattr(ligne, champ) != valeur}
    for champ, valeur in differentes.items():
        setattr(ligne, champ, valeur)
    if differentes:
        ligne.save(update_fields=list(differentes))
    return bool(differentes)
