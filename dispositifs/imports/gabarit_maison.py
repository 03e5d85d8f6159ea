"""Local schemes from our own CSV template: there is no open national list of CLS, CLSM, ASV or contrats de ville.

Source: whoever fills the template (docs/import-dispositifs-locaux.md); each line cites its own. Repeatable: a scheme is
recognised by its kind, its carrier and its generation. Never deletes. One wrong line and nothing changes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from dispositifs.age import Constat
from dispositifs.forms import FormulaireDispositifLocal
from dispositifs.models import Dispositif, DispositifLocal
from fiches import edition
from francais.dates import DatePartielle
from territoires.imports.lecture import Ligne, lignes, pieces
from territoires.imports.releve import FichierRefuse

REQUISES = dict.fromkeys(("type", "nom", "statut", "porteur_nom", "territoires", "date_verification"), ())
FACULTATIVES = dict.fromkeys(
    ("generation", "date_signature", "date_debut", "date_fin", "porteur_siren", "echelle", "url_source"), ()
)
CONSTATS = {slugify(constat.label): constat.value for constat in Constat}
# What the template says of a scheme; the rest of its fiche (texts, figures…) is left as it is.
CHAMPS = ("titre", "porteur", "constats", "debut", "fin", "generation", "territoires")


@dataclass
class Changement:
    """What a line would do: create a fiche, change fields of one, or nothing."""

    repere: str
    fiche: DispositifLocal
    contenu: dict[str, Any]
    champs: list[str] = field(default_factory=list)

    @property
    def nouveau(self) -> bool:
        return self.fiche.pk is None

    def __str__(self) -> str:
        if self.nouveau:
            return f"{self.repere} : nouvelle fiche « {self.contenu['titre']} »"
        return f"{self.repere} : « {self.fiche.titre} », {', '.join(self.champs)}"


def lire(chemin: Path) -> list[Changement]:
    """Return what the file would change, line by line. Raise FichierRefuse with every error of the file."""
    connus = {cle.lower(): d for d in Dispositif.objects.visibles_pour() for cle in (d.slug, d.sigle) if cle}
    erreurs: list[str] = []
    changements: list[Changement] = []
    slugs: dict[str, str] = {}
    for piece in pieces([chemin], re.compile(r"\.csv$")):
        for ligne in lignes(piece, REQUISES, FACULTATIVES):
            try:
                changement = _lire_ligne(ligne, connus)
            except ValidationError as erreur:
                erreurs += [f"{ligne.repere} : {message}" for message in erreur.messages]
                continue
            if deja := slugs.get(changement.fiche.slug):
                erreurs.append(f"{ligne.repere} : même dispositif, porteur et génération que {deja}.")
            slugs[changement.fiche.slug] = ligne.repere
            changements.append(changement)
    if erreurs:
        raise FichierRefuse(erreurs)
    return [changement for changement in changements if changement.nouveau or changement.champs]


@transaction.atomic
def appliquer(changements: Iterable[Changement], nom_du_fichier: str) -> None:
    for changement in changements:
        motif = f"Import de {nom_du_fichier}, {changement.repere}."
        edition.publier(changement.fiche, changement.contenu, motif=motif)


def _lire_ligne(ligne: Ligne, connus: dict[str, Dispositif]) -> Changement:
    dispositif = connus.get(ligne["type"].lower())
    if dispositif is None:
        raise ValidationError(f"type inconnu, « {ligne['type']} ».")
    if not ligne["porteur_nom"]:
        raise ValidationError("le porteur manque : il sert à reconnaître le dispositif.")
    constat = CONSTATS.get(slugify(ligne["statut"]))
    if constat is None:
        raise ValidationError(f"statut inconnu, « {ligne['statut']} » (actif, signé, adopté, en projet, terminé).")
    lu: dict[str, Any] = {
        "titre": ligne["nom"],
        "porteur": ligne["porteur_nom"],
        "debut": _date(ligne, "date_debut"),
        "fin": _date(ligne, "date_fin"),
        "generation": ligne["generation"] or None,
        "territoires": [designation.strip() for designation in ligne["territoires"].split("|") if designation.strip()],
    }
    fiche = _retrouver(dispositif, lu)
    base = _base(fiche, dispositif, ligne)
    lu["constats"] = _constats(ligne, constat, base)
    contenu = FormulaireDispositifLocal.valider({**base, **{cle: v for cle, v in lu.items() if v}})
    return Changement(
        ligne.repere, fiche, contenu, [champ for champ in CHAMPS if contenu[champ] != fiche.contenu.get(champ)]
    )


def _date(ligne: Ligne, colonne: str) -> DatePartielle:
    """Return the date of a column, as precise as it is written; empty when it is."""
    texte = ligne[colonne]
    if not texte:
        return DatePartielle()
    try:
        return DatePartielle.lire(texte)
    except ValueError as erreur:
        raise ValidationError(f"{colonne} illisible, « {texte} » (31/01/2026, 01/2026 ou 2026).") from erreur


def _constats(ligne: Ligne, constat: str, base: dict[str, Any]) -> list[dict[str, str]]:
    """Return the statements of the fiche with those of the line that it has not."""
    signe_le = _date(ligne, "date_signature")
    dits = [{"etat": Constat.SIGNE.value, "le": signe_le}] if signe_le else []
    dits.append({"etat": constat, "le": _date(ligne, "date_verification")})
    connus = list(base.get("constats") or [])
    deja = {(connu["etat"], connu["le"]) for connu in connus}
    return connus + [{**dit, "source": ""} for dit in dits if (dit["etat"], dit["le"]) not in deja]


def _retrouver(dispositif: Dispositif, lu: dict[str, Any]) -> DispositifLocal:
    """Return the scheme of this kind, carrier and generation; a new one, unsaved, when the base has none."""
    brute = str(lu["generation"] or "")
    generation = int(brute) if brute.isdecimal() and len(brute) <= 3 else None  # the form says what is wrong with it
    slug = slugify(f"{dispositif.slug} {lu['porteur']} {generation if (generation or 1) > 1 else ''}")[:120]
    connus = DispositifLocal.objects.filter(dispositif=dispositif)
    connu = connus.filter(porteur__iexact=lu["porteur"], generation=generation).first()
    return (
        connu
        or connus.filter(slug=slug).first()
        or DispositifLocal(nature=DispositifLocal.NATURE, slug=slug, contenu={})
    )


def _base(fiche: DispositifLocal, dispositif: Dispositif, ligne: Ligne) -> dict[str, Any]:
    """Return the content to start from: that of the fiche with the source of the line added, or a first one."""
    source = {"titre": ligne["nom"], "organisation": ligne["porteur_nom"], "url": ligne["url_source"]}
    source["date"] = _date(ligne, "date_verification")
    if fiche.contenu:
        sources = fiche.contenu["sources"]
        neuve = source["url"] and source["url"] not in [s["url"] for s in sources]
        return {**fiche.contenu, "sources": [*sources, source] if neuve else sources}
    return {
        "dispositif": dispositif.slug,
        "resume": f"{dispositif.titre} porté par {ligne['porteur_nom']}.",
        "sections": {
            "description": f"{ligne['nom']}, [{dispositif.titre.lower()}]({dispositif.get_absolute_url()}).[^1]"
        },
        "sources": [source],
        "themes": dispositif.contenu["themes"],
        "publics": dispositif.contenu["publics"],
    }
