"""The templates (gabarits) of the three natures of fiche.

A gabarit is data: the ordered sections of a nature. Forms, pages, tables of contents, completeness, and the labels of
comparisons all derive from it, so a section is added or renamed here and nowhere else. Sections of a dispositif follow
the fiche of the founding platform (« Résilience territoriale »), with those one needs to set one up (decision 35).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from django.db.models import TextChoices

PREFIXE = "section-"  # of the keys of units that are sections


class Nature(TextChoices):
    """Kind of fiche. The values are in addresses (`?nature=local`) and in the style sheet: they never change."""

    DISPOSITIF = "dispositif", "Dispositif"
    LOCAL = "local", "Dispositif local"
    ACTION = "action", "Action inspirante"

    @property
    def pluriel(self) -> str:
        return {"dispositif": "Dispositifs", "local": "Dispositifs locaux", "action": "Actions inspirantes"}[self.value]

    @property
    def route(self) -> str:
        """Name of the page of a fiche of this nature, for `reverse`."""
        return f"fiche_{self.value}"

    @property
    def chemin(self) -> str:
        """First segment of its address, and folder of its content files."""
        return {"dispositif": "dispositifs", "local": "dispositifs-locaux", "action": "actions"}[self.value]

    @property
    def adresses_reservees(self) -> frozenset[str]:
        """The pages of the site beside those of its fiches, which no fiche may take."""
        reservees = {"dispositif": "comparer echeancier choisir", "local": "comparer", "action": ""}
        return frozenset(reservees[self.value].split())

    @classmethod
    def du_chemin(cls, chemin: str) -> Self:
        """Return the nature of an address or of a folder. Raises ValueError when it is none's."""
        for nature in cls:
            if nature.chemin == chemin:
                return nature
        raise ValueError(f"aucune nature au chemin {chemin}")


@dataclass(frozen=True)
class Section:
    cle: str
    titre: str
    aide: str
    obligatoire: bool = False
    groupe: str = ""  # heading shared by neighbouring sections

    @property
    def ancre(self) -> str:
        return self.cle.replace("_", "-")

    @property
    def unite(self) -> str:
        """Key of the unit of content it is, and name of its field in forms."""
        return f"{PREFIXE}{self.cle}"


@dataclass(frozen=True)
class Gabarit:
    nature: Nature
    sections: tuple[Section, ...]

    def __iter__(self) -> Iterator[Section]:
        return iter(self.sections)

    def completude(self, textes: dict[str, str]) -> int:
        """Return the share of sections that say something, in whole percent."""
        remplies = sum(1 for section in self.sections if textes.get(section.cle))
        return round(100 * remplies / len(self.sections))


MISE_EN_PLACE = "Mise en place"

GABARITS: dict[str, Gabarit] = {
    gabarit.nature.value: gabarit
    for gabarit in (
        Gabarit(
            Nature.DISPOSITIF,
            (
                Section(
                    "description", "Description", "Ce qu’est le dispositif, en quelques phrases.", obligatoire=True
                ),
                Section("objectif", "Objectif", "Ce qu’il cherche à obtenir, et pour qui."),
                Section(
                    "differences",
                    "À ne pas confondre avec",
                    "Les dispositifs voisins, et ce qui les distingue en une phrase chacun.",
                ),
                Section("demarche", "Démarche", "Comment il travaille : partenaires, instances, place des habitants."),
                Section(
                    "etapes",
                    "Étapes pour le monter",
                    "Dans l’ordre, de la première rencontre à la signature : qui fait quoi.",
                ),
                Section(
                    "preparation",
                    "À préparer",
                    "Pièces, délibérations, modèles, avec l’adresse publique de chacun.",
                ),
                Section(
                    "expertise",
                    "Expertise et acteurs",
                    "Compétences nécessaires, nombre d’acteurs, complexité.",
                    groupe=MISE_EN_PLACE,
                ),
                Section("duree", "Durée", "Durée habituelle et temps de mise en place.", groupe=MISE_EN_PLACE),
                Section("cout", "Coût", "Coût et financements, avec l’année et la source.", groupe=MISE_EN_PLACE),
                Section("equipement", "Équipement", "Locaux, outils, matériel.", groupe=MISE_EN_PLACE),
                Section(
                    "evaluation", "Évaluer", "Ce qu’on regarde, avec quels outils, et ce que des évaluations disent."
                ),
                Section(
                    "resilience",
                    "Contributions à la résilience",
                    "En quoi il rend le territoire plus solide face aux crises.",
                ),
                Section("points_attention", "Points d’attention", "Limites, conditions de réussite, erreurs à éviter."),
                Section(
                    "contacts",
                    "À qui s’adresser",
                    "Des fonctions et des services, avec leur page officielle ; jamais une personne.",
                ),
                Section("questions", "Questions posées", "Ce qu’on demande souvent, et la réponse en deux phrases."),
                Section("exemples", "Exemples inspirants", "Des exemples précis, situés et sourcés."),
                Section("ressources", "Ressources", "Guides, modèles, outils utiles."),
                Section("bibliographie", "Bibliographie", "Pour aller plus loin."),
            ),
        ),
        Gabarit(
            Nature.LOCAL,
            (
                Section("description", "Description", "Ce que c’est, ici, et depuis quand.", obligatoire=True),
                Section("perimetre", "Périmètre", "Les territoires couverts, et ce que la source ne précise pas."),
                Section("gouvernance", "Gouvernance et partenaires", "Qui porte, qui signe, qui participe."),
                Section("priorites", "Priorités", "Axes, objectifs et publics retenus."),
                Section("realisations", "Réalisations", "Ce qui a été fait, avec dates et chiffres sourcés."),
                Section("points_attention", "Points d’attention", "Difficultés, conditions, questions ouvertes."),
                Section("historique", "Repères dans le temps", "Signatures, générations, évolutions."),
                Section("ressources", "Ressources", "Documents et liens utiles."),
            ),
        ),
        Gabarit(
            Nature.ACTION,
            (
                Section("contexte", "Contexte", "Le point de départ : constats, besoins."),
                Section("objectifs", "Objectifs", "Ce que l’action cherche à obtenir."),
                Section("publics_vises", "Publics visés", "Pour qui, et avec qui."),
                Section("deroule", "Déroulé", "Ce qui est fait, concrètement.", obligatoire=True),
                Section("partenaires", "Partenaires", "Qui agit avec qui."),
                Section("resultats_attendus", "Résultats attendus", "Ce qui était visé, chiffré si possible."),
                Section(
                    "resultats_obtenus", "Résultats obtenus", "Ce qui a été constaté : à ne pas mêler à l’attendu."
                ),
                Section("leviers", "Leviers", "Ce qui a aidé."),
                Section("difficultes", "Difficultés", "Ce qui a freiné."),
                Section("perspectives", "Perspectives", "La suite prévue."),
                Section("transfert", "Conditions de transfert", "Ce qu’il faut pour refaire cette action ailleurs."),
            ),
        ),
    )
}
