"""The filters of the catalogue: all in the address, OR inside one, AND between them; others are ignored."""

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict

from actions.models import ActionInspirante
from dispositifs.age import EtatLocal
from fiches.gabarits import Nature
from fiches.models import Fiche, FicheQuerySet, concerne
from francais.caracteres import lisible
from recherche.facettes import FACETTES, Facette, Lot
from recherche.plein_texte import Requete, interpreter
from recherche.proximite import autour, jusqu_ou
from territoires.forms import a_preciser
from territoires.lignes import Requete as RequeteDesLieux
from territoires.models import Territoire
from territoires.recherche import lire

DESIGNATION = re.compile(rf"(?:{'|'.join(Territoire.Nature.values)}):[\w-]+")
VOCABULAIRES = """
  SELECT 'theme' AS cle, slug, nom, ordre FROM fiches_theme
  UNION ALL SELECT 'public', slug, nom, ordre FROM fiches_public
  UNION ALL SELECT 'levier', slug, nom, ordre FROM actions_levier
  UNION ALL SELECT 'sigle', lower(sigle), developpe, 0 FROM fiches_sigle
  UNION ALL
  SELECT 'autre_nom', unnest(d.autres_noms), f.slug, 0
  FROM dispositifs_dispositif d JOIN fiches_fiche f ON f.id = d.fiche_ptr_id AND f.etat = 'publiee'
  UNION ALL
  SELECT 'synonyme', terme, voisin, 0 FROM recherche_synonyme WHERE actif
  UNION ALL
  SELECT 'synonyme', voisin, terme, 0 FROM recherche_synonyme WHERE actif AND sens = 'egalite'
  UNION ALL
  SELECT 'dispositif', f.slug, f.titre || CASE d.sigle WHEN '' THEN '' ELSE ' (' || d.sigle || ')' END, 0
  FROM dispositifs_dispositif d JOIN fiches_fiche f ON f.id = d.fiche_ptr_id AND f.etat = 'publiee'
"""
NATURES = {
    Nature.DISPOSITIF: "Dispositifs",
    Nature.LOCAL: "Contrats et démarches locales",
    Nature.ACTION: "Actions inspirantes",
}
# What one looks for when one wants to do again elsewhere what others did.
SECTIONS = {
    "transfert": "Conditions de transfert",
    "leviers": "Leviers",
    "difficultes": "Difficultés",
}
# The first that means something for a search is its default order.
TRIS = {
    "proximite": "Les plus proches d’abord",
    "pertinence": "Pertinence",
    "nom": "Nom, de A à Z",
    "recentes": "Vues le plus récemment",
    "completude": "Les plus complètes",
    "a_completer": "À compléter d’abord",
    "a_rafraichir": "À rafraîchir d’abord",
}


class ChampMots(forms.CharField):
    """Words, cleaned to what PostgreSQL understood of them."""

    def clean(self, value) -> Requete | None:
        texte = " ".join(lisible(super().clean(value)).split())
        return interpreter(texte) if texte else None


@dataclass(frozen=True)
class Lieu:
    """A territory asked for, and the others of its name when it was asked in words."""

    territoire: Territoire
    homonymes: tuple[Territoire, ...] = ()


class ChampLieu(forms.Field):
    """A territory, asked by its public designation (`commune:76540`) or in people's words.

    The page sends the territory in force and what is written beside it, to replace it.
    """

    widget = forms.SelectMultiple

    def __init__(self, *args, lignes: list[str] | None = None, **kwargs):
        """`lignes`: what the base says of what is asked, if read before (`territoires.recherche.requete_de`)."""
        super().__init__(*args, **kwargs)
        self.lignes = lignes

    def clean(self, value) -> Lieu | None:
        texte = derniere_saisie(value or [])
        if not texte:
            return None
        lecture = lire(texte, self.lignes)
        if lecture.territoire:
            return Lieu(lecture.territoire)
        if lecture.homonymes:
            return Lieu(lecture.homonymes[0], lecture.homonymes[1:])
        if DESIGNATION.fullmatch(texte) and not lecture.proches:
            raise ValidationError(f"Ce territoire n’existe pas\u00a0: {texte}.")
        raise a_preciser(texte, lecture)


