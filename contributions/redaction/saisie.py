"""Saisie: what was typed, as the browser posted it, kept whole; read as a form wants it, never refused.

A `Saisie` is stored with the draft (`Proposition.saisie`). Forms get `lisible()`: lines counted again from what is
there (never from what the page says), and what was not posted at all taken from the text one started from.
"""

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Self

from django.forms import BooleanField
from django.utils.datastructures import MultiValueDict

from comparaison.accord import noms
from fiches.formats import CLES, CONSTAT, convertir
from fiches.forms import ChampListe, FormulaireFiche
from fiches.gabarits import GABARITS, PREFIXE, Nature
from fiches.sources import actuel, appels, cle_appelee, cle_libre, cles, renommer_appels
from fiches.unites import unites

Lignes = list[dict[str, str]]
# Not what somebody wrote: how the page and the browser talk to each other.
TECHNIQUES = frozenset({"csrfmiddlewaretoken", "affichage", "ouvert", "site_web"})
BOUTONS = frozenset({"envoyer", "brouillon", "voir", "ajouter", "retirer", "chercher"})
COURT = 20  # characters
# Of the fields that are no unit of a fiche.
LIBELLES = {
    "pourquoi": "Ce qui change, et pourquoi",
    "texte": "Texte",
    "passage": "Passage",
    "explication": "Explication",
}
DEPOSE = "depose"  # in a stored draft: it is what was handed in; the mark of the post


