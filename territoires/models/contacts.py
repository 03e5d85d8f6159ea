"""Whom to ask in a territory, by function: services, never somebody."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from francais.caracteres import refuser_les_trompeurs
from territoires.models.graphe import Territoire


class Fonction(models.TextChoices):
    """What one asks a contact for, in the order and the words of pages."""

    ARS = "ars", "À l’agence régionale de santé"
    COHESION = "cohesion", "Pour l’emploi et la cohésion sociale"
    VILLE = "ville", "Pour la politique de la ville"
    RESSOURCES = "ressources", "Pour se former à la politique de la ville"
    PROMOTION = "promotion", "Pour un appui en promotion de la santé"
    OBSERVATION = "observation", "Pour des chiffres"
    HANDICAP = "handicap", "Pour le handicap et les vulnérabilités"


# « prenom.nom@ », unless one of its words is that of a service: « ddets.direction@ ».
D_UNE_PERSONNE = (
    r"^(?!([a-z-]+[.-])*(accueil|ars|bureau|contact|creai|ddets|ddetspp|direction|dreets|info|ors|pref|prefecture"
    r"|secretariat|service|ville)[.@-])[a-z-]+[.][a-z-]+@"
)
TELEPHONE = r"^0[1-589]( [0-9]{2}){4}$"  # 06 and 07 are somebody's


class ContactQuerySet(models.QuerySet["Contact"]):
    def pour(self, territoire: Territoire) -> list["Contact"]:
        """Return the contacts of a territory and of the département and région it lies in, by function, nearest first.

        One query.
        """
        proches = self.filter(territoire__inclus__contenu=territoire).select_related("territoire")
        fonctions, natures = Fonction.values, Territoire.Nature.values
        return sorted(
            proches, key=lambda c: (fonctions.index(c.fonction), -natures.index(c.territoire.nature), c.organisme)
        )


class Contact(models.Model):
    """Whom to ask in a région or a département, by function: the page, the address of a service, never somebody's."""

    territoire = models.ForeignKey(Territoire, models.CASCADE, related_name="contacts", verbose_name="territoire")
    fonction = models.CharField("fonction", max_length=12, choices=Fonction)
    organisme = models.CharField("organisme", max_length=150, validators=[refuser_les_trompeurs])
    url = models.URLField("page officielle", max_length=500)
    courriel = models.EmailField(
        "adresse électronique du service",
        blank=True,
        validators=[
            RegexValidator(
                D_UNE_PERSONNE,
                "Cette adresse semble celle d’une personne\u00a0: donnez celle d’un service.",
                inverse_match=True,
            )
        ],
    )
    telephone = models.CharField(
        "téléphone du service",
        max_length=14,
        blank=True,
        validators=[
            RegexValidator(TELEPHONE, "Écrivez le numéro d’un service comme 02 35 58 53 27\u00a0; jamais un mobile.")
        ],
    )
    source = models.CharField("page lue", max_length=200, validators=[refuser_les_trompeurs])
    lue_le = models.DateField("lue le")

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "contact"
        constraints = [
            models.UniqueConstraint(fields=["territoire", "fonction", "organisme"], name="contact_unique"),
            models.CheckConstraint(name="contact_fonction_connue", condition=Q(fonction__in=Fonction.values)),
            models.CheckConstraint(
                name="contact_source", condition=~Q(organisme="") & ~Q(source="") & Q(url__startswith="http")
            ),
            models.CheckConstraint(
                name="contact_adresse_de_service", condition=Q(courriel="") | ~Q(courriel__regex=D_UNE_PERSONNE)
            ),
            models.CheckConstraint(
                name="contact_telephone_de_service", condition=Q(telephone="") | Q(telephone__regex=TELEPHONE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisme} ({self.territoire})"
