"""Forms of bringing a table: what it is, and what each of its columns says."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from contributions.tableau import lecture
from contributions.tableau.colonnes import Role
from contributions.tableau.lecture import Classeur
from contributions.tableau.travail import FeuilleLue
from dispositifs.models import SUIVIS, Dispositif
from fiches.dates import ChampDatePartielle
from fiches.forms import ChampTexte, LigneSource, Relisible
from francais.dates import DatePartielle

PLUSIEURS = "plusieurs"
EXTENSIONS = ".xlsx,.ods,.csv,.tsv,.txt"
LIMITES = "Excel (.xlsx), LibreOffice (.ods) ou .csv\u00a0: 5\u00a0Mo, 18\u00a0feuilles, 5\u00a0000 lignes."


class FormulaireTableau(Relisible):
    """A file or pasted cells, what they speak of, who made them and when."""

    fichier = forms.FileField(
        label="Votre fichier",
        help_text=LIMITES,
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": EXTENSIONS}),
    )
    colle = forms.CharField(
        label="Ou coller les cellules",
        help_text="Sélectionnez dans votre tableur, copiez, collez ici\u00a0: 1\u00a0Mo, noms des colonnes compris.",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    dispositif = forms.ChoiceField(label="De quoi parle-t-il\u00a0?")
    editeur = ChampTexte(
        label="Qui l’a établi",
        required=True,
        max_length=200,
        error_messages={"required": "Dites qui a établi ce tableau\u00a0: un service, pas une personne."},
    )
    le = ChampDatePartielle(
        label="À jour en",
        help_text="La date de tout ce qu’il dit\u00a0: mars 2025, ou 2025.",
        error_messages={"required": "Dites de quand date ce tableau\u00a0: l’année suffit."},
    )
    adresse = forms.URLField(
        label="Où on peut le lire en ligne",
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": "Donnez l’adresse d’une page, en https:// ou http://."},
        validators=LigneSource.base_fields["url"].validators,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        connus = {d.slug: d.nom_complet for d in Dispositif.objects.visibles_pour().filter(slug__in=SUIVIS)}
        choix = [(slug, connus[slug]) for slug in SUIVIS if slug in connus]
        self.fields["dispositif"].choices = [*choix, (PLUSIEURS, "Plusieurs, ou un autre : une colonne le dit")]  # type: ignore[attr-defined]
        self.tout_recevoir()

    def clean_le(self) -> DatePartielle:
        le = self.cleaned_data["le"]
        if le.premier_jour > timezone.localdate():
            raise ValidationError("Cette date est à venir\u00a0: dites quand ce tableau a été mis à jour.")
        return le

    def clean_dispositif(self) -> str:
        dit = self.cleaned_data["dispositif"]
        return "" if dit == PLUSIEURS else dit

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        fichier, colle = donnees.get("fichier"), donnees.get("colle") or ""
        if bool(fichier) == bool(colle.strip()):
            self.add_error("fichier", "Choisissez un fichier, ou collez des cellules\u00a0: l’un des deux.")
            return donnees
        champ = "fichier" if fichier else "colle"
        try:
            self.classeur = lecture.lire(fichier.read()) if fichier else lecture.lire_colle(colle)
        except ValidationError as refus:
            self.add_error(champ, refus)
        if self.errors and fichier and "fichier" not in self.errors:
            self.add_error("fichier", "Choisissez de nouveau ce fichier\u00a0: les navigateurs ne le gardent pas.")
        return donnees

    classeur: Classeur

    @property
    def annonce(self) -> dict[str, Any]:
        """What was said of the table."""
        return {nom: self.cleaned_data[nom] for nom in ("dispositif", "editeur", "le", "adresse")}

    @property
    def nom(self) -> str:
        fichier = self.cleaned_data["fichier"]
        return fichier.name if fichier else ""


class FormulaireColonnes(forms.Form):
    """What each column of each sheet says. `relire`: only the row of the names of columns changes."""

    def __init__(self, data: Any, feuilles: list[FeuilleLue], *, relire: bool = False):
        super().__init__(data)
        self.feuilles, self.relire = feuilles, relire
        for lue in feuilles:
            self.fields[f"prise-{lue.rang}"] = forms.BooleanField(
                label="Lire cette feuille", required=False, initial=lue.prise
            )
            self.fields[f"entete-{lue.rang}"] = forms.TypedChoiceField(
                label="Ligne des noms",
                choices=[("0", "Aucune")] + [(str(n), f"Ligne {n}") for n, _ in lue.feuille.rangees[:20]],
                coerce=int,
                initial=lue.entete.numero or 0,
            )
            for colonne in lue.entete.colonnes:
                self.fields[f"role-{lue.rang}-{colonne.place}"] = forms.ChoiceField(
                    label=f"{colonne.nom} devient",
                    choices=Role.choices,
                    required=False,
                    initial=lue.roles.get(colonne.place, Role.LAISSEE).value,
                )

    @property
    def sections(self) -> list[tuple[FeuilleLue, Any, Any, list[tuple[Any, Any]]]]:
        """The sheets, each with the fields that are its own and, by column, the field of what it says."""
        return [
            (
                lue,
                self[f"prise-{lue.rang}"],
                self[f"entete-{lue.rang}"],
                [(colonne, self[f"role-{lue.rang}-{colonne.place}"]) for colonne in lue.entete.colonnes],
            )
            for lue in self.feuilles
        ]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if self.relire:
            return donnees
        if not any(donnees.get(f"prise-{lue.rang}") for lue in self.feuilles):
            raise ValidationError("Gardez une feuille au moins.")
        for lue in self.feuilles:
            if donnees.get(f"prise-{lue.rang}"):
                self._verifier(lue, donnees)
        return donnees

    def _verifier(self, lue: FeuilleLue, donnees: dict[str, Any]) -> None:
        dits: set[str] = set()
        for colonne in lue.entete.colonnes:
            champ = f"role-{lue.rang}-{colonne.place}"
            role = donnees.get(champ)
            if role and role in dits:
                self.add_error(champ, f"Une autre colonne est déjà «\u00a0{Role(role).label}\u00a0».")
            dits.add(role or "")
        if not dits & {Role.TERRITOIRES, Role.PORTEUR}:
            nom = f"«\u00a0{lue.feuille.nom}\u00a0»\u00a0: dites" if lue.feuille.nom else "Dites"
            self.add_error(None, f"{nom} quelle colonne donne les territoires, ou le porteur.")

    @property
    def colonnes(self) -> dict[str, Any]:
        """What was said, by sheet, as the table keeps it."""
        donnees = self.cleaned_data
        dites: dict[str, Any] = {}
        for lue in self.feuilles:
            dit: dict[str, Any] = {"entete": donnees[f"entete-{lue.rang}"], "prise": donnees[f"prise-{lue.rang}"]}
            if not self.relire:
                dit["roles"] = {str(c.place): donnees[f"role-{lue.rang}-{c.place}"] for c in lue.entete.colonnes}
            dites[str(lue.rang)] = dit
        return dites


class FormulaireEnvoi(Relisible):
    titre = ChampTexte(
        label="Nom du lot", required=True, max_length=120, help_text="L’historique de chaque fiche le dira."
    )
    mot = ChampTexte(
        label="Un mot pour la personne qui relit", max_length=1_000, widget=forms.Textarea(attrs={"rows": 2})
    )
