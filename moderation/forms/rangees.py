"""The rows of a list that a decision has to settle: what each side says, a choice, a line to write if none will do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from comparaison.appariement import IDENTITES
from comparaison.listes import PROPOSEE, PUBLIEE, Rangee, Tranche
from comparaison.valeurs import Lecteur
from contributions.redaction.blocs import SINGULIERS, habiller_lignes
from fiches.forms import FORMULAIRES, Ligne, en_saisie
from moderation.examen import Changement, Examen

DEUX, AUCUNE, ECRIRE = "deux", "aucune", "ecrire"
TRANCHES: dict[str, Tranche] = {PUBLIEE: (PUBLIEE,), PROPOSEE: (PROPOSEE,), DEUX: (PUBLIEE, PROPOSEE), AUCUNE: ()}


@dataclass
class RangeeATrancher:
    """A row in conflict as the page shows it."""

    rangee: Rangee
    nom: str  # of the field that holds the choice
    titre: str
    # Base, published, proposed: what each says, by label, and whether the sides differ there; empty where it is not.
    cotes: list[list[tuple[str, str, bool]]]
    champ: forms.ChoiceField
    ligne: Ligne  # the line to write
    choix: BoundField | None = None


def a_trancher(examen: Examen, changement: Changement, data: Mapping[str, Any] | None) -> list[RangeeATrancher]:
    """Return the rows of a unit that are in conflict, with their choices and, for each, a line to write."""
    if not changement.rangees:
        return []
    table = _Table(examen, changement)
    rangees = [table.presenter(rangee, data) for rangee in changement.rangees]
    habiller_lignes([rangee.ligne for rangee in rangees])
    return rangees


class _Table:
    """The list that has rows in conflict: its columns, and how to read their values."""

    def __init__(self, examen: Examen, changement: Changement):
        self.cle = changement.cle
        self.classe: type[Ligne] = FORMULAIRES[examen.proposition.nature].lignes[self.cle]
        lignes = [ligne for rangee in changement.rangees for ligne in rangee.cotes if ligne is not None]
        champs = {nom: champ for nom, champ in self.classe.base_fields.items() if nom != "cle"}
        self.colonnes = {nom: Lecteur(champ, [ligne.get(nom) for ligne in lignes]) for nom, champ in champs.items()}
        sources = examen.entiere["sources"]
        self.sources = {source["cle"]: f"{source['cle']}, {source.get('titre', '')}" for source in sources}

    def dire(self, colonne: str, valeur: Any) -> str:
        if colonne == "source" and valeur in self.sources:
            return self.sources[valeur]
        return self.colonnes[colonne].lire(valeur)

    def presenter(self, rangee: Rangee, data: Mapping[str, Any] | None) -> RangeeATrancher:
        nom = f"rangee-{self.cle}-{rangee.numero}"
        repere = IDENTITES[self.cle][-1][0]
        champ = forms.ChoiceField(
            label="Ce qui reste de cette ligne",
            choices=_choix(self.cle, rangee),
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": "Ce choix n’est pas dans la liste."},
        )
        titre = f"{SINGULIERS[self.cle]} «\u00a0{self.dire(repere, rangee.base.get(repere))}\u00a0»"
        return RangeeATrancher(rangee, nom, titre, self._cotes(rangee), champ, self._a_ecrire(nom, rangee, data))

    def _cotes(self, rangee: Rangee) -> list[list[tuple[str, str, bool]]]:
        presentes = [cote for cote in rangee.cotes if cote]
        differentes = {
            nom for nom in self.colonnes if any(cote.get(nom) != presentes[0].get(nom) for cote in presentes)
        }
        return [
            [
                (lecteur.libelle, dit, nom in differentes)
                for nom, lecteur in self.colonnes.items()
                if (dit := self.dire(nom, (cote or {}).get(nom)))
            ]
            for cote in rangee.cotes
        ]

    def _a_ecrire(self, nom: str, rangee: Rangee, data: Mapping[str, Any] | None) -> Ligne:
        """Return the form of the line to write, which starts from what is proposed."""
        depart = rangee.proposee or rangee.publiee
        ligne = self.classe(
            data if data is not None and any(f"{nom}-{colonne}" in data for colonne in self.colonnes) else None,
            prefix=nom,
            initial={colonne: en_saisie(valeur) for colonne, valeur in depart.items() if valeur is not None},
            empty_permitted=False,
            use_required_attribute=False,
        )
        ligne.fields.pop("cle", None)  # that of the row, whatever is written there
        return ligne


def _choix(cle: str, rangee: Rangee) -> list[tuple[str, str]]:
    """Both cannot stay of a source (texts call one), nor of a row that one side took away."""
    publiee = "Garder la publiée" if rangee.publiee else "Garder la publiée\u00a0: la ligne reste supprimée"
    proposee = "Prendre la proposée" if rangee.proposee else "Prendre la proposée\u00a0: la ligne est supprimée"
    choix = [(PUBLIEE, publiee), (PROPOSEE, proposee)]
    if rangee.publiee and rangee.proposee:
        choix += [(DEUX, "Garder les deux")] if cle != "sources" else []
        choix.append((AUCUNE, "Ne garder aucune"))
    return [*choix, (ECRIRE, "Écrire la ligne")]
