"""The declaration of accessibility (loi n° 2005-102, article 47; décret n° 2019-768): an audit, and who answers for it.

The audit, config/accessibilite.yaml, is of the software: what was measured, when, by which means. It becomes the
declaration of a site when its operator signs it, by settings; until then the site is « non conforme », whatever its
rate, for nobody answers for it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Self

import yaml
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

FICHIER = Path(__file__).with_suffix(".yaml")
CONFORME, NON_CONFORME, NON_APPLICABLE = "conforme", "non conforme", "non applicable"
ETATS = (CONFORME, NON_CONFORME, NON_APPLICABLE)
THEMATIQUES = dict(
    enumerate(
        "Images;Cadres;Couleurs;Multimédia;Tableaux;Liens;Scripts;Éléments obligatoires;Structuration de l’information;"
        "Présentation de l’information;Formulaires;Navigation;Consultation".split(";"),
        1,
    )
)
VALIDITE = timedelta(days=3 * 365)  # three years: « Validité de la déclaration », RGAA 4.1.2, obligations
# What the operator must say for the declaration to be one, and how the page names it.
A_DIRE = {
    "ORGANISME": "le nom de l’organisme qui met le site en ligne",
    "CONTACT_ACCESSIBILITE": "à qui s’adresser",
    "SCHEMA_ACCESSIBILITE": "le schéma pluriannuel d’accessibilité",
    "DECLARATION_ACCESSIBILITE": "le jour où la déclaration est établie",
}


@dataclass(frozen=True)
class Critere:
    """A criterion of the RGAA: its state, what shows it, the day it was looked at, the tests that watch over it."""

    numero: str
    titre: str
    etat: str
    preuve: str
    le: date
    tests: tuple[str, ...] = ()

    @property
    def thematique(self) -> int:
        return int(self.numero.partition(".")[0])


@dataclass(frozen=True)
class Audit:
    referentiel: str
    le: date
    par: str
    criteres: tuple[Critere, ...]
    technologies: list[str]
    environnements: list[str]
    outils: list[str]
    pages: tuple[tuple[str, str], ...]  # name, address
    derogations: list[str]
    exemptions: list[str]
    a_verifier: list[str]  # what was not looked at

    @classmethod
    def lire(cls, fichier: Path = FICHIER) -> Self:
        lu: dict[str, Any] = yaml.safe_load(fichier.read_text(encoding="utf-8"))
        criteres = (Critere(**critere | {"tests": tuple(critere.get("tests", ()))}) for critere in lu["criteres"])
        return cls(**lu | {"criteres": tuple(criteres), "pages": tuple(lu["pages"].items())})

    def compte(self, etat: str) -> int:
        return sum(critere.etat == etat for critere in self.criteres)

    @property
    def conformes(self) -> int:
        return self.compte(CONFORME)

    @property
    def applicables(self) -> int:
        return len(self.criteres) - self.compte(NON_APPLICABLE)

    @property
    def taux(self) -> float:
        """Percentage of the criteria that apply which are met, rounded down to a tenth."""
        return self.conformes * 1000 // self.applicables / 10

    @property
    def manques(self) -> list[Critere]:
        return [critere for critere in self.criteres if critere.etat == NON_CONFORME]

    @property
    def par_thematique(self) -> list[tuple[str, list[Critere]]]:
        groupes = groupby(self.criteres, key=lambda critere: critere.thematique)
        return [(THEMATIQUES[numero], list(criteres)) for numero, criteres in groupes]


@cache
def audit() -> Audit:
    return Audit.lire()


@dataclass(frozen=True)
class Declaration:
    audit: Audit
    organisme: str | None
    contact: str | None
    schema: str | None
    etablie_le: date | None
    aujourd_hui: date

    @classmethod
    def en_cours(cls) -> Self:
        return cls(
            audit=audit(),
            organisme=settings.ORGANISME,
            contact=settings.CONTACT_ACCESSIBILITE,
            schema=settings.SCHEMA_ACCESSIBILITE,
            etablie_le=settings.DECLARATION_ACCESSIBILITE,
            aujourd_hui=timezone.localdate(),
        )

    @property
    def manque(self) -> list[str]:
        """What the operator has not said."""
        return [phrase for nom, phrase in A_DIRE.items() if not getattr(settings, nom)]

    @property
    def perimee(self) -> bool:
        return self.aujourd_hui > self.audit.le + VALIDITE

    @property
    def etat(self) -> str:
        """« Non-conformité » too, says the RGAA, without an audit in force; « partielle » from half of the criteria."""
        if self.manque or self.perimee or self.audit.taux < 50:
            return "non conforme"
        return "partiellement conforme" if self.audit.manques else "totalement conforme"


@require_safe
def declarer(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibilite.html", {"declaration": Declaration.en_cours()})
