from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from contenu import officiels
from territoires.imports import rapport
from territoires.imports.releve import FichierRefuse


class Command(BaseCommand):
    help = (
        "Compare la base à un fichier officiel (code officiel géographique, EPCI, QPV) et dit ce qui changerait ; "
        "avec --appliquer, l’écrit. Ne supprime jamais un territoire : le ferme."
    )

    def add_arguments(self, parser):
        parser.add_argument("genre", choices=officiels.IMPORTEURS)
        parser.add_argument("fichiers", nargs="+", type=Path)
        parser.add_argument("--appliquer", action="store_true", help="écrit les changements")
        parser.add_argument("--millesime", type=int, help="année du fichier, si son nom ne la donne pas")
        parser.add_argument(
            "--plus-ancien", action="store_true", help="même si un millésime plus récent est en vigueur"
        )
        parser.add_argument("--fermer-absents", action="store_true", help="ferme aussi ce que le fichier ne cite plus")
        parser.add_argument("--tout", action="store_true", help="ne résume pas les listes")

    def handle(self, *, genre, fichiers, appliquer, millesime, plus_ancien, fermer_absents, tout, **options) -> None:
        if millesime is not None and not 2000 <= millesime <= 2100:
            raise CommandError("--millesime attend une année, de 2000 à 2100.")
        try:
            self.stdout.write("Lecture…")
            releve = officiels.lire(genre, fichiers, millesime)
            self.stdout.write("Comparaison…")
            with transaction.atomic():
                differences = officiels.comparer(genre, releve, plus_ancien=plus_ancien, fermer_absents=fermer_absents)
                self.stdout.write("\n".join(rapport.en_lignes(differences, tout)))
                if appliquer:
                    self.stdout.write("Écriture…")
                    officiels.appliquer(differences)
        except FichierRefuse as erreur:
            raise CommandError(f"Fichier refusé, rien n’a changé.\n{erreur}") from erreur
        if differences.vide:
            self.stdout.write("Rien à changer.")
        elif not appliquer:
            self.stdout.write("Essai à blanc : rien n’est écrit. Relancez avec --appliquer.")
        else:
            self.stdout.write("C’est écrit.")
