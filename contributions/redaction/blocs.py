"""Blocks of the form of a fiche, as its page shows them: one for names and properties, one a section, one a list."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField

from contributions.models import Message, Proposition
from contributions.redaction.saisie import Saisie
from dispositifs.models import Dispositif
from fiches.forms import FormulaireFiche, Relisible
from fiches.gabarits import GABARITS, PREFIXE
from fiches.unites import unites
from territoires.models import Territoire

IDENTITE = "identite"
AIDES_LIGNES = {
    "sources": "Un texte appelle une source par sa clé, écrite près d’elle : [^1], [^rdv22]… La page les numérote.",
    "chiffres": "Chaque chiffre a son unité, son année et la clé de sa source.",
    "missions": "Ce qu’une source dit de chaque mission. Ce qu’elle ne dit pas reste « non précisé ».",
    "articulations": "Les liens avec d’autres dispositifs, chacun avec la clé de sa source.",
    "constats": "Ce qu’une source en dit, et quand\u00a0: actif, signé, terminé… L’état d’aujourd’hui s’en déduit.",
    "anterieures": "Renouvelé, un contrat garde sa fiche\u00a0: ses générations d’avant, la plus ancienne d’abord.",
}
SINGULIERS = {
    "sources": "Source",
    "chiffres": "Chiffre",
    "missions": "Mission",
    "articulations": "Articulation",
    "constats": "Constat",
    "anterieures": "Génération",
}
SANS_LIGNE = {"sans_source": "bloc-sources", "sans_constats": "bloc-constats"}  # by error, where a line is missing


@dataclass
class Bloc:
    """A <details> of the form."""

    cle: str
    titre: str
    unites: list[str]
    aide: str = ""
    champs: list[BoundField] = field(default_factory=list)
    jeu: forms.BaseFormSet | None = None
    demande: bool = False  # by the address
    ouvert: bool = False
    modifie: bool = False
    vide: bool = False
    en_cours: int = 0
    mienne: Proposition | None = None  # what the same person handed in there, and that waits
    remarques: list[Message] = field(default_factory=list)

    @property
    def ancre(self) -> str:
        return f"bloc-{self.cle.removeprefix(PREFIXE).replace('_', '-')}"

    @property
    def article(self) -> str:
        return "un" if self.cle in ("chiffres", "constats") else "une"

    @property
    def singulier(self) -> str:
        return SINGULIERS.get(self.cle, "")


def en_blocs(
    formulaire: FormulaireFiche,
    *,
    saisie: Saisie,
    depart: Saisie,
    ouverte: str = "",
    en_cours: dict[str, int] | None = None,
    miennes: dict[str, Proposition] | None = None,
    remarques: Iterable[Message] = (),
) -> list[Bloc]:
    """Return the blocks of a form in reading order, the one asked for first, opened where there is something to do."""
    changees = saisie.changees(formulaire.nature, type(formulaire), depart)
    remarques = list(remarques)
    rangees = _ranger(formulaire)
    for bloc in rangees:
        bloc.modifie = bool(changees & set(bloc.unites))
        bloc.vide = not bloc.modifie and not _remplie(bloc, saisie)
        bloc.en_cours = max((en_cours or {}).get(cle, 0) for cle in bloc.unites)
        bloc.mienne = next((miennes[cle] for cle in bloc.unites if miennes and cle in miennes), None)
        bloc.remarques = [message for message in remarques if message.unite in bloc.unites]
        bloc.demande = ouverte in (bloc.cle, *bloc.unites, *(cle.removeprefix(PREFIXE) for cle in bloc.unites))
        bloc.ouvert = bloc.demande or bloc.modifie or bool(bloc.remarques) or _en_faute(bloc)
    return sorted(rangees, key=lambda bloc: not bloc.demande)


def _ranger(formulaire: FormulaireFiche) -> list[Bloc]:
    toutes = unites(formulaire.nature)
    aides = {section.unite: section.aide for section in GABARITS[formulaire.nature]}
    identite = [unite for unite in toutes if unite.genre == "champ"]
    rangees = [
        Bloc(
            IDENTITE,
            "Identité et repères",
            [unite.cle for unite in identite],
            champs=[formulaire[unite.cle] for unite in identite],
        )
    ]
    for unite in toutes:
        if unite.genre == "section":
            aide, champs = aides[unite.cle], [formulaire[unite.cle]]
            rangees.append(Bloc(unite.cle, unite.titre, [unite.cle], aide, champs))
        elif unite.genre == "lignes":
            jeu = formulaire.jeux[unite.cle]
            rangees.append(Bloc(unite.cle, unite.titre, [unite.cle], AIDES_LIGNES[unite.cle], jeu=jeu))
    return rangees


def _remplie(bloc: Bloc, saisie: Saisie) -> bool:
    if bloc.jeu is not None:
        return bool(bloc.jeu.forms)
    return any(saisie.get(cle) for cle in bloc.unites)


def _en_faute(bloc: Bloc) -> bool:
    if bloc.jeu is not None:
        return any(ligne.errors for ligne in bloc.jeu.forms)
    return any(champ.errors for champ in bloc.champs)


def habiller(formulaire: FormulaireFiche) -> FormulaireFiche:
    """Give the fields the look of the page; lists of choices are read once, whatever the number of lines."""
    for cle in ("themes", "publics"):
        champ = formulaire.fields[cle]
        choix = list(champ.choices)  # type: ignore[attr-defined]
        champ.widget = forms.CheckboxSelectMultiple()
        champ.widget.choices = choix
    formulaire.fields["resume"].widget = forms.Textarea(attrs={"rows": 3})
    habiller_lignes([formulaire, *(ligne for jeu in formulaire.jeux.values() for ligne in jeu.forms)])
    return formulaire


def habiller_lignes(porteurs: Iterable[Relisible]) -> None:
    """Give these forms the look of the page, their lists of choices read once."""
    listes: dict[str, list[tuple[Any, Any]]] = {}
    for porteur in porteurs:
        porteur.tout_recevoir()
        for nom, champ in porteur.fields.items():
            if isinstance(champ, forms.ModelChoiceField) and not isinstance(champ, forms.ModelMultipleChoiceField):
                cle = champ.queryset.model.__name__  # type: ignore[union-attr]
                if cle not in listes:
                    listes[cle] = _choix(champ)
                champ.widget.choices = _avec(listes[cle], porteur[nom].value())


def _choix(champ: forms.ModelChoiceField) -> list[tuple[Any, Any]]:
    """Return the choices of a vocabulary; among dispositifs, those that are published."""
    if champ.queryset.model is Dispositif:  # type: ignore[union-attr]
        visibles = Dispositif.objects.visibles_pour().order_by("titre").only("slug", "titre", "sigle")
        return [("", "—"), *((dispositif.slug, dispositif.nom_complet) for dispositif in visibles)]
    return [("", "—"), *((objet.slug, str(objet)) for objet in champ.queryset)]  # type: ignore[union-attr]


def _avec(choix: list[tuple[Any, Any]], valeur: Any) -> list[tuple[Any, Any]]:
    """Return these choices with the present value, even if it is not offered: it must not get lost."""
    return choix if not valeur or any(valeur == cle for cle, _ in choix) else [*choix, (valeur, valeur)]


def erreurs(formulaire: FormulaireFiche, *autres: forms.Form) -> list[tuple[str, str]]:
    """Return every error with the id of the field to go to (empty when it concerns the whole)."""
    trouvees = []
    for nom, fautes in formulaire.errors.as_data().items():
        for faute in fautes:
            message = " ".join(faute.messages)
            if nom == "__all__":
                trouvees.append((SANS_LIGNE.get(faute.code or "", ""), message))
            else:
                trouvees.append((formulaire[nom].auto_id, f"{formulaire[nom].label} : {message}"))
    for cle, jeu in formulaire.jeux.items():
        trouvees += [(f"bloc-{cle}", str(message)) for message in jeu.non_form_errors()]
        for n, ligne in enumerate(jeu.forms, 1):
            for nom, messages in ligne.errors.items():
                ou = f"{SINGULIERS[cle]} {n}, {str(ligne[nom].label).lower()}"
                trouvees += [(ligne[nom].auto_id, f"{ou} : {message}") for message in messages]
    for autre in autres:
        for nom, messages in autre.errors.items():
            ancre = "" if nom in ("__all__", "ouvert") else autre[nom].auto_id
            trouvees += [(ancre, str(message)) for message in messages]
    return trouvees


def territoires_a_cocher(saisie: Saisie, depart: Saisie) -> list[tuple[Territoire, bool]]:
    """Return the territories of the text one started from and those added since, each with whether it is kept."""
    gardes = saisie.getlist("territoires")
    designations = list(dict.fromkeys([*depart.getlist("territoires"), *gardes]))
    connus = {t.designation: t for t in Territoire.objects.designes_par(designations)}
    return [(connus[d], d in gardes) for d in designations if d in connus]
