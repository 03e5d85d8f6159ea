"""Loading the content files of `fixtures/contenu/` (their format: docs/contenu.md).

Repeatable: only what changed becomes a new version. Everything is validated by the forms of the site before anything
is published; one bad file and nothing changes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Levier
from comparaison.accord import accorder
from contenu import empreintes
from contenu.contacts import charger_contacts
from contenu.documents import citer, sources
from contenu.ecrits import charger_regles, charger_synonymes
from contenu.fichiers import ContenuInvalide, lu
from contenu.models import Chargement
from dispositifs.models import Absence, Dispositif, Mission, Regle
from fiches import edition
from fiches.forms import FORMULAIRES
from fiches.gabarits import Nature
from fiches.models import Edition, Fiche, Organisme, Public, Repere, Sigle, Theme, Version
from fiches.unites import changements
from francais.dates import DatePartielle
from recherche.models import Synonyme
from territoires.models import Contact, Territoire

VOCABULAIRES: dict[str, Any] = {"themes": Theme, "publics": Public, "leviers": Levier, "missions": Mission}
# By these reasons the loader knows its own versions.
MOTIFS = ("Première publication.", "Mise à jour du contenu de référence.")


@dataclass
class Bilan:
    publiees: int = 0
    actualisees: int = 0
    inchangees: int = 0
    laissees: list[str] = field(default_factory=list)  # somebody else published since: their version stays
    par_nature: dict[str, int] = field(default_factory=dict)
    regles_laissees: int = 0  # moderators wrote or withdrew them: theirs stay
    synonymes_laisses: int = 0


@transaction.atomic
def charger(dossier: Path, avancer: Callable[[str], None] = lambda nom: None) -> Bilan:
    """Load the whole folder, calling `avancer` with each file done. Raise ContenuInvalide, changing nothing."""
    if not Territoire.objects.exists():
        raise ContenuInvalide("Aucun territoire n’est chargé : lancez d’abord « manage.py charger_territoires ».")
    avant = _hors_des_fiches()
    with lu(dossier / "vocabulaire.yaml") as vocabulaires:
        _charger_vocabulaires(vocabulaires)
    with lu(dossier / "documents.yaml", list) as lus:
        documents = {document["cle"]: document for document in lus}
    with lu(dossier / "glossaire.yaml", list) as glossaire:
        _charger_glossaire(glossaire, documents)
    fichiers = [(nature, chemin) for nature in Nature for chemin in _fiches(dossier, nature)]
    _refuser_les_adresses_reservees(fichiers)
    for nature, chemin in fichiers:
        if nature is Nature.DISPOSITIF:  # fiches refer to dispositifs that come later: reserve their addresses first
            Dispositif.objects.get_or_create(nature=nature, slug=chemin.stem, defaults={"titre": chemin.stem})
    bilan = Bilan()
    _charger_fiches(fichiers, dossier / "documents.yaml", documents, bilan, avancer)
    _lier_glossaire(glossaire)
    with lu(dossier / "organismes.yaml", list) as lus:
        _charger_organismes(lus, documents)
    _charger_contacts(dossier / "contacts")
    with lu(dossier / "reperes.yaml", list) as lus:
        _charger_reperes(lus, documents)
    with lu(dossier / "absences.yaml", list) as lus:
        _charger_absences(lus, documents)
    with lu(dossier / "regles.yaml", list) as lus:
        bilan.regles_laissees = charger_regles(lus, documents)
    if (dossier / "synonymes.yaml").exists():
        with lu(dossier / "synonymes.yaml", list) as lus:
            bilan.synonymes_laisses = charger_synonymes(lus)
    if _hors_des_fiches() != avant:
        Edition.avancer()
    return bilan


def _hors_des_fiches() -> list[list[tuple]]:
    """Return the rows the public reads beside the fiches, which have their own way of saying that they changed."""
    liens = [Organisme.territoires.through, Repere.fiches.through]
    modeles = [*VOCABULAIRES.values(), Sigle, Organisme, Contact, Repere, *liens, Absence, Regle, Synonyme]
    return [list(modele.objects.order_by("pk").values_list()) for modele in modeles]


def _refuser_les_adresses_reservees(fichiers: list[tuple[Nature, Path]]) -> None:
    for nature, chemin in fichiers:
        if chemin.stem in nature.adresses_reservees:
            raise ContenuInvalide(f"{chemin.name} : cette adresse est celle d’une page du site.")


def compter(dossier: Path) -> int:
    """Return the number of fiches in the folder."""
    return sum(len(_fiches(dossier, nature)) for nature in Nature)


def _fiches(dossier: Path, nature: Nature) -> list[Path]:
    """Return the files of a nature, in whatever folder they are, by slug. Raises ContenuInvalide when two are alike."""
    par_slug: dict[str, Path] = {}
    for chemin in (dossier / nature.chemin).rglob("*.yaml"):
        if (autre := par_slug.setdefault(chemin.stem, chemin)) is not chemin:
            lieux = " et ".join(sorted(str(c.relative_to(dossier)) for c in (autre, chemin)))
            raise ContenuInvalide(f"{lieux} : deux fichiers pour une même adresse ; renommez l’un des deux.")
    return [par_slug[slug] for slug in sorted(par_slug)]


def _charger_fiches(
    fichiers: list[tuple[Nature, Path]], referes: Path, documents: dict, bilan: Bilan, avancer: Callable[[str], None]
) -> None:
    """Publish what changed of these files, all of them or none; those as they were last loaded are not even read."""
    erreurs, charges, deja = [], [], Chargement.objects.valables()
    alentours = [empreintes.du_code(), empreintes.du_referentiel(referes)]
    for nature, chemin in fichiers:
        if nature is not Nature.DISPOSITIF and len(alentours) == 2:  # they name dispositifs, now all loaded
            alentours.append(empreintes.des_dispositifs())
        empreinte = empreintes.du_fichier(chemin, *alentours)
        try:
            if deja.get((nature, chemin.stem)) == empreinte:
                bilan.inchangees += 1
            elif version := _charger_fiche(nature, chemin, documents, bilan):
                charges.append(Chargement(fiche_id=version.fiche_id, numero=version.numero, empreinte=empreinte))
        except ContenuInvalide as erreur:
            erreurs.append(str(erreur))
        bilan.par_nature[nature.pluriel] = bilan.par_nature.get(nature.pluriel, 0) + 1
        avancer(f"{nature.chemin}/{chemin.stem}")
    if erreurs:
        raise ContenuInvalide("\n".join(erreurs))
    Chargement.retenir(charges)


def _charger_fiche(nature: Nature, chemin: Path, documents: dict, bilan: Bilan) -> Version | None:
    """Publish what a file says if it changed; return the version that says it, or None if somebody published since."""
    with lu(chemin) as brut:
        credits = brut.pop("credits", None) or edition.EQUIPE
        contenu = valider(nature, {**brut, "sources": list(sources(brut, documents, chemin))}, chemin.name)
    modele = FORMULAIRES[nature].modele
    fiche = modele.objects.filter(slug=chemin.stem).first() or modele(nature=nature, slug=chemin.stem)
    # The base keeps the key under which it first knew a source, whatever the place and the key that the file gives it.
    contenu = accorder(fiche.contenu, contenu, identite=True)
    derniere = fiche.versions.order_by("-numero").first() if fiche.pk else None
    if derniere and derniere.motif not in MOTIFS:
        bilan.laissees.append(chemin.stem)
        return None
    if derniere is None or changements(nature, fiche.contenu, contenu) or credits != derniere.credits:
        motif = MOTIFS[1] if fiche.numero else MOTIFS[0]
        bilan.publiees += 1
        return edition.publier(fiche, contenu, motif=motif, credits=credits)
    if edition.reprojeter(fiche):
        bilan.actualisees += 1
    else:
        bilan.inchangees += 1
    return derniere


def valider(nature: Nature, brut: dict, nom: str) -> dict:
    """Return the canonical content of a file, through the form of its nature; raise ContenuInvalide."""
    try:
        return FORMULAIRES[nature].valider(brut, en_mots=False)
    except ValidationError as refus:
        raise ContenuInvalide("\n".join(f"{nom} : {message}" for message in refus.messages)) from refus


def _charger_vocabulaires(vocabulaires: dict) -> None:
    for cle, modele in VOCABULAIRES.items():
        for ordre, entree in enumerate(vocabulaires[cle], 1):
            modele.objects.update_or_create(slug=entree["slug"], defaults={"nom": entree["nom"], "ordre": ordre})


def _charger_glossaire(entrees: list[dict], documents: dict) -> None:
    """The base keeps the sigles of the file and no other, for nobody writes one on the site; so for the two below."""
    Sigle.objects.exclude(sigle__in=[entree["sigle"] for entree in entrees]).delete()
    for entree in entrees:
        Sigle.objects.update_or_create(
            sigle=entree["sigle"],
            defaults={
                "developpe": entree.get("developpe") or "",
                "definition": entree["definition"],
                "source": citer(entree.get("document"), documents),
                "hors_source": entree.get("hors_source", False),
            },
        )


def _lier_glossaire(entrees: list[dict]) -> None:
    fiches = {fiche.slug: fiche for fiche in Fiche.objects.filter(nature=Nature.DISPOSITIF)}
    for entree in entrees:
        if cle := entree.get("dispositif"):
            Sigle.objects.filter(sigle=entree["sigle"]).update(fiche=fiches[cle])


def _charger_organismes(entrees: list[dict], documents: dict) -> None:
    Organisme.objects.exclude(nom__in=[entree["nom"] for entree in entrees]).delete()
    for entree in entrees:
        organisme, _ = Organisme.objects.update_or_create(
            nom=entree["nom"],
            defaults={
                "type": entree["type"],
                "role": entree.get("role") or "",
                "source": citer(entree["document"], documents),
                "a_verifier": entree.get("a_verifier", False),
            },
        )
        organisme.territoires.set(Territoire.objects.designes_par(entree.get("territoires") or []))


def _charger_contacts(dossier: Path) -> None:
    entrees: list[tuple[Path, int, Any]] = []
    for chemin in sorted(dossier.glob("*.yaml")):
        with lu(chemin, list) as lus:
            entrees += [(chemin, rang, entree) for rang, entree in enumerate(lus)]
    if erreurs := charger_contacts(entrees):
        raise ContenuInvalide("\n".join(erreurs))


def _charger_reperes(entrees: list[dict], documents: dict) -> None:
    Repere.objects.exclude(sujet__in=[entree["sujet"] for entree in entrees]).delete()
    themes = {theme.slug: theme for theme in Theme.objects.all()}
    dispositifs = {dispositif.slug: dispositif for dispositif in Dispositif.objects.all()}
    for entree in entrees:
        repere, _ = Repere.objects.update_or_create(
            sujet=entree["sujet"],
            defaults={
                "texte": entree["texte"],
                "theme": themes[entree["theme"]] if entree.get("theme") else None,
                "source": citer(entree["document"], documents),
            },
        )
        repere.fiches.set([dispositifs[slug] for slug in entree.get("dispositifs") or []])


def _charger_absences(entrees: list[dict], documents: dict) -> None:
    """Absences of the file replace those of the previous loading; those that somebody wrote on the site stay."""
    gardees = []
    for entree in entrees:
        valeurs = {
            "constatee_le": DatePartielle.lire(str(entree["constatee_le"])),
            "precision": entree.get("precision") or "",
            "source": f"{citer(entree['document'], documents)}, {entree['repere']}",
            "du_chargement": True,
        }
        absence, nouvelle = Absence.objects.get_or_create(
            dispositif=Dispositif.objects.get(slug=entree["dispositif"]),
            territoire=Territoire.objects.designes_par([entree["territoire"]]).get(),
            defaults=valeurs,
        )
        if not nouvelle:
            Absence.objects.filter(pk=absence.pk, du_chargement=True).update(**valeurs)
        gardees.append(absence.pk)
    Absence.objects.filter(du_chargement=True).exclude(pk__in=gardees).delete()
