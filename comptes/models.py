"""People who sign in: identified by their e-mail address, credited as they choose."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from comptes.roles import Role
from courriels.models import Courriel

DELAI_DE_CONFIRMATION = timedelta(days=7)
FENETRE_MAX = timedelta(days=1)  # the longest window of the limits
CROYABLE = timedelta(days=7)  # how far a clock may have been put back; further, the mark was made by an astray one


class UtilisateurManager(BaseUserManager["Utilisateur"]):
    def create_user(self, email: str, password: str | None = None, **champs) -> "Utilisateur":
        """Create an account; without a password (the usual case) one signs in by a code sent by e-mail."""
        if not email:
            raise ValueError("Un compte a une adresse électronique.")
        utilisateur = self.model(email=email.strip().lower(), **champs)
        utilisateur.set_password(password)
        utilisateur.save(using=self._db)
        return utilisateur

    def get_by_natural_key(self, email: str | None) -> "Utilisateur":
        return super().get_by_natural_key((email or "").strip().lower())

    def sans_preuve(self) -> "models.QuerySet[Utilisateur]":
        """The accounts somebody asked for without having proved, yet, that the address was theirs."""
        demandes = self.filter(last_login=None, groups=None, emailaddress__isnull=False)
        return demandes.exclude(emailaddress__verified=True)

    def jamais_confirmes(self) -> "models.QuerySet[Utilisateur]":
        """The same, after a week."""
        return self.sans_preuve().filter(inscrit_le__lt=timezone.now() - DELAI_DE_CONFIRMATION)

    def a_prouve(self, adresse: str) -> bool:
        """Return whether this is the address of an account whose owner proved it, or was named by an administrator."""
        return self.filter(email=adresse.strip().lower()).exclude(pk__in=self.sans_preuve()).exists()

    def create_superuser(self, email: str, password: str | None = None, **champs) -> "Utilisateur":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **champs)


class Utilisateur(AbstractBaseUser, PermissionsMixin):
    class Credit(models.TextChoices):
        NOM = "nom", "Mon nom affiché"
        PSEUDONYME = "pseudonyme", "Mon pseudonyme"
        ANONYME = "anonyme", "Anonymement"

    class Courriels(models.TextChoices):
        TOUS = "tous", "Un courriel à chaque fois"
        ESSENTIELS = "essentiels", "Sur la page « Mes notifications » seulement"

    class Resume(models.TextChoices):
        QUOTIDIEN = "quotidien", "Chaque matin, du lundi au vendredi"
        HEBDOMADAIRE = "hebdomadaire", "Le lundi matin"
        JAMAIS = "jamais", "Jamais"

    email = models.EmailField("adresse électronique", unique=True)
    nom_affiche = models.CharField("nom affiché", max_length=100, blank=True)
    pseudonyme = models.CharField("pseudonyme", max_length=50, blank=True)
    lien = models.URLField("lien public", blank=True)
    credit_prefere = models.CharField("crédit préféré", max_length=10, choices=Credit.choices, default=Credit.ANONYME)
    courriels = models.CharField("courriels voulus", max_length=10, choices=Courriels, default=Courriels.TOUS)
    resume = models.CharField(
        "résumé de la modération", max_length=12, choices=Resume, default=Resume.QUOTIDIEN, db_default=Resume.QUOTIDIEN
    )
    is_staff = models.BooleanField("accède à l’administration", default=False)
    is_active = models.BooleanField("actif", default=True)
    inscrit_le = models.DateTimeField("inscrit le", default=timezone.now)
    ferme_le = models.DateTimeField("fermé le", null=True, blank=True, help_text="Le compte est vidé, non effacé.")
    fermeture_prevue_le = models.DateTimeField("fermeture prévue le", null=True, blank=True, editable=False)
    garder_nom = models.BooleanField("garder le nom publié", default=True, editable=False)
    # Changed by comptes/sessions.py, and by a trigger when the account is closed or opened again; never goes back.
    sessions_depuis = models.DateTimeField("sessions valables depuis", null=True, editable=False)

    USERNAME_FIELD = "email"
    objects = UtilisateurManager()

    class Meta:
        verbose_name = "utilisateur"
        constraints = [
            models.CheckConstraint(name="utilisateur_email_minuscule", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="utilisateur_lien_https",
                condition=Q(lien="") | Q(lien__startswith="https://"),
                violation_error_message="Le lien commence par https://.",
            ),
            models.CheckConstraint(
                name="utilisateur_credit_possible",
                condition=Q(credit_prefere="anonyme")
                | (Q(credit_prefere="nom") & ~Q(nom_affiche=""))
                | (Q(credit_prefere="pseudonyme") & ~Q(pseudonyme="")),
                violation_error_message="Indiquez le nom ou le pseudonyme sous lequel vous voulez être crédité.",
            ),
            models.CheckConstraint(
                name="utilisateur_courriels_connus", condition=Q(courriels__in=["tous", "essentiels"])
            ),
            models.CheckConstraint(
                name="utilisateur_resume_connu", condition=Q(resume__in=["quotidien", "hebdomadaire", "jamais"])
            ),
            models.CheckConstraint(name="utilisateur_ferme_inactif", condition=Q(ferme_le=None) | Q(is_active=False)),
            models.UniqueConstraint(
                Lower("pseudonyme"),
                name="utilisateur_pseudonyme_unique",
                condition=~Q(pseudonyme=""),
                violation_error_message="Ce pseudonyme est déjà pris.",
            ),
        ]

    def __str__(self) -> str:
        # Never the address: this may be shown to others.
        return self.nom_affiche or self.pseudonyme or ("Compte fermé" if self.ferme_le else f"Compte n° {self.pk}")

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must hold to be hers: when `sessions_depuis` moves, all of them end."""
        empreinte = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        return f"{empreinte}:{self.sessions_depuis.timestamp()}" if self.sessions_depuis else empreinte

    def has_usable_password(self) -> bool:
        """Say no: no door of the site takes a password (tests may still use one)."""
        return False

    @property
    def credit(self) -> str:
        """The words that credit this person, as chosen; empty for « anonymously »."""
        return {"nom": self.nom_affiche, "pseudonyme": self.pseudonyme}.get(self.credit_prefere, "")

    @cached_property
    def roles(self) -> frozenset[str]:
        """The names of the roles held: one query for each object, however often one asks."""
        return frozenset(self.groups.values_list("name", flat=True))

    @cached_property
    def adresse_refusee(self) -> bool:
        """Whether the last e-mail to this address was refused for good: this person hears nothing from us."""
        return Courriel.objects.adresse_refusee(self.email)

    def a_eu(self, *adresses: str) -> bool:
        """Say whether one of these addresses is hers, or was: one stays who one was after a change."""
        lues = {adresse.strip().lower() for adresse in adresses} - {""}
        if not lues or self.email in lues:
            return bool(lues)
        empreintes = [empreinte for adresse in lues for empreinte in AncienneAdresse.empreintes(adresse)]
        connues = Q(adresse__in=lues) | Q(empreinte__in=empreintes)
        return self.anciennes_adresses.filter(connues).exists()

    @property
    def est_administrateur(self) -> bool:
        return self.is_superuser or Role.ADMINISTRATEUR in self.roles

    @property
    def est_moderateur(self) -> bool:
        return self.est_administrateur or Role.MODERATEUR in self.roles

    @property
    def est_de_confiance(self) -> bool:
        return self.est_moderateur or Role.CONFIANCE in self.roles

    @property
    def est_correspondant(self) -> bool:
        return Role.CORRESPONDANT in self.roles


