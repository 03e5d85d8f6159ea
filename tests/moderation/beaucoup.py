"""A desk where thousands wait, written at once."""

from datetime import timedelta

from django.utils import timezone

from contributions.models import Depot, Dossier, Message, Proposition, Signalement
from fiches.models import Fiche, Version


def attendre(fiches: list[Fiche], combien: int) -> None:
    """Make so many things wait on these fiches, in turn: eight propositions, a report, a message out of ten.

    One proposition out of eight is without an address, one makes a new fiche; their dates go back twenty days.
    """
    maintenant, versions = timezone.now(), [Version.objects.get(fiche=fiche.pk, numero=1) for fiche in fiches]
    propositions = []
    for n in range(combien * 9 // 10):
        rang, attend = n % len(fiches), n % 9 != 8
        neuve = n % 9 == 7
        propositions.append(
            Proposition(
                nature=fiches[rang].nature,
                fiche_id=None if neuve else fiches[rang].pk,
                base=None if neuve else versions[rang],
                titre=f"Nouvelle {n}" if neuve else fiches[rang].titre,
                courriel="" if n % 9 == 6 else f"personne{n % 500}@exemple.fr",
                statut=Proposition.Statut.SOUMISE if attend else Proposition.Statut.RETIREE,
                deposee_le=maintenant - timedelta(minutes=n * 20 * 24 * 60 // combien),
            )
        )
    propositions = Proposition.objects.bulk_create(propositions, batch_size=2000)
    dits = {"titre": "Nouvelle", "territoires": ["commune:00000"], "themes": ["sante"]}
    Depot.objects.bulk_create(
        (
            Depot(
                proposition=une,
                numero=1,
                base=une.base,
                recus=dits if une.base is None else {"section-cout": f"Coût numéro {n}. " + "Des mots. " * 40},
                pourquoi=f"Précise le coût {n}",
            )
            for n, une in enumerate(propositions)
        ),
        batch_size=2000,
    )
    closes = [une for une in propositions if une.statut == Proposition.Statut.RETIREE]
    Message.objects.bulk_create(
        [Message(proposition=une, de_la_moderation=False, texte="Alors ?", le=une.deposee_le) for une in closes]
    )
    dossiers = Dossier.objects.bulk_create(
        [
            Dossier(
                fiche_id=fiches[n % len(fiches)].pk,
                cible=f"source-{n}",
                categorie="illicite" if n % 50 == 0 else "lien_mort",
                ouvert_le=maintenant - timedelta(days=n % 20),
            )
            for n in range(combien // 10)
        ]
    )
    Signalement.objects.bulk_create(
        [
            Signalement(dossier=d, version=versions[n % len(fiches)], texte="Ce n’est plus vrai.")
            for n, d in enumerate(dossiers)
        ]
    )
