"""The decision on a proposition: a verdict for each unit, a reason, a message."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from comparaison.listes import Tranche
from contributions.models import Proposition, ReponseType
from contributions.verbes.echanges import MESSAGE_MAX
from fiches.forms import FORMULAIRES, TEXTE_MAX, ChampTexte
from francais.nombres import entier
from moderation.examen import Changement, Examen
from moderation.forms.gestes import CHOIX_MOTIF, FormulaireGeste
from moderation.forms.rangees import ECRIRE, TRANCHES, RangeeATrancher, a_trancher

OUI, REUNIR, AJUSTER, NON = "oui", "reunir", "ajuster", "non"
DEFAIRE = "Prendre ce qui est proposé : défait ce qui a été publié depuis"
A_CHOISIR = "Choisissez ce qu’il faut publier : les deux côtés ont changé la même chose."


class FormulaireDecision(forms.Form):
    """What was decided about an examination. `verbe`: accepter, demander_corrections, ecarter; empty while writing."""

    motif = forms.ChoiceField(
        label="Motif",
        help_text="Requis dès qu’une partie n’est pas retenue.",
        choices=CHOIX_MOTIF,
        required=False,
    )
    reponse = forms.ModelChoiceField(
        ReponseType.objects.all(),
        label="Réponse enregistrée",
        help_text="À relire et compléter.",
        empty_label="Choisir",
        required=False,
    )
    message = ChampTexte(label="Message à l’auteur", widget=forms.Textarea(attrs={"rows": 4}), max_length=MESSAGE_MAX)

    def __init__(self, examen: Examen, data=None, *, verbe: str = ""):
        super().__init__(data)
        self.examen, self.verbe = examen, verbe
        self.rangees: dict[str, list[RangeeATrancher]] = {}
        for changement in examen.changements:
            self._ajouter(changement)

    def _ajouter(self, changement: Changement) -> None:
        cle = changement.cle
        # Of a conflict nothing is chosen beforehand: one side would be undone by an oversight.
        self.fields[f"verdict-{cle}"] = forms.ChoiceField(
            label=changement.unite.titre,
            choices=_verdicts(changement),
            initial=None if changement.desaccord else AJUSTER if changement.rangees else OUI,
            widget=forms.RadioSelect,
            required=self.verbe == "accepter" or not changement.desaccord,
            error_messages={"required": A_CHOISIR} if changement.desaccord else None,
        )
        if changement.ajustable:
            self.fields[f"texte-{cle}"] = ChampTexte(
                label="Votre texte" if changement.conflit else "Texte ajusté",
                max_length=TEXTE_MAX,
                widget=forms.Textarea(attrs={"rows": 6}),
                initial=changement.resultat or "",
                strip=False,
            )
        for rangee in a_trancher(self.examen, changement, self.data if self.is_bound else None):
            self.fields[rangee.nom] = rangee.champ
            rangee.choix = self[rangee.nom]
            if not (rangee.choix.value() == ECRIRE and self.verbe == "accepter"):
                rangee.ligne.taire()
            self.rangees.setdefault(cle, []).append(rangee)
        self.fields[f"remarque-{cle}"] = ChampTexte(
            label="Remarque à l’auteur, envoyée avec une demande de corrections",
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=MESSAGE_MAX,
        )

    @property
    def lignes(self) -> list[tuple[Changement, Any, Any, Any, list[RangeeATrancher]]]:
        """Each changed unit with its verdict, its adjusted text (or None), its remark, its rows to settle."""
        return [
            (
                c,
                self[f"verdict-{c.cle}"],
                self[f"texte-{c.cle}"] if c.ajustable else None,
                self[f"remarque-{c.cle}"],
                self.rangees.get(c.cle, []),
            )
            for c in self.examen.changements
        ]

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        if not self.verbe:
            return lues
        retenues = self._retenues(lues)
        if self.verbe == "accepter" and self.examen.changements and not retenues and not self.errors:
            raise ValidationError("Vous ne retenez rien : écartez la proposition, ou demandez des corrections.")
        if self.verbe == "accepter":
            self._verifier_ajustees(lues)
        partielle = self.verbe == "accepter" and len(retenues) < len(self.examen.changements)
        if (partielle or self.verbe == "ecarter") and not lues.get("motif"):
            self.add_error("motif", "Choisissez un motif : il est envoyé à l’auteur et compté.")
        if (partielle or self.verbe != "accepter") and not (lues.get("message") or "").strip():
            self.add_error("message", "Écrivez une phrase d’explication : elle est envoyée à l’auteur.")
        if self.verbe == "accepter" and self.rangees and self._rangees_tranchees():
            self._verifier_rangees()
        return lues

    def _verifier_ajustees(self, lues: dict[str, Any]) -> None:
        """Tell of each text adjusted to nothing: a section is not emptied by an oversight."""
        for changement in self.examen.changements:
            nom = f"texte-{changement.cle}"
            if not changement.ajustable or lues.get(f"verdict-{changement.cle}") != AJUSTER or nom in self.errors:
                continue
            ecrit = lues.get(nom, "").strip()
            if changement.resultat and not ecrit:
                self.add_error(nom, "Écrivez le texte ajusté, ou choisissez de ne pas retenir cette partie.")
            elif changement.conflit and ecrit == (changement.publiee or ""):
                self.add_error(nom, "C’est le texte publié : choisissez de le garder, ou écrivez-en un autre.")

    def _a_trancher(self) -> list[tuple[str, RangeeATrancher]]:
        """Return the rows to settle of the units retained."""
        retenues = self._retenues(self.cleaned_data)
        return [(cle, rangee) for cle, rangees in self.rangees.items() if cle in retenues for rangee in rangees]

    def _rangees_tranchees(self) -> bool:
        """Tell of each row that nobody settled, and of each line written wrong."""
        for _, rangee in self._a_trancher():
            choix = self.cleaned_data.get(rangee.nom)
            if not choix and rangee.nom not in self.errors:
                self.add_error(rangee.nom, "Choisissez ce qui reste de cette ligne.")
            elif choix == ECRIRE and not rangee.ligne.is_valid():
                self.add_error(rangee.nom, "La ligne que vous écrivez est à corriger.")
        return not any(rangee.nom in self.errors for _, rangee in self._a_trancher())

    def _verifier_rangees(self) -> None:
        """Validate the lists as they would be published; a fault is told beside its row, or else beside its list."""
        fusion = self.examen.reunir(self.retenues, self.choix)
        formulaire = FORMULAIRES[self.examen.proposition.nature].de_contenu(fusion.contenu)
        formulaire.is_valid()
        for cle in {cle for cle, _ in self._a_trancher()}:
            par_numero = {rangee.rangee.numero: rangee for rangee in self.rangees[cle]}
            for ligne, numero in zip(formulaire.jeux[cle].forms, fusion.rangs[cle], strict=False):
                for champ, fautes in ligne.errors.items():
                    rangee = par_numero.get(numero)
                    for faute in fautes:
                        nom = rangee.nom if rangee else f"verdict-{cle}"
                        self.add_error(nom, f"{ligne.fields[champ].label} : {faute}")

    def _retenues(self, lues: dict[str, Any]) -> set[str]:
        return {c.cle for c in self.examen.changements if lues.get(f"verdict-{c.cle}") not in (NON, "", None)}

    @property
    def retenues(self) -> set[str] | None:
        """The units retained; None when all of them are."""
        retenues = self._retenues(self.cleaned_data)
        return None if len(retenues) == len(self.examen.changements) else retenues

    @property
    def ajustements(self) -> dict[str, Any]:
        """The values that are not those of the merge."""
        ajustees: dict[str, Any] = {}
        for changement in self.examen.changements:
            verdict = self.cleaned_data[f"verdict-{changement.cle}"]
            if verdict == AJUSTER and changement.ajustable:
                texte = self.cleaned_data[f"texte-{changement.cle}"].strip()
                if changement.conflit or texte != (changement.resultat or ""):
                    ajustees[changement.cle] = texte
            elif changement.desaccord and verdict != NON:
                ajustees[changement.cle] = changement.resultat if verdict == REUNIR else changement.proposee
        return ajustees

    @property
    def choix(self) -> dict[str, dict[str, Tranche]]:
        """What stays of the rows in conflict, by unit."""
        choix: dict[str, dict[str, Tranche]] = {}
        for cle, rangee in self._a_trancher():
            choisi = self.cleaned_data[rangee.nom]
            tranche = (rangee.ligne.contenu(),) if choisi == ECRIRE else TRANCHES[choisi]
            choix.setdefault(cle, {})[rangee.rangee.numero] = tranche
        return choix

    @property
    def arguments(self) -> dict[str, Any]:
        """What was decided, as the verb wants it."""
        lues = self.cleaned_data
        commun = {"depot": entier(self.data.get("depot")), "explication": lues["message"]}
        if self.verbe == "demander_corrections":
            return {**commun, "remarques": self.remarques}
        if self.verbe == "ecarter":
            return {**commun, "motif": lues["motif"]}
        return {
            **commun,
            "motif": lues["motif"],
            "sur": entier(self.data.get("sur")),
            "retenues": self.retenues,
            "ajustements": self.ajustements,
            "choix": self.choix,
        }

    @property
    def remarques(self) -> dict[str, str]:
        return {c.cle: self.cleaned_data[f"remarque-{c.cle}"] for c in self.examen.changements}


def _verdicts(changement: Changement) -> list[tuple[str, str]]:
    """Return what may be decided of a unit, what keeps most work first."""
    if changement.desaccord:
        reunir = [(REUNIR, "Réunir les deux")] if changement.desaccord.reunion else []
        ecrire = [(AJUSTER, "Écrire autrement")] if changement.ajustable else []
        return [*reunir, (NON, "Garder ce qui est publié"), (OUI, DEFAIRE), *ecrire]
    if changement.rangees:
        return [(AJUSTER, "Retenir ce résultat"), (NON, "Ne pas retenir")]
    ajuster = [(AJUSTER, "Retenir en ajustant")] if changement.ajustable else []
    return [(OUI, "Retenir"), *ajuster, (NON, "Ne pas retenir")]


class Corrections(FormulaireGeste):
    """A message to the author, about the text that was looked at: all that /admin/ asks."""

    explication = ChampTexte(
        label="Message à l’auteur", required=True, max_length=MESSAGE_MAX, widget=forms.Textarea(attrs={"rows": 4})
    )
    depot = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31)

    def __init__(self, data=None, *, objet: Proposition, **kwargs):
        super().__init__(data, objet=objet, initial={"depot": objet.depot and objet.depot.numero}, **kwargs)


class Reexamen(FormulaireGeste):
    explication = ChampTexte(
        label="Pourquoi rouvrir",
        help_text="Envoyé à l’auteur.",
        required=True,
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Refus(Corrections):
    motif = forms.ChoiceField(label="Motif", choices=CHOIX_MOTIF)
    field_order = ("motif", "explication")
