"""Two to six local schemes side by side: who carries them, since and until when, then what they say."""

from collections.abc import Callable, Iterator

from django.utils.html import format_html_join

from dispositifs.age import Constat
from dispositifs.models import DispositifLocal, DispositifLocalQuerySet
from fiches.gabarits import GABARITS, Nature
from fiches.models import Fiche
from francais.balises import nombre
from francais.dates import DatePartielle
from panorama.comparateur import Cellule, Groupe, Rangee, rangee_de, remplis
from territoires.models import Inclusion, Territoire

AU_PLUS = 6
EN_TETE = ("gouvernance", "priorites")  # of the sections: who signs and takes part, the axes
Fait = Callable[[DispositifLocal], str]


def _signe(local: DispositifLocal) -> str:
    signatures = [constat["le"] for constat in local.contenu["constats"] if constat["etat"] == Constat.SIGNE]
    return DatePartielle(max(signatures, default="")).en_mots if signatures else ""


def territoires(fiche: Fiche) -> str:
    return format_html_join(", ", '<a href="{}">{}</a>', ((t["url"], t["nom"]) for t in fiche.rendu["territoires"]))


def _chiffres(local: DispositifLocal) -> str:
    lus = local.contenu["chiffres"]
    dits = ((c["libelle"], c["qualificatif"], nombre(c["valeur"]), c["unite"], c["annee"]) for c in lus)
    return format_html_join("", "<p>{} : {} {} {} ({})</p>", dits)


FAITS: dict[str, Fait] = {
    "Dispositif": lambda local: local.dispositif_lisible.nom_court if local.dispositif_lisible else "",
    "Vu": lambda local: local.vu_le.situee,
    "Signé": _signe,
    "Début": lambda local: local.debut.en_mots if local.debut else "",
    "Fin": lambda local: local.fin.en_mots if local.fin else "",
    "Génération": lambda local: str(local.generation or ""),
    "Territoires": territoires,
    "Qui le porte": lambda local: local.porteur,
    "Postes ou équipes": lambda local: str(local.nombre) if local.nombre > 1 else "",
}


def comparer(locaux: list[DispositifLocal]) -> list[Groupe]:
    """Return the groups of rows of the comparison; each local scheme has its state (`avec_etat`). No query."""
    faits = [Rangee("État", [Cellule(etat=local.etat_local) for local in locaux])]
    faits += [Rangee(titre, [Cellule(fait(local)) for local in locaux]) for titre, fait in FAITS.items()]
    sections = sorted(GABARITS[Nature.LOCAL], key=lambda section: section.cle not in EN_TETE)
    contenu = [rangee_de(section, locaux) for section in sections]
    contenu.insert(len(EN_TETE), Rangee("Moyens et autres chiffres", [Cellule(_chiffres(local)) for local in locaux]))
    return remplis(Groupe("Les faits", faits), Groupe("Ce qu’il contient", contenu))


def en_lignes(locaux: list[DispositifLocal], groupes: list[Groupe], site: str) -> Iterator[list[str]]:
    """Yield the comparison as a table to take away: a row for each scheme, a column for each thing compared."""
    rangees = [rangee for groupe in groupes for rangee in groupe.rangees]
    yield ["Nom", *(rangee.titre for rangee in rangees), "Adresse"]
    for place, local in enumerate(locaux):
        yield [local.titre, *(r.cellules[place].texte for r in rangees), f"{site}{local.get_absolute_url()}"]


def voisins(local: DispositifLocal) -> DispositifLocalQuerySet:
    """Return the schemes of the same kind in the départements where this one is."""
    departements = Inclusion.objects.filter(
        contenu__in=local.territoires.all(), contenant__nature=Territoire.Nature.DEPARTEMENT
    ).values("contenant")
    ici = Inclusion.objects.filter(contenant__in=departements).values("contenu")
    return DispositifLocal.objects.filter(dispositif=local.dispositif).sur_territoires(ici).exclude(pk=local.pk)
