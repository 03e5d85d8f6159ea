from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, transaction

from dispositifs.imports import gabarit_maison
from territoires.imports.releve import HORS_BASE, FichierRefuse


class Command(BaseCommand):
    help = (
        "Compare la base à un fichier de dispositifs locaux (docs/import-dispositifs-locaux.md) et dit ce qui "
        "changerait ; avec --appliquer, le publie. Ne supprime jamais une fiche."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--appliquer", action="store_true", help="publie les changements")

    def handle(self, *, fichier: Path, appliquer: bool, **options) -> None:
        try:
            with transaction.atomic():
                changements = gabarit_maison.lire(fichier)
                for changement in changements:
                    self.stdout.write(f"  {changement}")
                if appliquer:
                    gabarit_maison.appliquer(changements, fichier.name)
        except FichierRefuse as erreur:
            raise CommandError(f"Fichier refusé, rien n’a changé.\n{erreur}") from erreur
        except DataError as erreur:
            raise CommandError(f"Fichier refusé, rien n’a changé.\n{fichier.name} : {HORS_BASE}") from erreur
        if not changements:
            self.stdout.write("Rien à changer.")
        elif appliquer:
            self.stdout.write(f"{len(changements)} fiches publiées.")
        else:
            self.stdout.write(f"Essai à blanc : {len(changements)} fiches changeraient. Relancez avec --appliquer.")
