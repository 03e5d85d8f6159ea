from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, transaction

from fiches.models import Edition
from territoires.imports import application, cog, ecarts, epci, qpv
from territoires.imports.releve import HORS_BASE, FichierRefuse

IMPORTEURS = {"cog": cog, "epci": epci, "qpv": qpv}


class Command(BaseCommand):
    help = (
        "Compare la base à un fichier officiel (code officiel géographique, EPCI, QPV) et dit ce qui changerait ; "
        "avec --appliquer, l’écrit. Ne supprime jamais un territoire : le ferme."
    )

    def add_arguments(self, parser):
        parser.add_argument("genre", choices=IMPORTEURS)
        parser.add_argument("fichiers", nargs="+", type=Path)
        parser.add_argument("--appliquer", action="store_true", help="écrit les changements")
        parser.add_argument("--millesime", type=int, help="année du fichier, si son nom ne la donne pas")
        parser.add_argument("--fermer-absents", action="store_true", help="ferme aussi ce que le fichier ne cite plus")
        parser.add_argument("--tout", action="store_true", help="ne résume pas les listes")

    def handle(self, *, genre, fichiers, appliquer, millesime, fermer_absents, tout, **options) -> None:
        importeur = IMPORTEURS[genre]
        if millesime is not None and not 2000 <= millesime <= 2100:
            raise CommandError("--millesime attend une année, de 2000 à 2100.")
        try:
            self.stdout.write("Lecture…")
            releve = importeur.lire(fichiers, millesime)
            self.stdout.write("Comparaison…")
            with transaction.atomic():
                application.verrouiller()
                importeur.situer(releve)
                differences = ecarts.comparer(releve, fermer_absents=fermer_absents)
                self.stdout.write("\n".join(differences.rapport(tout)))
                if appliquer and not differences.vide:
                    self.stdout.write("Écriture…")
                    application.appliquer(differences)
                    Edition.avancer()  # the pages that readers have in cache are those of before
        except FichierRefuse as erreur:
            raise CommandError(f"Fichier refusé, rien n’a changé.\n{erreur}") from erreur
        except DataError as erreur:
            noms = ", ".join(fichier.name for fichier in fichiers)
            raise CommandError(f"Fichier refusé, rien n’a changé.\n{noms} : {HORS_BASE}") from erreur
        if differences.vide:
            self.stdout.write("Rien à changer.")
        elif not appliquer:
            self.stdout.write("Essai à blanc : rien n’est écrit. Relancez avec --appliquer.")
        else:
            self.stdout.write("C’est écrit.")
