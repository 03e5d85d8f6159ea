"""Forms around a text: what is asked before a new fiche is begun, and what goes with what is handed in."""

from django import forms

from comptes.champs import ChampCourriel
from contributions.abus import FormulaireGarde
from contributions.credit import FormulaireCredit
from contributions.models import Proposition
from fiches.forms import ChampTexte, Relisible
from francais.caracteres import refuser_les_trompeurs
from territoires.forms import ChampTerritoire

POURQUOI_MAX = 200
RIEN = "Vous n’avez rien changé encore : modifiez au moins une section, une source ou une propriété."


class Envoi(Relisible, FormulaireGarde):
    """What goes with a text that is handed in, and what is asked of what it says: nothing, unless a form does."""

    courriel = ChampCourriel(label="Adresse électronique")

    def __init__(self, data=None, *, adresse_connue: bool = False, **kwargs):
        super().__init__(data, **kwargs)
        self.tout_recevoir()
        if adresse_connue:
            del self.fields["courriel"]

    def clean_courriel(self) -> str:
        return self.cleaned_data["courriel"].lower()

    @property
    def credits(self) -> dict[str, str]:
        """The columns that say how it is credited; as it was, unless the form asks."""
        return {}

    def demander_source(self, titres: list[str]) -> None:
        """Ask where the figures that change in these units come from."""

    def demander_confirmation(self, passages: list[str]) -> None:
        """Ask whether these contact details are those of a service."""


class FormulaireEnvoi(FormulaireCredit, Envoi):
    pourquoi = ChampTexte(
        label="En une phrase",
        required=True,
        help_text="Visible dans l’historique de la fiche.",
        error_messages={"required": "Dites en une phrase ce que vous changez, et pourquoi."},
    )
    sorte = forms.ChoiceField(
        label="C’est",
        choices=Proposition.Type.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez : une correction, une mise à jour, un ajout ou une source."},
    )
    source_suffit = forms.BooleanField(label="La source déjà citée suffit", required=False)
    coordonnees = forms.MultipleChoiceField(required=False)
    courriel = ChampCourriel(
        label="Adresse électronique",
        help_text=(
            "Nous vous écrivons seulement au sujet de cette proposition. Un lien de confirmation vous est envoyé : la "
            "relecture commence quand vous l’ouvrez. Adresse effacée six mois après la clôture."
        ),
        error_messages={
            "required": "Indiquez une adresse : elle sert à confirmer votre proposition, et à vous répondre."
        },
    )
    charte = forms.BooleanField(
        error_messages={"required": "Il faut accepter la charte et la licence pour que votre texte soit publié."},
    )

    field_order = ("pourquoi", "sorte", "source_suffit", "coordonnees")  # as they are asked: what is wrong is said so

    def __init__(self, data=None, *, adresse_facultative: bool = False, nouvelle: bool = False, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["coordonnees"].choices = [(v, v) for v in self._confirmees()]  # type: ignore[attr-defined]
        if adresse_facultative and "courriel" in self.fields:
            self.fields["courriel"].required = False
        if nouvelle:
            del self.fields["pourquoi"], self.fields["sorte"], self.fields["source_suffit"]

    def _confirmees(self) -> list[str]:
        return self.data.getlist("coordonnees") if hasattr(self.data, "getlist") else []

    def demander_source(self, titres: list[str]) -> None:
        """Ask it, unless the person says that the source is already there."""
        if titres and not self.cleaned_data.get("source_suffit"):
            ou = ", ".join(f"« {titre} »" for titre in titres)
            self.add_error(
                "source_suffit",
                f"Un chiffre ou une date change ({ou}) : ajoutez la source qui le dit, ou cochez cette case.",
            )

    def demander_confirmation(self, passages: list[str]) -> None:
        """Ask it, one by one."""
        self.fields["coordonnees"].choices = [(p, p) for p in passages]  # type: ignore[attr-defined]
        if set(passages) - set(self._confirmees()):
            self.add_error(
                "coordonnees",
                "Ces coordonnées seraient publiques : retirez-les si ce sont celles d’une personne, ou cochez-les.",
            )


class FormulaireCorrection(Envoi):
    """What goes with a quick correction: how one knows is its source; sending it agrees to the charter."""

    pourquoi = ChampTexte(
        label="Comment le savez-vous\u00a0?",
        help_text="Une phrase, ou l’adresse d’une page. « J’y travaille » suffit.",
        required=True,
        max_length=POURQUOI_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "class": "courte"}),
        error_messages={"required": "Dites comment vous le savez\u00a0: une phrase suffit."},
    )
    de_service = forms.BooleanField(
        label="Le numéro, l’adresse sont ceux d’un service, pas d’une personne", required=False
    )
    courriel = ChampCourriel(
        label="Être prévenu de la suite",
        help_text="Sans adresse, votre correction est lue quand même\u00a0; le lien de suivi s’affiche après l’envoi.",
        required=False,
    )

    field_order = ("de_service", "pourquoi", "courriel")

    def demander_confirmation(self, passages: list[str]) -> None:
        """Ask it, all at once."""
        if passages and not self.cleaned_data.get("de_service"):
            dits = ", ".join(f"« {passage} »" for passage in passages)
            self.add_error(
                "de_service",
                f"Ces coordonnées seraient publiques ({dits})\u00a0: cochez si ce sont celles d’un service, "
                "retirez-les si ce sont celles d’une personne.",
            )


class FormulaireDoublons(forms.Form):
    titre = ChampTexte(
        label="Nom de la fiche",
        required=True,
        max_length=150,
        error_messages={"required": "Donnez un nom : c’est par lui que l’on cherche si la fiche existe déjà."},
    )
    territoire = ChampTerritoire(
        label="Territoire",
        required=False,
        max_length=100,
        help_text="Une commune, un quartier, une intercommunalité, un département, ou leur code.",
    )
    url = forms.URLField(
        label="Adresse d’une source",
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[refuser_les_trompeurs],
        help_text="Une page ou un document qui en parle.",
        error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : https://www.ville.fr/sante"},
    )
