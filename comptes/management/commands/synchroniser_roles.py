from django.core.management.base import BaseCommand

from comptes import roles


class Command(BaseCommand):
    help = "Crée les groupes des rôles déclarés dans comptes/roles.py (répétable)."

    def handle(self, *args, **options) -> None:
        nouveaux = roles.synchroniser()
        self.stdout.write(f"Rôles créés : {', '.join(nouveaux)}." if nouveaux else "Les rôles sont à jour.")
