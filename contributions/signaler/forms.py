"""The report form: a category, then one question adapted to it; only the relevant ones are validated."""

from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.boundfield import BoundWidget

from comptes.champs import ChampCourriel
from comptes.reseau import INCONNUS, Reseaux
from contributions import abus, delais
from contributions.models import Dossier
from contributions.signaler.cibles import Cible, citer, designables
from fiches.forms import ChampTexte
from fiches.gabarits import Nature
from fiches.models import Fiche, Version

Categorie = Dossier.Categorie
TEXTE_MAX = 5000
AIDES = {
    Categorie.ERREUR: "Un fait, un nom ou un chiffre inexact.",
    Categorie.OBSOLETE: "Vraie autrefois, plus aujourd’hui.",
    Categorie.DOUBLON: "Une autre fiche dit la même chose.",
    Categorie.DONNEE_PERSONNELLE: "Traitée sous {urgent}.",
    Categorie.ILLICITE: "Traité sous {urgent} ; quelques précisions sont exigées par la loi.",
}
# The fields that belong to some categories only; the others are for all.
PROPRES: dict[str, set[str]] = {
    "source": {Categorie.LIEN_MORT},
    "doublon": {Categorie.DOUBLON},
    "oeuvre": {Categorie.DROITS},
    "titulaire": {Categorie.DROITS},
    "qualite": {Categorie.DROITS},
    "ou": {Categorie.DROITS},
    "loi": {Categorie.ILLICITE},
    "mineurs": {Categorie.ILLICITE},
    "nom": {Categorie.ILLICITE},
    "bonne_foi": {Categorie.ILLICITE},
    "credit": {*Categorie} - {Categorie.ILLICITE, Categorie.DONNEE_PERSONNELLE},
}
QUALITES = [
    ("", "Choisissez"),
    ("titulaire des droits", "le ou la titulaire de ces droits"),
    ("mandatée par le titulaire", "mandatée par le ou la titulaire"),
    ("sans lien avec le titulaire", "sans lien avec le ou la titulaire"),
]


def _texte(label: str, aide: str = "", *, lignes: bool = False, max_length: int = 300, **attrs: str) -> ChampTexte:
    widget = forms.Textarea(attrs={"rows": 5}) if lignes else forms.TextInput(attrs=attrs)
    return ChampTexte(label=label, help_text=aide, max_length=max_length, widget=widget)