def derniere_saisie(valeurs: Iterable[str]) -> str:
    """Return the one that counts of the territories sent: words before designations, the last before the first."""
    saisies = [valeur.strip() for valeur in valeurs if valeur.strip()]
    return max(reversed(saisies), key=lambda saisie: not DESIGNATION.fullmatch(saisie), default="")


class Filtre(filters.Filter):
    """A filter that gives its condition, so that counts may apply all but one."""

    def condition(self, valeur: Any) -> Q:
        raise NotImplementedError

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs.filter(self.condition(value)) if value else qs


class FiltreMots(Filtre):
    field_class = ChampMots

    def condition(self, valeur: Requete) -> Q:
        return valeur.condition


class FiltreLieu(Filtre):
    field_class = ChampLieu

    def condition(self, valeur: Lieu) -> Q:
        return concerne(valeur.territoire)


class FiltreFacette(Filtre):
    field_class = forms.MultipleChoiceField

    def __init__(self, facette: Facette, noms: dict[str, str]):
        inconnu = {"invalid_choice": "«\u00a0%(value)s\u00a0» ne fait pas partie des choix."}
        super().__init__(label=facette.titre, choices=list(noms.items()), error_messages=inconnu)
        self.facette = facette

    def condition(self, valeur: list[str]) -> Q:
        return self.facette.condition(valeur)


class FiltreSections(Filtre):
    """Where the words must be; without words, which sections must say something."""

    field_class = forms.MultipleChoiceField

    def condition(self, valeur: list[str]) -> Q:
        return Q(contenu__sections__has_any_keys=valeur)