class LimiteQuerySet(models.QuerySet["Limite"]):
    def a_oublier(self) -> "models.QuerySet[Limite]":
        """The windows that are over, and those an astray clock has opened in a future nobody will wait for."""
        maintenant = timezone.now()
        return self.filter(Q(fin__lte=maintenant) | Q(fin__gt=maintenant + FENETRE_MAX + CROYABLE))


class Limite(models.Model):
    """How often one thing was asked in the window that ends at `fin`; written by comptes/limites.py alone."""

    cle = models.CharField("clé", primary_key=True, max_length=64, help_text="Une empreinte : ni adresse, ni personne.")
    nombre = models.PositiveIntegerField("demandes")
    fin = models.DateTimeField("fin de la fenêtre", db_index=True)

    objects = LimiteQuerySet.as_manager()

    class Meta:
        verbose_name = "limite"

    def __str__(self) -> str:
        return f"{self.nombre} jusqu’au {self.fin:%d/%m/%Y %H:%M}"


class AncienneAdresse(models.Model):
    """An address an account had. In clear for a week, to undo the change; then only what recognises it (`empreinte`).

    The rows are written by a trigger of the accounts.
    """

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="anciennes_adresses")
    adresse = models.EmailField("adresse", blank=True)
    empreinte = models.CharField("empreinte", max_length=64, blank=True, db_index=True)
    changee_le = models.DateTimeField("changée le")
    jeton = models.CharField("jeton", max_length=40, null=True, unique=True)  # unique: no two empty ones

    class Meta:
        verbose_name = "ancienne adresse"
        constraints = [
            models.CheckConstraint(name="ancienne_adresse_ou_empreinte", condition=~Q(adresse="", empreinte=""))
        ]

    def __str__(self) -> str:
        return f"Ancienne adresse du compte n° {self.utilisateur_id}"

    @staticmethod
    def empreintes(adresse: str) -> list[str]:
        """Return what recognises an address, by the present key then by the former ones."""
        cles = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        propre = adresse.strip().lower()
        return [salted_hmac("comptes.adresse", propre, secret=cle, algorithm="sha256").hexdigest() for cle in cles]