class FormulaireSignalement(abus.FormulaireGarde):
    SEL: ClassVar = "contributions.version"

    cible = forms.ChoiceField(label="Où, dans la fiche", required=False)
    categorie = forms.ChoiceField(
        label="Quel est le problème ?",
        choices=Categorie.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce qui décrit le mieux le problème."},
    )
    source = forms.ChoiceField(label="Quel lien ne répond plus ?", required=False)
    doublon = _texte("Quelle autre fiche dit la même chose ?", "Son adresse sur ce site, ou son titre.")
    oeuvre = _texte(
        "Quelle œuvre est reprise ?", "Son titre, et ce qui en est repris.", lignes=True, max_length=TEXTE_MAX
    )
    ou = _texte("Où voir l’original ?", "Une adresse, ou de quoi retrouver le document.")
    titulaire = _texte("Qui en détient les droits ?", max_length=200)
    qualite = forms.ChoiceField(label="Vous êtes une personne", choices=QUALITES, required=False)
    loi = _texte(
        "En quoi ce contenu est-il illicite ?",
        "Expliquez ce que la loi interdit ici, et pourquoi.",
        lignes=True,
        max_length=TEXTE_MAX,
    )
    mineurs = forms.BooleanField(
        label="Il s’agit d’une infraction sexuelle contre des mineurs : mon nom et mon adresse sont alors facultatifs.",
        required=False,
    )
    nom = _texte(
        "Votre nom",
        "Exigé par la loi, comme votre adresse ci-dessous ; jamais publié, effacé six mois après la clôture.",
        max_length=100,
        autocomplete="name",
    )
    bonne_foi = forms.BooleanField(
        label="Je déclare de bonne foi que ces informations sont exactes et complètes.", required=False
    )
    texte = _texte(
        "Qu’est-ce qui ne va pas ?",
        "Si possible, dites ce qui le montre : document, année, page. N’écrivez rien sur la santé d’une personne.",
        lignes=True,
        max_length=TEXTE_MAX,
    )
    courriel = ChampCourriel(
        label="Adresse électronique",
        help_text="Pour recevoir la réponse. Jamais affichée, effacée six mois après la clôture.",
        required=False,
        max_length=254,
    )
    credit = _texte(
        "Nom à créditer",
        "Si la fiche est corrigée grâce à vous, ce nom y figurera. Rien d’écrit : personne n’est nommé.",
        max_length=100,
        autocomplete="name",
    )

    def __init__(self, data=None, *, fiche: Fiche, lue: Version, personne=None, reseaux: Reseaux = INCONNUS, **kwargs):
        super().__init__(data, **kwargs)
        self.fiche, self.lue, self.personne, self.reseaux = fiche, lue, personne, reseaux
        self.cibles: dict[str, Cible] = {c.cle: c for c in designables(fiche.nature, lue.contenu)}
        groupes: dict[str, list[tuple[str, str]]] = {}
        for cible in self.cibles.values():
            groupes.setdefault(cible.groupe, []).append((cible.cle, cible.titre))
        self.fields["cible"].choices = [("", "Toute la fiche"), *groupes.items()]  # type: ignore[attr-defined]
        self.liens = {
            f"source-{n}": citer(source) for n, source in enumerate(lue.contenu["sources"], 1) if source.get("url")
        }
        choix = [("", "Un autre lien, dans le texte")]
        choix += [(cle, self.cibles[cle].titre) for cle in self.liens]
        self.fields["source"].choices = choix  # type: ignore[attr-defined]
        if personne:
            del self.fields["courriel"]

    # The version read: hidden, signed, so that what is reported is what was on the screen.

    @classmethod
    def signer(cls, version: Version) -> str:
        return signing.Signer(salt=cls.SEL).sign_object([version.fiche_id, version.numero])

    @classmethod
    def version_lue(cls, fiche: Fiche, signee: str) -> int | None:
        """Return the number of the version of this fiche that was signed; None if it was not."""
        try:
            pk, numero = signing.Signer(salt=cls.SEL).unsign_object(signee)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return numero if pk == fiche.pk else None

    @property
    def categories(self) -> list[tuple[BoundWidget, str]]:
        urgent = delais.promis(urgente=True)
        aides = [AIDES.get(valeur, "").format(urgent=urgent) for valeur in Categorie]
        return list(zip(self["categorie"], aides, strict=True))

    @property
    def cible_visee(self) -> Cible | None:
        return self.cibles.get(str(self["cible"].value() or ""))

    def clean(self) -> dict[str, Any]:
        propre = super().clean() or {}
        categorie = propre.get("categorie")
        for champ, categories in PROPRES.items():
            if categorie and categorie not in categories:
                self.errors.pop(champ, None)  # nobody asked this question
                propre[champ] = ""
        if categorie:
            exigences = {
                Categorie.LIEN_MORT: self._exiger_un_lien,
                Categorie.DOUBLON: self._exiger_une_autre_fiche,
                Categorie.DROITS: self._exiger_de_quoi_juger_des_droits,
                Categorie.ILLICITE: self._exiger_ce_que_veut_la_loi,
            }
            exigences.get(categorie, self._exiger_une_explication)(propre)
        textes = [str(valeur) for cle, valeur in propre.items() if cle not in ("ouvert", "site_web")]
        if not self.errors:
            abus.verifier_liens(textes, connu=bool(self.personne))
            abus.verifier_quota(courriel=propre.get("courriel", ""), reseaux=self.reseaux, auteur=self.personne)
        return propre

    def _exiger(self, propre: dict[str, Any], **messages: str) -> None:
        for champ, message in messages.items():
            if not propre.get(champ) and champ not in self.errors and champ in self.fields:
                self.add_error(champ, ValidationError(message, code="required"))

    def _exiger_une_explication(self, propre: dict[str, Any]) -> None:
        self._exiger(propre, texte="Expliquez en une phrase ce qui ne va pas.")

    def _exiger_un_lien(self, propre: dict[str, Any]) -> None:
        if not propre.get("source"):
            self._exiger(propre, texte="Choisissez le lien ci-dessus, ou recopiez-le ici.")

    def _exiger_une_autre_fiche(self, propre: dict[str, Any]) -> None:
        self._exiger(propre, doublon="Indiquez l’adresse ou le titre de l’autre fiche.")
        if propre.get("doublon"):
            trouvees = list(fiches_designees(propre["doublon"]).exclude(pk=self.fiche.pk)[:4])
            if len(trouvees) == 1:
                propre["doublon_de"] = trouvees[0]
            elif trouvees:
                titres = " ; ".join(f"« {fiche.titre} »" for fiche in trouvees[:3])
                self.add_error("doublon", f"Plusieurs fiches répondent : {titres}. Collez l’adresse de la bonne.")
            else:
                self.add_error("doublon", "Aucune autre fiche publiée n’a cette adresse ni ce titre.")

    def _exiger_de_quoi_juger_des_droits(self, propre: dict[str, Any]) -> None:
        self._exiger(
            propre,
            oeuvre="Indiquez l’œuvre reprise.",
            ou="Dites où voir l’original.",
            titulaire="Indiquez qui en détient les droits.",
            qualite="Dites à quel titre vous écrivez.",
        )

    def _exiger_ce_que_veut_la_loi(self, propre: dict[str, Any]) -> None:
        self._exiger(
            propre,
            loi="Expliquez en quoi ce contenu est illicite : la loi demande une raison.",
            bonne_foi="Cochez cette déclaration : la loi la demande.",
        )
        if not propre.get("mineurs"):
            self._exiger(
                propre,
                nom="Indiquez votre nom : la loi le demande. Il n’est jamais publié.",
                courriel="Indiquez votre adresse : la loi la demande. Elle n’est jamais affichée.",
            )

    def champs(self) -> dict[str, Any]:
        """Return what `signalements.signaler` receives, from a valid form."""
        propre = self.cleaned_data
        categorie = propre["categorie"]
        cle = propre["source"] or propre["cible"]  # reports of one dead link make one case
        cible = self.cibles.get(cle)
        textes = {nom: propre[nom] for nom in ("oeuvre", "titulaire", "qualite", "ou", "nom") if propre[nom]}
        precisions: dict[str, Any] = dict(textes)
        if propre["source"]:
            precisions["lien"] = self.liens[propre["source"]]
        if autre := propre.get("doublon_de"):
            precisions |= {"doublon": f"{autre.titre} ({autre.get_absolute_url()})", "doublon_de": autre.pk}
        if categorie == Categorie.ILLICITE:
            ancre = f"#{cible.ancre}" if cible else ""
            precisions["adresse"] = f"{settings.SITE_URL}{self.fiche.get_absolute_url()}{ancre}"
        if propre["mineurs"]:
            precisions["mineurs"] = "oui"
        champs = {
            "categorie": categorie,
            "cible": cle,
            "texte": "\n\n".join(texte for texte in (propre["loi"], propre["texte"]) if texte),
            "passage": cible.passage if cible else "",
            "precisions": precisions,
            "nom": propre["credit"],
            "courriel": propre.get("courriel", ""),
            "bonne_foi": bool(propre["bonne_foi"]),
        }
        envoi = sha256(repr((propre["ouvert"], sorted(champs.items()))).encode()).hexdigest()
        version = self.fiche.versions.get(numero=self.lue.numero)
        origine = {"reseau": self.reseaux.proche, "voisins": self.reseaux.large}
        return {**champs, "version": version, "auteur": self.personne, **origine, "envoi": envoi}


def fiches_designees(texte: str) -> QuerySet[Fiche]:
    """Return the published fiches that this address designates, or those that bear this title."""
    visibles = Fiche.objects.visibles_pour()
    try:
        segments = [segment for segment in urlsplit(texte.strip()).path.split("/") if segment]
    except ValueError:  # a bracket that looks like an IPv6 address
        segments = []
    for nature in Nature:
        if nature.chemin in segments[:-1]:
            slug = segments[segments.index(nature.chemin) + 1]
            return visibles.filter(nature=nature, slug=slug)
    exactes = visibles.filter(titre__iexact=texte.strip())
    return exactes if exactes.exists() else visibles.filter(titre__icontains=texte.strip())
