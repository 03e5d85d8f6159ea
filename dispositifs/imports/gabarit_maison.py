"""Local schemes from our own CSV template: there is no open national list of CLS, CLSM, ASV or contrats de ville.

Source: whoever fills the template (docs/import-dispositifs-locaux.md); each line cites its own. Repeatable: a scheme is
recognised by its kind and its carrier, and a renewal is its next generation. Never deletes. One wrong line and nothing
changes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from dispositifs.age import Constat
from dispositifs.forms import FormulaireDispositifLocal
from dispositifs.models import Dispositif, DispositifLocal
from fiches import edition
from fiches.sources import cle_libre, cles
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
    dites: dict[int, str] = field(default_factory=dict)  # by generation, the line that says it

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
    lus: dict[str, Changement] = {}  # by scheme; a later line of the file is its next generation, or a former one
    for piece in pieces([chemin], re.compile(r"\.csv$")):
        for ligne in lignes(piece, REQUISES, FACULTATIVES):
            try:
                changement = _lire_ligne(ligne, connus, lus)
            except ValidationError as erreur:
                erreurs += [f"{ligne.repere} : {message}" for message in erreur.messages]
                continue
            lus[changement.fiche.slug] = changement
    if erreurs:
        raise FichierRefuse(erreurs)
    return [changement for changement in lus.values() if changement.nouveau or changement.champs]


@transaction.atomic
def appliquer(changements: Iterable[Changement], nom_du_fichier: str) -> None:
    for changement in changements:
        motif = f"Import de {nom_du_fichier}, {changement.repere}."
        edition.publier(changement.fiche, changement.contenu, motif=motif)


def _lire_ligne(ligne: Ligne, connus: dict[str, Dispositif], lus: dict[str, Changement]) -> Changement:
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
    fiche = _retrouver(dispositif, ligne["porteur_nom"])
    deja = lus.get(fiche.slug)
    dites = deja.dites if deja else {}
    if autre := dites.get(numero(lu["generation"])):
        raise ValidationError(f"même dispositif, porteur et génération que {autre}.")
    base, source = _base(deja.contenu if deja else fiche.contenu, dispositif, ligne)
    lu["constats"] = _constats(ligne, constat, base, source)
    contenu = FormulaireDispositifLocal.valider(succeder(base, {cle: v for cle, v in lu.items() if v}, source))
    champs = [champ for champ in CHAMPS if contenu[champ] != fiche.contenu.get(champ)]
    dites = {**dites, numero(lu["generation"]): ligne.repere}
    return Changement(ligne.repere, deja.fiche if deja else fiche, contenu, champs, dites)


def numero(generation: Any) -> int:
    """Return the number of a generation: the first when it is not said, or not well (the form tells what is wrong)."""
    brute = str(generation or "")
    return int(brute) if brute.isdecimal() and len(brute) <= 3 else 1


def succeder(base: dict[str, Any], lu: dict[str, Any], source: str) -> dict[str, Any]:
    """Return the content with what the line says: of the present generation, of the next, or of a former one."""
    ici, la = numero(base.get("generation")), numero(lu.get("generation"))
    avant = [une for une in base.get("anterieures") or [] if une["numero"] != min(ici, la)]
    if "constats" not in base or ici == la:
        return {**base, **lu}
    if la > ici:
        finie = {"numero": ici, "debut": base["debut"], "fin": base["fin"], "source": ""}
        return {**base, "debut": "", "fin": "", **lu, "anterieures": [*avant, finie]}
    ancienne = {"numero": la, "debut": lu.get("debut", ""), "fin": lu.get("fin", ""), "source": source}
    ordre = sorted([*avant, ancienne], key=lambda une: une["numero"])
    return {**base, "constats": lu["constats"], "anterieures": ordre}


def _date(ligne: Ligne, colonne: str) -> DatePartielle:
    """Return the date of a column, as precise as it is written; empty when it is."""
    texte = ligne[colonne]
    if not texte:
        return DatePartielle()
    try:
        return DatePartielle.lire(texte)
    except ValueError as erreur:
        raise ValidationError(f"{colonne} illisible, « {texte} » (31/01/2026, 01/2026 ou 2026).") from erreur


def _constats(ligne: Ligne, constat: str, base: dict[str, Any], source: str) -> list[dict[str, str]]:
    """Return the statements of the fiche with those of the line that it has not."""
    signe_le = _date(ligne, "date_signature")
    dits = [{"etat": Constat.SIGNE.value, "le": signe_le}] if signe_le else []
    dits.append({"etat": constat, "le": _date(ligne, "date_verification")})
    connus = list(base.get("constats") or [])
    deja = {(connu["etat"], connu["le"]) for connu in connus}
    return connus + [{**dit, "source": source} for dit in dits if (dit["etat"], dit["le"]) not in deja]


def _retrouver(dispositif: Dispositif, porteur: str) -> DispositifLocal:
    """Return the scheme of this kind and carrier, its last generation; a new one, unsaved, when the base has none."""
    slug = slugify(f"{dispositif.slug} {porteur}")[:120]
    connus = DispositifLocal.objects.filter(dispositif=dispositif)
    connu = connus.filter(porteur__iexact=porteur).order_by(F("generation").desc(nulls_last=True), "pk").first()
    return (
        connu
        or connus.filter(slug=slug).first()
        or DispositifLocal(nature=DispositifLocal.NATURE, slug=slug, contenu={})
    )


def _base(contenu: dict[str, Any], dispositif: Dispositif, ligne: Ligne) -> tuple[dict[str, Any], str]:
    """Return the content to start from, with the source of the line, and the key of that source ("" without one)."""
    source = {"titre": ligne["nom"], "organisation": ligne["porteur_nom"], "url": ligne["url_source"]}
    source["date"] = _date(ligne, "date_verification")
    if contenu:
        sources = contenu["sources"]
        connue = next((s["cle"] for s in sources if source["url"] and s["url"] == source["url"]), "")
        if connue or not source["url"]:
            return contenu, connue
        source["cle"] = cle_libre(cles(contenu))
        return {**contenu, "sources": [*sources, source]}, source["cle"]
    debut = {
        "dispositif": dispositif.slug,
        "resume": f"{dispositif.titre} porté par {ligne['porteur_nom']}.",
        "sections": {
            "description": f"{ligne['nom']}, [{dispositif.titre.lower()}]({dispositif.get_absolute_url()}).[^1]"
        },
        "sources": [{**source, "cle": "1"}],
        "themes": dispositif.contenu["themes"],
        "publics": dispositif.contenu["publics"],
    }
    return debut, "1"
