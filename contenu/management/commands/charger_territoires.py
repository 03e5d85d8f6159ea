import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fiches.models import Edition
from territoires.imports.releve import FichierRefuse
from territoires.referentiel import charger


class Command(BaseCommand):
    help = "Charge tous les territoires de fixtures/referentiel/ : n’écrit que ce qui a changé."

    def add_arguments(self, parser):
        parser.add_argument("dossier", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures" / "referentiel")

    def handle(self, *, dossier: Path, **options) -> None:
        debut = time.monotonic()
        try:
            bilan = charger(dossier, lambda etape: self.stdout.write(f"  {etape} ({time.monotonic() - debut:.1f} s)"))
        except FichierRefuse as refus:
            raise CommandError(f"Rien n’a été écrit.\n{refus}") from refus
        comptes = ", ".join(f"{n} {nature}" for nature, n in bilan.comptes.items())
        self.stdout.write(f"Territoires : {comptes}.")
        if bilan.inchange:
            self.stdout.write("Rien n’a changé.")
        else:
            Edition.avancer()  # the pages that readers have in cache are those of before
            changements = ", ".join(f"{n} {quoi}" for quoi, n in bilan.changements.items() if n)
            self.stdout.write(f"Écrits : {changements}.")
