"""The one validation of a fiche, whoever writes it: a person on the site, or a content file.

A form is built from the gabarit of its nature, with repeated lines (sources, figures…) as formsets. `contenu()` gives
the canonical content that versions keep; `donnees()` is its inverse, from a content to the data a browser would post.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.utils.text import slugify

from fiches.dates import ChampDatePartielle
from fiches.gabarits import GABARITS, PREFIXE, Nature
from fiches.models import Fiche, Public, Theme
from fiches.sources import APPEL_VOULU, CLE, FORMAT, actuel, cle_appelee
from francais.caracteres import refuser_les_trompeurs
from territoires.models import PrecisionAnnee, Territoire

TEXTE_MAX = 20_000
LIGNES_MAX = 60
TROP_LONG: dict[str, Any] = {
    "max_length": "C’est trop long\u00a0: %(show_value)d caractères, pour %(limit_value)d au plus. Rien n’est coupé."
}
BORNES: dict[str, Any] = {
    "invalid": "Écrivez un nombre entier.",
    "min_value": "Ce nombre est trop petit\u00a0: %(limit_value)s au moins.",
    "max_value": "Ce nombre est trop grand\u00a0: %(limit_value)s au plus.",
}
TITRES_LIGNES = {
    "sources": "Sources",
    "chiffres": "Chiffres",
    "missions": "Missions",
    "articulations": "Articulations",
    "constats": "Constats",
    "anterieures": "Générations précédentes",
}
FORMULAIRES: dict[str, type["FormulaireFiche"]] = {}


def formulaire_de(nature: Nature):
    """Declare a form class as the one of this nature."""

    def declarer(classe: type["FormulaireFiche"]) -> type["FormulaireFiche"]:
        classe.nature = nature
        FORMULAIRES[nature] = classe
        return classe

    return declarer


class ChampTexte(forms.CharField):
    """Plain text on one line or more: line ends unified, nothing that deceives who reads."""

    default_validators = [refuser_les_trompeurs]
    default_error_messages = TROP_LONG

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "max_length": 300, **kwargs})

    def to_python(self, value) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class ChampSection(ChampTexte):
    widget = forms.Textarea

    def __init__(self, **kwargs):
        super().__init__(max_length=TEXTE_MAX, **kwargs)


class ChampTerritoires(forms.Field):
    """Territories by their public designation, `nature:code`; cleaned to the same, which exist and still do."""

    widget = forms.SelectMultiple

    def clean(self, value) -> list[str]:
        designations = list(dict.fromkeys(value or []))
        connus = {t.designation: t for t in Territoire.objects.designes_par(designations)}
        inconnus = [d for d in designations if d not in connus]
        if inconnus:
            raise ValidationError(f"Territoire inconnu : {', '.join(inconnus)}.", code="inconnu")
        if fermes := [connus[d] for d in designations if connus[d].est_ferme]:
            raise ValidationError([ValidationError(t.devenir, code="ferme") for t in fermes])
        return designations


class ChampListe(forms.Field):
    """Short texts, one per line."""

    widget = forms.Textarea

    def clean(self, value) -> list[str]:
        lignes = value if isinstance(value, list) else (value or "").splitlines()
        if len(lignes) > LIGNES_MAX:
            raise ValidationError(f"Pas plus de {LIGNES_MAX} lignes dans cette liste.", code="trop")
        texte = ChampTexte(max_length=150)
        return [propre for ligne in lignes if (propre := texte.clean(str(ligne)))]


class ChampEntier(forms.IntegerField):
    default_error_messages = BORNES


class ChampNombre(forms.DecimalField):
    """A figure as one writes it in French, « 1 584,5 », or as computers do."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value) -> Decimal | None:  # type: ignore[override]  # the stubs inherit from whole numbers
        return super().to_python(re.sub(r"\s", "", value).replace(",", ".") if isinstance(value, str) else value)


class Relisible(forms.Form):
    """A form that can show what was typed before finding fault with it: a draft is not wrong, it is not finished."""

    use_required_attribute = False  # pages say what may stay empty; what is missing is told once sent

    def taire(self) -> Self:
        self._errors = ErrorDict()
        return self

    def tout_recevoir(self) -> None:
        """Let browsers post all that is pasted: `maxlength` cuts it without a word; we say what is too long."""
        for champ in self.fields.values():
            champ.widget.attrs.pop("maxlength", None)


class Ligne(Relisible):
    """A repeated line of a fiche."""

    def contenu(self) -> dict[str, Any]:
        return {nom: en_json(self.cleaned_data[nom]) for nom in self.fields if nom in self.cleaned_data}


