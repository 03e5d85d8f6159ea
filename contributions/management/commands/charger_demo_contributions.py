from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from contributions import demo


class Command(BaseCommand):
    help = "Dépose les contributions inventées de la démonstration (répétable ; refusée ailleurs)."

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("Cette commande ne vaut que pour la démonstration.")
        self.stdout.write(f"Contributions inventées : {demo.charger()} déposées.")
