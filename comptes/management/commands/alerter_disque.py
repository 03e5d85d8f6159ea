from django.core.management.base import BaseCommand
from django.db.models import Q
from django.utils import timezone

from comptes.disque import presque_pleins
from comptes.models import Utilisateur
from comptes.roles import Role
from courriels.envoi import ecrire, rendre


class Command(BaseCommand):
    help = "Écrit aux administrateurs, une fois par jour au plus, si un disque de cette machine est presque plein."

    def handle(self, *args, **options) -> None:
        disques = presque_pleins()
        if not disques:
            return
        administrateurs = Utilisateur.objects.filter(
            Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATEUR), is_active=True
        )
        for personne in administrateurs.distinct():
            cle = f"disque-{timezone.localdate()}-{personne.pk}"
            ecrire(personne.email, *rendre("exploitation/disque", {"disques": disques.items()}), cle=cle)
        self.stdout.write("Presque plein : " + ", ".join(f"{d} ({libre} % libres)" for d, libre in disques.items()))