class LigneSource(Ligne):
    cle = forms.CharField(
        label="Clé",
        max_length=24,
        widget=forms.HiddenInput,
        validators=[RegexValidator(rf"^{CLE.pattern}\Z", "Une clé s’écrit en minuscules, chiffres et traits d’union.")],
    )
    titre = ChampTexte(label="Titre", required=True)
    organisation = ChampTexte(label="Organisation", max_length=200)
    date = ChampDatePartielle(label="Date", required=False)
    apres = ChampEntier(label="Sans date, postérieure à", required=False, min_value=1900, max_value=2100)
    repere = ChampTexte(label="Repère dans le document", max_length=200)
    url = forms.URLField(
        label="Adresse",
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages=TROP_LONG,
        validators=[
            URLValidator(schemes=["http", "https"], message="Donnez l’adresse d’une page, en https:// ou http://."),
            refuser_les_trompeurs,
        ],
    )
    note = ChampTexte(
        label="Note de lecture",
        max_length=600,
        help_text="Ce qui se lisait mal dans le document\u00a0; repliée sous la source.",
    )

    def contenu(self) -> dict[str, Any]:
        """Return the line; a source without note says nothing of it, as those of before notes."""
        return {nom: valeur for nom, valeur in super().contenu().items() if nom != "note" or valeur}


class ChampSource(forms.CharField):
    """The key of a source, as one writes it in a text or without its brackets."""

    default_validators = [refuser_les_trompeurs]
    default_error_messages = TROP_LONG

    def __init__(self, **kwargs):
        super().__init__(**{"label": "Source, par sa clé", "max_length": 40, **kwargs})

    def to_python(self, value) -> str:
        return cle_appelee(super().to_python(value) or "")


class LigneChiffre(Ligne):
    libelle = ChampTexte(label="Ce qui est compté", required=True, max_length=200)
    valeur = ChampNombre(label="Valeur", max_digits=14, decimal_places=3)
    qualificatif = ChampTexte(label="Qualificatif", max_length=20)
    unite = ChampTexte(label="Unité", required=True, max_length=60)
    annee = ChampEntier(label="Année", min_value=1900, max_value=2100)
    precision_annee = forms.ChoiceField(label="Précision de l’année", choices=PrecisionAnnee.choices)
    source = ChampSource()
    geographie_qpv = forms.TypedChoiceField(
        label="Géographie des QPV",
        choices=[("", "Sans objet"), ("2015", "2015"), ("2024", "2024")],
        coerce=int,
        empty_value=None,
        required=False,
    )
    attendu = forms.BooleanField(label="Résultat attendu, non obtenu", required=False)
    note = ChampTexte(label="Note")