class Saisie(MultiValueDict):
    @classmethod
    def postee(cls, post: MultiValueDict) -> Self:
        """Return what a browser posted, less what no database can hold."""
        ignorees = TECHNIQUES | BOUTONS | {DEPOSE}
        return cls(
            {_propre(cle): [_propre(v) for v in valeurs] for cle, valeurs in post.lists() if cle not in ignorees}
        )

    def a_relire(self, natures: Iterable[str] = Nature) -> tuple[list[tuple[str, str, str]], list[tuple[str, str]]]:
        """Return what reads as a text (label, name, value), then the rest: choices, ticks, numbers of lines."""
        titres = LIBELLES | {unite.cle: unite.titre for nature in natures for unite in unites(nature)}
        textes: list[tuple[str, str, str]] = []
        autres: list[tuple[str, str]] = []
        for cle, valeurs in self.lists():
            if any(len(valeur) >= COURT or " " in valeur.strip() for valeur in valeurs):
                textes += [(titres.get(cle, cle), cle, valeur) for valeur in valeurs]
            else:
                autres += [(cle, valeur) for valeur in valeurs]
        return textes, autres

    @classmethod
    def gardee(cls, stockee: dict[str, list[str]]) -> Self:
        """Return what was stored by `en_json`."""
        return cls({cle: list(valeurs) for cle, valeurs in stockee.items() if cle != DEPOSE})

    @classmethod
    def de_contenu(cls, classe: type[FormulaireFiche], contenu: dict[str, Any]) -> Self:
        """Return what a browser would post for this content."""
        saisie = cls()
        for cle, valeur in classe.donnees(contenu).items():
            if isinstance(classe.base_fields.get(cle), ChampListe):
                saisie[cle] = "\n".join(valeur)
            elif isinstance(valeur, list):
                saisie.setlist(cle, list(valeur))
            else:
                saisie[cle] = str(valeur)
        return saisie

    def en_json(self) -> dict[str, list[str]]:
        return dict(self.lists())

    def lisible(self, classe: type[FormulaireFiche], depart: "Saisie | None" = None) -> "Saisie":
        """Return what the form reads; what is not there comes from `depart`, the text one started from."""
        lue = Saisie({cle: [v for v in valeurs if v] or valeurs[-1:] for cle, valeurs in self.lists()})
        lue._rajeunir(classe, depart or Saisie())
        for cle, valeurs in (depart or Saisie()).lists():
            jeu = cle.split("-")[0]
            if cle not in lue and not (jeu in classe.lignes and self._a_des_lignes(jeu)):
                lue.setlist(cle, valeurs)
        for cle in ("themes", "publics", "territoires"):
            lue.setlist(cle, [v for v in lue.getlist(cle) if v])
        for jeu in classe.lignes:
            lue._compter(jeu, lue.lignes(jeu))
        lue._donner_cles(depart or Saisie())
        return lue

    def _rajeunir(self, classe: type[FormulaireFiche], depart: "Saisie") -> None:
        """Say in the words of the present form what was typed in a page, or left in a draft, of before it."""
        anciens = {cle: self.get(cle) for cle in (*CONSTAT, *CLES, "preuve") if cle in self}
        dits = convertir(anciens, {"constats": depart.lignes("constats")})
        constats = dits.pop("constats", [])
        if constats and "constats" in classe.lignes and not self._a_des_lignes("constats"):
            self._compter("constats", constats)
        for cle in dits.keys() & classe.base_fields.keys():
            if cle not in self or cle in anciens:
                self[cle] = dits[cle]

    def _donner_cles(self, depart: "Saisie") -> None:
        """Give a key to the sources that have none: those of a page shown, or of a draft left, before they had keys."""
        lignes = self.lignes("sources")
        if all(ligne.get("cle") for ligne in lignes):
            return
        avec_cles = actuel({"sources": [_pleine(ligne) for ligne in lignes]})
        connues = {"sources": [_pleine(ligne) for ligne in depart.lignes("sources")]}
        avant = not any(ligne.get("cle") for ligne in lignes)
        nommees = noms(connues, avec_cles) if avant else {cle: cle for cle in cles(avec_cles)}
        self._compter("sources", [{**x, "cle": nommees[cle]} for x, cle in zip(lignes, cles(avec_cles), strict=True)])
        for nom in [nom for nom in self if nom.startswith(PREFIXE)]:
            self[nom] = renommer_appels(self.get(nom) or "", nommees)
        for nom in [nom for nom in self if re.fullmatch(r"\w+-\d+-source", nom)]:
            self[nom] = nommees.get(self.get(nom) or "", self.get(nom) or "")

    def lignes(self, jeu: str) -> Lignes:
        """Return the lines of a unit, in the order of their numbers, whatever the page says of how many there are."""
        trouvees: dict[int, dict[str, str]] = {}
        for cle in self:
            if nom := re.fullmatch(rf"{jeu}-(\d{{1,9}})-(\w+)", cle):
                trouvees.setdefault(int(nom[1]), {})[nom[2]] = self.get(cle) or ""
        return [trouvees[n] for n in sorted(trouvees)]

    def _a_des_lignes(self, jeu: str) -> bool:
        return f"{jeu}-TOTAL_FORMS" in self or bool(self.lignes(jeu))

    def _compter(self, jeu: str, lignes: Lignes) -> None:
        """Write the lines of a unit, numbered from 0."""
        for cle in [cle for cle in self if cle.startswith(f"{jeu}-")]:
            del self[cle]
        self[f"{jeu}-TOTAL_FORMS"], self[f"{jeu}-INITIAL_FORMS"] = str(len(lignes)), "0"
        for n, ligne in enumerate(lignes):
            for champ, valeur in ligne.items():
                self[f"{jeu}-{n}-{champ}"] = valeur

    def avec_ligne(self, jeu: str, depart: "Saisie", ligne: dict[str, str]) -> None:
        """Say of a unit the lines that `depart` says, and this one."""
        self._compter(jeu, [*depart.lignes(jeu), ligne])

    # What one does to lines, without a script

    def ajouter(self, jeu: str, classe: type[FormulaireFiche], depart: "Saisie") -> None:
        """Add an empty line; a source gets a key that none has, even of the text one started from (`depart`)."""
        ligne = dict.fromkeys(classe.lignes[jeu].base_fields, "")
        if jeu == "sources":
            sources = [*self.lignes(jeu), *depart.lignes(jeu)]
            ligne["cle"] = cle_libre({source["cle"] for source in sources})
        self._compter(jeu, [*self.lignes(jeu), ligne])

    def retirer(self, jeu: str, numero: int) -> None:
        lignes = self.lignes(jeu)
        del lignes[numero - 1]
        self._compter(jeu, lignes)

    def sans_lignes_vides(self, classe: type[FormulaireFiche]) -> None:
        """Forget the empty lines at the end: those one added and did not fill."""
        for jeu in classe.lignes:
            lignes = self.lignes(jeu)
            while lignes and not any(valeur.strip() for nom, valeur in lignes[-1].items() if nom != "cle"):
                lignes.pop()
            self._compter(jeu, lignes)

    def appels_de(self, nature: str, cle: str) -> list[str]:
        """Return in words where a source is called: « Coût », « Chiffres, n° 2 »."""
        ou = [section.titre for section in GABARITS[nature] if cle in appels(self.get(section.unite) or "")]
        for unite in unites(nature):
            if unite.genre == "lignes" and unite.cle != "sources":
                for n, ligne in enumerate(self.lignes(unite.cle), 1):
                    if cle_appelee(ligne.get("source", "")) == cle:
                        ou.append(f"{unite.titre}, n° {n}")
        return ou

    def changees(self, nature: str, classe: type[FormulaireFiche], depart: Self) -> set[str]:
        """Return the keys of the units that no longer say what they said, as far as one can tell of unchecked text."""
        toutes = (unite.cle for unite in unites(nature))
        return {cle for cle in toutes if self.dit(cle, classe) != depart.dit(cle, classe)}

    def dit(self, cle: str, classe: type[FormulaireFiche]) -> Any:
        """Return what is said of a unit, in a form that can be compared."""
        if cle in classe.lignes:
            return [_pleine(ligne) for ligne in self.lignes(cle)]
        if cle in ("themes", "publics"):
            return sorted(self.getlist(cle))
        if cle == "territoires":
            return self.getlist(cle)
        if isinstance(classe.base_fields.get(cle), BooleanField):
            return self.get(cle) not in (None, "", "False")
        return _normal(self.get(cle) or "")


def marque_de(stockee: Mapping[str, Iterable[str]]) -> str:
    """Return a mark of a stored draft: a page that shows it says so, and does not overwrite another."""
    texte = json.dumps({cle: list(v) for cle, v in stockee.items() if cle != DEPOSE}, sort_keys=True)
    return sha256(texte.encode()).hexdigest()[:20] if stockee else ""


def _propre(texte: Any) -> str:
    return str(texte).replace("\0", "").encode("utf-8", "replace").decode()


def _normal(texte: str) -> str:
    return texte.replace("\r\n", "\n").replace("\r", "\n").strip()


def _pleine(ligne: dict[str, str]) -> dict[str, str]:
    return {champ: _normal(valeur) for champ, valeur in ligne.items() if valeur not in ("", "False")}
