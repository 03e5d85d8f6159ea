"""People who sign in: identified by their e-mail address, nothing else."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone


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

    def create_superuser(self, email: str, password: str | None = None, **champs) -> "Utilisateur":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **champs)


class Utilisateur(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField("adresse électronique", unique=True)
    nom_affiche = models.CharField("nom affiché", max_length=100, blank=True)
    is_staff = models.BooleanField("accède à l’administration", default=False)
    is_active = models.BooleanField("actif", default=True)
    inscrit_le = models.DateTimeField("inscrit le", default=timezone.now)

    USERNAME_FIELD = "email"
    objects = UtilisateurManager()

    class Meta:
        verbose_name = "utilisateur"
        constraints = [models.CheckConstraint(name="utilisateur_email_minuscule", condition=Q(email=Lower("email")))]

    def __str__(self) -> str:
        return self.nom_affiche or self.email
