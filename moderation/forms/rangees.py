"""The rows of a list that a decision has to settle: what each side says, a choice, a line to write if none will do."""

from collections.abc import Iterator, Mapping
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


def a_trancher(examen: Examen, changement: Changement, data: Mapping[str, Any] | None) -> Iterator[RangeeATrancher]:
    """Yield the rows of a unit that are in conflict, with their choices and, for each, a line to write."""
    if not changement.rangees:
        return
    cle = changement.cle
    classe = FORMULAIRES[examen.proposition.nature].lignes[cle]
    lignes = [ligne for rangee in changement.rangees for ligne in rangee.cotes if ligne is not None]
    champs = {nom: champ for nom, champ in classe.base_fields.items() if nom != "cle"}
    lecteurs = {nom: Lecteur(champ, [x.get(nom) for x in lignes]) for nom, champ in champs.items()}
    titres = {source["cle"]: f"{source['cle']}, {source.get('titre', '')}" for source in examen.entiere["sources"]}

    def dire(nom: str, valeur: Any) -> str:
        return titres[valeur] if nom == "source" and valeur in titres else lecteurs[nom].lire(valeur)

    rangees = []
    for rangee in changement.rangees:
        nom = f"rangee-{cle}-{rangee.numero}"
        presentes = [cote for cote in rangee.cotes if cote]
        different = {n for n in lecteurs if any(cote.get(n) != presentes[0].get(n) for cote in presentes)}
        cotes = [
            [(lecteurs[n].libelle, dit, n in different) for n in lecteurs if (dit := dire(n, (cote or {}).get(n)))]
            for cote in rangee.cotes
        ]
        repere = IDENTITES[cle][-1][0]
        titre = f"{SINGULIERS[cle]} «\u00a0{dire(repere, rangee.base.get(repere))}\u00a0»"
        ligne = classe(
            data if data is not None and any(f"{nom}-{n}" in data for n in lecteurs) else None,
            prefix=nom,
            initial={n: en_saisie(v) for n, v in (rangee.proposee or rangee.publiee).items() if v is not None},
            empty_permitted=False,
            use_required_attribute=False,
        )
        ligne.fields.pop("cle", None)  # that of the row, whatever is written there
        champ = forms.ChoiceField(
            label="Ce qui reste de cette ligne",
            choices=_choix(cle, rangee),
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": "Ce choix n’est pas dans la liste."},
        )
        rangees.append(RangeeATrancher(rangee, nom, titre, cotes, champ, ligne))
    habiller_lignes([rangee.ligne for rangee in rangees])
    yield from rangees


def _choix(cle: str, rangee: Rangee) -> list[tuple[str, str]]:
    """Both cannot stay of a source (texts call one), nor of a row that one side took away."""
    publiee = "Garder la publiée" if rangee.publiee else "Garder la publiée\u00a0: la ligne reste supprimée"
    proposee = "Prendre la proposée" if rangee.proposee else "Prendre la proposée\u00a0: la ligne est supprimée"
    choix = [(PUBLIEE, publiee), (PROPOSEE, proposee)]
    if rangee.publiee and rangee.proposee:
        choix += [(DEUX, "Garder les deux")] if cle != "sources" else []
        choix.append((AUCUNE, "Ne garder aucune"))
    return [*choix, (ECRIRE, "Écrire la ligne")]
