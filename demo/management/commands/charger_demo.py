from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo import contributions, personnes


class Command(BaseCommand):
    help = "Crée les personnes de la démonstration et dépose leurs contributions (répétable ; refusée ailleurs)."

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("Cette commande ne vaut que pour la démonstration.")
        self.stdout.write(f"Personnes inventées : {personnes.charger()} créées.")
        self.stdout.write(f"Contributions inventées : {contributions.charger()} déposées.")