class Reglage(filters.Filter):
    """A parameter that selects nothing: how the list is shown."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs


class ReglageAutour(Reglage):
    """Widens the filter of the territory."""

    field_class = forms.BooleanField


class ReglageTri(Reglage):
    field_class = forms.ChoiceField


class ReglagePage(Reglage):
    field_class = forms.IntegerField


class Filtres(filters.FilterSet):
    """What a reader asks of the catalogue. With `nature`, the whole list is about this nature only."""

    q = FiltreMots(label="Mots", max_length=200)
    territoire = FiltreLieu(label="Territoire")
    dans = FiltreSections(
        label="Dans les actions",
        choices=list(SECTIONS.items()),
        error_messages={"invalid_choice": "«\u00a0%(value)s\u00a0» ne fait pas partie des choix."},
    )
    autour = ReglageAutour(label="Et autour")
    tri = ReglageTri(
        label="Trier par", choices=list(TRIS.items()), error_messages={"invalid_choice": "Ce tri n’existe pas."}
    )
    page = ReglagePage(
        label="Page",
        min_value=1,
        error_messages={"invalid": "Écrivez un numéro de page.", "min_value": "La première page est la page 1."},
    )

    def __init__(
        self,
        parametres: QueryDict,
        *,
        nature: str | None = None,
        lieu_dit: Territoire | None = None,
        lignes: list[str] | None = None,
        noms: dict[str, dict[str, str]] | None = None,
    ):
        """`lieu_dit`: the territory that the words name, if no other is asked; once read, what the base says of the one
        that is (`lignes`), and the vocabularies (`noms`)."""
        ensemble = Fiche.objects.visibles_pour()
        super().__init__(parametres, ensemble.filter(nature=nature) if nature else ensemble)
        self.lieu_dit = lieu_dit
        self.facettes = [
            facette for facette in FACETTES if nature is None or (nature in facette.natures and facette.cle != "nature")
        ]
        self.noms = noms or vocabulaires()[0]
        self.filters["territoire"].extra["lignes"] = lignes
        for facette in self.facettes:
            self.filters[facette.cle] = FiltreFacette(facette, self.noms[facette.cle])

    @cached_property
    def valeurs(self) -> dict[str, Any]:
        """What was asked and understood, by parameter."""
        self.form.is_valid()
        valeurs = {nom: valeur for nom, valeur in self.form.cleaned_data.items() if valeur}
        return valeurs | {"territoire": Lieu(self.lieu_dit)} if self.lieu_dit else valeurs

    @cached_property
    def conditions(self) -> dict[str, Q]:
        """The condition of each filter in force."""
        filtres = {nom: filtre for nom, filtre in self.filters.items() if isinstance(filtre, Filtre)}
        conditions = {nom: filtres[nom].condition(valeur) for nom, valeur in self.valeurs.items() if nom in filtres}
        if self.lieu and self.va_autour:
            pour_comprendre = [Q(nature=Nature.DISPOSITIF)] if self.requete else []
            for aussi in (autour(self.lieu.territoire), *pour_comprendre):
                conditions["territoire"] |= aussi
        if self.sections and self.requete and self.requete.tsquery:
            conditions["dans"] = self.requete.condition_dans(self.sections)
        return conditions

    @property
    def lot(self) -> Lot:
        return Lot(self.trouvees, {cle: condition for cle, condition in self.conditions.items() if cle != "q"})

    def demandant(self, requete: Requete) -> "Filtres":
        """Return the same filters with these words."""
        autres = copy(self)
        autres.__dict__.pop("conditions", None)
        autres.valeurs = self.valeurs | {"q": requete}
        return autres

    @property
    def requete(self) -> Requete | None:
        return self.valeurs.get("q")

    @property
    def sections(self) -> list[str]:
        """The only sections where the words are looked for; none for the whole fiche."""
        return self.valeurs.get("dans", [])

    @property
    def lieu(self) -> Lieu | None:
        return self.valeurs.get("territoire")

    @property
    def territoire_choisi(self) -> Territoire | None:
        return self.lieu.territoire if self.lieu else None

    @property
    def jusqu_ou(self) -> str:
        """How far « et autour » goes from the territory asked: « jusqu’au département »."""
        return jusqu_ou(self.lieu.territoire) if self.lieu else ""

    @property
    def va_autour(self) -> bool:
        """True when what is around the territory is asked too, and with words the kinds of schemes that have them."""
        return bool(self.jusqu_ou and self.valeurs.get("autour"))

    @property
    def ensemble(self) -> FicheQuerySet:
        return self.queryset

    @property
    def trouvees(self) -> FicheQuerySet:
        """The fiches found by the words, before any other filter."""
        return self.ensemble.filter(self.conditions["q"]) if self.requete else self.ensemble

    def sans(self, nom: str) -> FicheQuerySet:
        """The fiches that would be shown without this filter."""
        conditions = {cle: condition for cle, condition in self.conditions.items() if cle != nom}
        if nom == "q" and self.sections:
            conditions["dans"] = self.filters["dans"].condition(self.sections)
        return self.ensemble.filter(*conditions.values())

    @property
    def retenues(self) -> FicheQuerySet:
        """The fiches to show."""
        return self.ensemble.filter(*self.conditions.values())

    @property
    def tris(self) -> dict[str, str]:
        """The orders that mean something here, the default one first."""
        permis = {"proximite": self.lieu, "pertinence": self.requete}
        return {cle: nom for cle, nom in TRIS.items() if permis.get(cle, True)}

    @property
    def tri_choisi(self) -> str:
        demande = self.valeurs.get("tri")
        return demande if demande in self.tris else next(iter(self.tris))


def vocabulaires(lieux: RequeteDesLieux | None = None) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return the values of each facet with their names, in the order of display, the dispositif that each
    `autre_nom` means, what each `synonyme` and each `sigle` of the glossary does; and the rows of the places asked.
    One SQL query."""
    cles = ("autre_nom", "synonyme", "sigle", *(facette.cle for facette in FACETTES))
    noms: dict[str, dict[str, str]] = {cle: {} for cle in cles}
    noms |= {
        "nature": {nature.value: nom for nature, nom in NATURES.items()},
        "etat": dict(EtatLocal.choices),
        "avancement": dict(ActionInspirante.Avancement.choices),
        "preuve": dict(ActionInspirante.Preuve.choices),
    }
    lignes = []
    aussi = f"UNION ALL SELECT 'lieu', '', lieu::text, ordre FROM ({lieux.sql}) l" if lieux else ""  # noqa: S608  (ours)
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT cle, slug, nom FROM ({VOCABULAIRES} {aussi}) v ORDER BY ordre, lower(f_unaccent(nom))",  # noqa: S608
            lieux.parametres if lieux else {},
        )
        for cle, slug, nom in curseur:
            if cle == "lieu":
                lignes.append(nom)
            else:
                noms[cle][slug] = nom
    return noms, lignes
