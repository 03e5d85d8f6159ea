from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DataError, transaction
from django.utils.text import slugify

from contributions.models import Tableau
from contributions.tableau import lecture, travail
from contributions.tableau.analyse import Analyse, Effet, Sort
from contributions.tableau.colonnes import Role
from dispositifs.models import DispositifLocal
from fiches import edition
from fiches.models import Fiche
from fiches.sources import Contenu
from francais.dates import DatePartielle

GABARIT = (
    "Le tableau à remplir, avec un exemple, est à l’adresse /contribuer/tableau/vide.xlsx du site ; ses colonnes sont "
    "décrites dans docs/import-dispositifs-locaux.md."
)
HORS_BASE = "une valeur ne tient pas dans la base."


class Command(BaseCommand):
    help = (
        "Compare la base à un tableau de dispositifs locaux (docs/import-dispositifs-locaux.md) et dit ce qui "
        "changerait ; avec --appliquer, le publie. Ne supprime jamais une fiche. Le site fait de même, en posant ses "
        "questions : /contribuer/tableau/."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--dispositif", default="", help="de quoi il parle, si aucune colonne ne le dit (cls)")
        parser.add_argument("--editeur", default="", help="qui l’a établi")
        parser.add_argument("--le", default="", type=_date, help="de quand il date (mars 2025)")
        parser.add_argument("--appliquer", action="store_true", help="publie les changements")

    def handle(self, *, fichier: Path, appliquer: bool, **dits: Any) -> None:
        tableau, feuilles = self._ouvrir(fichier, dits)
        try:
            with transaction.atomic():
                lue = travail.analyser(tableau, feuilles)
                _refuser_les_doutes(lue)
                faits = [sort for sort in lue.sorts if sort.contenu is not None]
                for sort in faits:
                    self.stdout.write(f"  {_en_mots(sort)}")
                    if appliquer:
                        _publier(sort, fichier.name)
        except DataError as erreur:
            raise CommandError(f"Fichier refusé, rien n’a changé.\n{fichier.name} : {HORS_BASE}") from erreur
        if not faits:
            self.stdout.write("Rien à changer.")
        elif appliquer:
            self.stdout.write(f"{len(faits)} fiches publiées.")
        else:
            self.stdout.write(f"Essai à blanc : {len(faits)} fiches changeraient. Relancez avec --appliquer.")

    def _ouvrir(self, fichier: Path, dits: dict[str, Any]) -> tuple[Tableau, list[travail.FeuilleLue]]:
        """Return the table, which is not kept, and its sheets; tell of the rows and sheets that are left out."""
        try:
            with fichier.open("rb") as flux:
                classeur = lecture.lire(flux.read(lecture.OCTETS_AU_PLUS + 1))
        except OSError as erreur:
            raise CommandError(f"{fichier.name} : ce fichier ne s’ouvre pas, ou n’existe pas.") from erreur
        except ValidationError as refus:
            raise CommandError(
                f"Fichier refusé, rien n’a changé.\n{fichier.name} : {' '.join(refus.messages)}"
            ) from refus
        feuilles = [{"nom": feuille.nom, "rangees": feuille.rangees} for feuille in classeur.feuilles]
        annonce = {nom: dits[nom] for nom in ("dispositif", "editeur", "le")}
        tableau = Tableau(nom=fichier.name, feuilles=feuilles, masquees=classeur.masquees, **annonce)
        lues = travail.lire_les_feuilles(tableau)
        if not any({Role.TERRITOIRES, Role.PORTEUR} & set(lue.roles.values()) for lue in lues if lue.prise):
            raise CommandError(
                f"Fichier refusé, rien n’a changé.\n{fichier.name} : aucune colonne ne donne les territoires. {GABARIT}"
            )
        for lue in lues:
            if not lue.prise:
                self.stdout.write(f"  Feuille « {lue.feuille.nom} » laissée de côté.")
            elif lue.laissees:
                self.stdout.write(f"  Lignes laissées de côté : {', '.join(map(str, lue.laissees))}.")
        for nom in classeur.masquees:
            self.stdout.write(f"  Feuille masquée « {nom} » laissée de côté.")
        return tableau, lues


def _date(texte: str) -> DatePartielle:
    try:
        return DatePartielle.lire(texte) if texte else DatePartielle()
    except ValueError as erreur:
        raise ArgumentTypeError(str(erreur)) from erreur


def _refuser_les_doutes(lue: Analyse) -> None:
    """Raise CommandError with all that is not sure or is wrong, by kind: nobody is there to answer."""
    carnet = lue.carnet
    erreurs = [f"{faute.en_mots}, {_lignes(faute.lignes)}" for faute in carnet.fautes.values()]
    for question in carnet.questions.values():
        choix = " ; ".join(f"{nom} → {valeur}" for valeur, nom in question.choix[:4])
        erreurs.append(f"{question.en_mots}, {_lignes(question.lignes)}{f' ({choix})' if choix else ''}")
    if erreurs:
        raise CommandError("\n".join(["Fichier refusé, rien n’a changé.", *erreurs, GABARIT]))


def _lignes(reperes: list[str]) -> str:
    return f"ligne{'s' if len(reperes) > 1 else ''} {', '.join(reperes)}"


def _en_mots(sort: Sort) -> str:
    quoi = "nouvelle fiche" if sort.effet == Effet.CREER else "change"
    return f"{_lignes(sort.lignes)} : {quoi} « {sort.titre} », {', '.join(champ for champ, _, _ in sort.details)}"


def _publier(sort: Sort, nom: str) -> None:
    contenu = sort.contenu or {}
    fiche = DispositifLocal.objects.get(pk=sort.fiche) if sort.fiche else _nouvelle(contenu)
    edition.publier(fiche, contenu, motif=f"Import de {nom}, {_lignes(sort.lignes)}."[:300])


def _nouvelle(contenu: Contenu) -> DispositifLocal:
    """Return a fiche that is not in the base, under an address that no other one has."""
    base = slugify(f"{contenu['dispositif']} {contenu['porteur'] or contenu['titre']}")[:110]
    pris = set(Fiche.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug = next(une for une in (base, *(f"{base}-{n}" for n in range(2, len(pris) + 3))) if une not in pris)
    return DispositifLocal(nature=DispositifLocal.NATURE, slug=slug, contenu={})