class FormulaireFiche(Relisible):
    """Common part of the three natures; the children add their fields and their lines."""

    nature: ClassVar[Nature]
    modele: ClassVar[type[Fiche]]
    lignes: ClassVar[dict[str, type[Ligne]]] = {"sources": LigneSource, "chiffres": LigneChiffre}

    titre = ChampTexte(label="Titre", required=True, max_length=150)
    resume = ChampTexte(label="Résumé", required=True, help_text="Une ou deux phrases.")
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(), label="Thématiques", to_field_name="slug", required=False
    )
    publics = forms.ModelMultipleChoiceField(
        Public.objects.all(), label="Publics", to_field_name="slug", required=False
    )
    territoires = ChampTerritoires(label="Territoires", required=False)

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        for section in GABARITS[self.nature]:
            self.fields[section.unite] = ChampSection(
                label=section.titre, help_text=section.aide, required=section.obligatoire
            )
        self.jeux = {
            # One line too many is shown, to say so; a thousand, which no page of ours lets one write, would cost all.
            nom: forms.formset_factory(
                ligne, extra=0, max_num=LIGNES_MAX, absolute_max=LIGNES_MAX + 1, validate_max=True
            )(data, prefix=nom, form_kwargs={"empty_permitted": False, "use_required_attribute": False})
            for nom, ligne in self.lignes.items()
        }

    def taire(self) -> Self:
        for jeu in self.jeux.values():
            for ligne in jeu.forms:
                ligne.taire()
        return super().taire()

    def is_valid(self) -> bool:
        # Every formset is validated, though one is already known to be wrong: all the errors are shown at once.
        valide = super().is_valid()  # first: it may find fault with lines
        return all([jeu.is_valid() for jeu in self.jeux.values()]) and valide  # noqa: C419

    def clean_titre(self) -> str:
        titre = self.cleaned_data["titre"]
        if slugify(titre) in self.nature.adresses_reservees:
            raise ValidationError("Ce titre donnerait l’adresse d’une page du site : précisez-le.")
        return titre

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if not self.jeux["sources"].forms:
            self.add_error(None, ValidationError("Citez au moins une source.", code="sans_source"))
        cles = self._cles_des_sources()
        for section in GABARITS[self.nature]:
            voulues = APPEL_VOULU.findall(donnees.get(section.unite) or "")
            if absentes := [cle for cle in dict.fromkeys(voulues) if cle not in cles]:
                dites = ", ".join(absentes)
                self.add_error(section.unite, f"Ce texte appelle une source qui n’existe pas : {dites}.")
        for jeu in self.jeux.values():
            for ligne in jeu.forms:
                source = ligne.cleaned_data.get("source") if ligne.is_valid() else None
                if source and source not in cles:
                    ligne.add_error("source", f"La source {source} n’existe pas.")
        return donnees

    def _cles_des_sources(self) -> set[str]:
        """Return the keys of the sources, telling of those that two sources have."""
        cles: set[str] = set()
        for ligne in self.jeux["sources"].forms:
            cle = ligne["cle"].value() or ""
            if cle in cles:
                ligne.add_error("cle", f"Deux sources s’appellent {cle}.")
            cles.add(cle)
        return cles

    def contenu(self) -> dict[str, Any]:
        """Return the canonical content of a valid form: JSON values only, every key of the nature present."""
        champs = {n: en_json(v) for n, v in self.cleaned_data.items() if not n.startswith(PREFIXE)}
        sections = {
            section.cle: texte.strip()
            for section in GABARITS[self.nature]
            if (texte := self.cleaned_data[section.unite]).strip()
        }
        lignes = {nom: [ligne.contenu() for ligne in jeu.forms] for nom, jeu in self.jeux.items()}
        return {"format": FORMAT, **champs, "sections": sections, **lignes}

    def erreurs(self, *, en_mots: bool = False) -> Iterator[str]:
        """Yield every error of the form and of its lines, each with the place it concerns.

        A place has the key that content files write, or `en_mots` the title that pages give it.
        """
        for champ, messages in self.errors.items():
            lieu = _nom_du_champ(self, champ) if en_mots else champ
            for message in messages:
                yield str(message) if champ == "__all__" else f"{lieu} : {message}"
        for nom, jeu in self.jeux.items():
            lieu = TITRES_LIGNES[nom] if en_mots else nom
            yield from (f"{lieu} : {message}" for message in jeu.non_form_errors())
            for n, ligne in enumerate(jeu.forms, 1):
                for champ, messages in ligne.errors.items():
                    precis = f"« {_nom_du_champ(ligne, champ)} »" if en_mots else champ
                    yield from (f"{lieu} n° {n}, {precis} : {message}" for message in messages)

    @classmethod
    def de_contenu(cls, contenu: dict[str, Any]) -> Self:
        """Return the form that a browser would post for this content. Raises as `donnees`."""
        return cls(cls.donnees(contenu))

    @classmethod
    def valider(cls, contenu: dict[str, Any], *, en_mots: bool = True) -> dict[str, Any]:
        """Return this content in its canonical form. Raises ValidationError, each error as `erreurs` tells it."""
        formulaire = cls.de_contenu(contenu)
        if not formulaire.is_valid():
            raise ValidationError(list(formulaire.erreurs(en_mots=en_mots)))
        return formulaire.contenu()

    @classmethod
    def donnees(cls, contenu: dict[str, Any]) -> dict[str, Any]:
        """Return the data that a browser would post for this content (possibly partial, unknown keys refused).

        Raises ValidationError when the content has a key that no field or line of this nature bears.
        """
        contenu = actuel(contenu)
        connus = {*cls.base_fields, *cls.lignes, "sections", "format"}
        sections_connues = {section.cle for section in GABARITS[cls.nature]}
        inconnus = [*(set(contenu) - connus), *(set(contenu.get("sections") or {}) - sections_connues)]
        if inconnus:
            raise ValidationError(f"Clé inconnue pour cette nature de fiche : {', '.join(sorted(inconnus))}.")
        donnees = {nom: en_saisie(contenu[nom]) for nom in cls.base_fields if contenu.get(nom) is not None}
        for cle, texte in (contenu.get("sections") or {}).items():
            donnees[f"{PREFIXE}{cle}"] = texte
        for nom, ligne in cls.lignes.items():
            lignes = contenu.get(nom) or []
            donnees |= {f"{nom}-TOTAL_FORMS": len(lignes), f"{nom}-INITIAL_FORMS": 0}
            for i, valeurs in enumerate(lignes):
                if inconnues := set(valeurs) - set(ligne.base_fields):
                    raise ValidationError(f"{nom} n° {i + 1}, clé inconnue : {', '.join(sorted(inconnues))}.")
                donnees |= {f"{nom}-{i}-{cle}": en_saisie(v) for cle, v in valeurs.items() if v is not None}
        return donnees


def _nom_du_champ(formulaire: forms.Form, cle: str) -> str:
    return str(formulaire.fields[cle].label) if cle in formulaire.fields else cle


def en_json(valeur: Any) -> Any:
    """Return a cleaned value as JSON keeps it: slugs for choices of a vocabulary, ISO dates, plain numbers."""
    if isinstance(valeur, QuerySet):
        return [objet.slug for objet in valeur]
    if isinstance(valeur, Decimal):
        return int(valeur) if valeur == valeur.to_integral_value() else float(valeur)
    if isinstance(valeur, date):
        return valeur.isoformat()
    return valeur if not hasattr(valeur, "slug") else valeur.slug


def en_saisie(valeur: Any) -> Any:
    """Return a JSON value as a browser would post it."""
    return valeur if isinstance(valeur, (list, bool)) else str(valeur)
