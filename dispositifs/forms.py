"""Forms of dispositifs, of local instances and of the rules of « Choisir »."""

from typing import Any

from django import forms
from django.utils import timezone

from dispositifs.age import Constat
from dispositifs.models import (
    POIDS_MAX,
    REPONSES,
    Articulation,
    Dispositif,
    DispositifLocal,
    Mission,
    MissionAssuree,
    Regle,
)
from fiches.dates import ChampDatePartielle, dans_le_desordre
from fiches.forms import ChampEntier, ChampListe, ChampSource, ChampTexte, FormulaireFiche, Ligne, formulaire_de
from fiches.gabarits import Nature
from francais.dates import DatePartielle


class LigneMission(Ligne):
    mission = forms.ModelChoiceField(Mission.objects.all(), label="Mission", to_field_name="slug")
    statut = forms.ChoiceField(label="Statut", choices=MissionAssuree.Statut.choices)
    nuance = ChampTexte(label="Nuance", max_length=400)
    source = ChampSource()


class LigneArticulation(Ligne):
    type = forms.ChoiceField(label="Lien", choices=Articulation.Type.choices)
    vers = forms.ModelChoiceField(Dispositif.objects.nommees(), label="Autre dispositif", to_field_name="slug")
    precision = ChampTexte(label="Précision")
    source = ChampSource()


@formulaire_de(Nature.DISPOSITIF)
class FormulaireDispositif(FormulaireFiche):
    modele = Dispositif
    lignes = {**FormulaireFiche.lignes, "missions": LigneMission, "articulations": LigneArticulation}

    sigle = ChampTexte(label="Sigle", max_length=20)
    autres_noms = ChampListe(label="Autres noms", required=False, help_text="Un par ligne.")
    categorie = forms.ChoiceField(label="Catégorie", choices=Dispositif.Categorie.choices)
    echelle = ChampTexte(label="Échelle", max_length=200)
    territoire_cible = ChampTexte(label="Territoire visé", max_length=200)
    porteur_type = ChampTexte(label="Porteur habituel", max_length=200)
    cadre_legal = ChampTexte(label="Cadre légal")
    duree_habituelle = ChampTexte(
        label="Durée habituelle", max_length=200, help_text="En quelques mots\u00a0: «\u00a0de trois à cinq ans\u00a0»."
    )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        for nom, cles in (("missions", ("mission",)), ("articulations", ("type", "vers"))):
            vues = set()
            for ligne in self.jeux[nom].forms:
                cle = tuple(ligne.cleaned_data.get(champ) for champ in cles) if ligne.is_valid() else None
                if cle and cle in vues:
                    ligne.add_error(cles[0], "Cette ligne en répète une autre.")
                vues.add(cle)
        return donnees


class LigneConstat(Ligne):
    etat = forms.ChoiceField(label="Ce qu’elle dit", choices=Constat.choices)
    le = ChampDatePartielle(label="Quand")
    source = ChampSource(required=False)

    def clean_le(self) -> DatePartielle:
        le = self.cleaned_data["le"]
        if le.premier_jour > timezone.localdate():
            raise forms.ValidationError("Cette date est à venir\u00a0: un constat dit ce qui est, ou ce qui était.")
        return le


class LigneGeneration(Ligne):
    numero = ChampEntier(label="Numéro", min_value=1, max_value=20)
    debut = ChampDatePartielle(label="Début", required=False)
    fin = ChampDatePartielle(label="Fin", required=False)
    source = ChampSource(required=False)


@formulaire_de(Nature.LOCAL)
class FormulaireDispositifLocal(FormulaireFiche):
    modele = DispositifLocal
    lignes = {**FormulaireFiche.lignes, "constats": LigneConstat, "anterieures": LigneGeneration}

    dispositif = forms.ModelChoiceField(
        Dispositif.objects.nommees(), label="Dispositif", to_field_name="slug", required=False
    )
    porteur = ChampTexte(label="Porteur", max_length=200)
    debut = ChampDatePartielle(label="Début", required=False)
    fin = ChampDatePartielle(label="Fin", required=False)
    generation = ChampEntier(label="Génération", required=False, min_value=1, max_value=20)
    nombre = ChampEntier(label="Nombre de postes ou d’équipes décrits", required=False, min_value=1, max_value=500)

    perimetre_incertain = forms.BooleanField(label="Périmètre incertain", required=False)

    def clean_nombre(self) -> int:
        return self.cleaned_data["nombre"] or 1

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        if dans_le_desordre(donnees.get("debut"), donnees.get("fin")):
            self.add_error("fin", "La fin précède le début.")
        fin = donnees.get("fin")
        if any(dans_le_desordre(signe_le, fin) for signe_le in self._signatures()):
            self.add_error(
                "fin", "La fin précède une signature : renouvelé, le contrat change de génération et de fin."
            )
        if not donnees.get("territoires"):
            self.add_error("territoires", "Indiquez au moins un territoire.")
        if not self.jeux["constats"].forms:
            self.add_error(
                None, forms.ValidationError("Donnez au moins un constat, avec sa date.", code="sans_constats")
            )
        for ligne in self.jeux["anterieures"].forms:
            if ligne.is_valid() and dans_le_desordre(ligne.cleaned_data["debut"], ligne.cleaned_data["fin"]):
                ligne.add_error("fin", "La fin précède le début.")
        return donnees

    def _signatures(self) -> list[DatePartielle]:
        lues = [ligne.cleaned_data for ligne in self.jeux["constats"].forms if ligne.is_valid()]
        return [lue["le"] for lue in lues if lue["etat"] == Constat.SIGNE]


class FormulaireRegle(forms.ModelForm):
    """A rule of « Choisir », whoever writes it: what a person writes is no more kept in step with the content files."""

    dispositif = forms.ModelChoiceField(Dispositif.objects.nommees(), label="Dispositif", to_field_name="slug")
    reponse = forms.ChoiceField(
        label="Réponse", choices=list(dict.fromkeys((cle, nom) for r in REPONSES.values() for cle, nom in r.items()))
    )
    url = forms.URLField(label="Adresse de la source", required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Regle
        fields = ["dispositif", "question", "reponse", "poids", "exclut", "explication", "source", "url", "actif"]

    def __init__(self, *args, du_chargement: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.du_chargement = du_chargement

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        question, reponse = donnees.get("question"), donnees.get("reponse")
        if question and reponse and reponse not in REPONSES[question]:
            self.add_error("reponse", f"« {reponse} » ne répond pas à cette question.")
        if "poids" in donnees and bool(donnees["poids"]) == bool(donnees.get("exclut")):
            self.add_error("poids", "Une règle pèse de 1 à 3, ou bien elle écarte.")
        elif (donnees.get("poids") or 0) > POIDS_MAX:
            self.add_error("poids", f"Le poids va de 1 à {POIDS_MAX}.")
        return donnees
