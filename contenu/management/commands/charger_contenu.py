from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from contenu.chargement import charger, compter
from contenu.fichiers import ContenuInvalide


class Command(BaseCommand):
    help = "Charge les fiches de fixtures/contenu/ : ne publie que ce qui a changé."

    def add_arguments(self, parser):
        parser.add_argument("dossier", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures" / "contenu")

    def handle(self, *, dossier: Path, verbosity: int, **options) -> None:
        faites, total = 0, compter(dossier)

        def avancer(nom: str) -> None:
            nonlocal faites
            faites += 1
            if verbosity and self.stdout.isatty():
                self.stdout.write(f"\r\033[K  {faites}/{total} {nom}", ending="" if faites < total else "\n")

        try:
            bilan = charger(dossier, avancer)
        except ContenuInvalide as erreur:
            raise CommandError(f"Rien n’a été chargé.\n{erreur}") from erreur
        natures = ", ".join(f"{n} {nom.lower()}" for nom, n in bilan.par_nature.items())
        self.stdout.write(
            f"Contenu : {natures}. {bilan.publiees} publiées, {bilan.actualisees} actualisées, "
            f"{bilan.inchangees} inchangées."
        )
        if bilan.regles_laissees:
            self.stdout.write(
                f"Règles de « Choisir » laissées telles que la modération les a écrites : {bilan.regles_laissees}."
            )
        if bilan.synonymes_laisses:
            self.stdout.write(f"Synonymes laissés tels que la modération les a écrits : {bilan.synonymes_laisses}.")
        if bilan.laissees:
            self.stdout.write(f"Laissées telles quelles, publiées depuis par d’autres : {', '.join(bilan.laissees)}.")
