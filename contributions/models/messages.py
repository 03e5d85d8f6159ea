"""Message: what people say to each other about a contribution. Note: what moderators only say among themselves."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from contributions.models.examen import Examinable
from contributions.models.propositions import Proposition
from contributions.models.signalements import Signalement

SUR_UNE_CONTRIBUTION = Q(proposition__isnull=True) ^ Q(signalement__isnull=True)


class MessageQuerySet(models.QuerySet["Message"]):
    def sans_reponse(self) -> Self:
        """What authors wrote and moderators neither answered nor closed, whatever the state of the contribution."""
        return self.filter(de_la_moderation=False, traite_le=None)

    def une_par_conversation(self, *, la_derniere: bool = False) -> "MessageQuerySet":
        """Keep the oldest message of each contribution among these, or the last one."""
        par_contribution = self.order_by().values("proposition", "signalement")
        bornes = par_contribution.annotate(borne=Max("pk") if la_derniere else Min("pk")).values("borne")
        return Message.objects.filter(pk__in=bornes)

    def suivies_par(self, moderateur) -> Self:
        """Keep those of the contributions this moderator holds, decided, or wrote about."""
        des_memes = Q(proposition=OuterRef("proposition")) | Q(signalement=OuterRef("signalement"))
        siennes = Q(Exists(Message.objects.filter(des_memes, auteur=moderateur, de_la_moderation=True)))
        for chemin in ("proposition", "signalement__dossier"):
            siennes |= Q(**{f"{chemin}__decidee_par": moderateur})
            siennes |= Examinable.tenu_par(moderateur, f"{chemin}__")
        return self.filter(siennes)

    def avec_contribution(self) -> Self:
        """Bring with each what it is about, and who holds or decided it."""
        lies = ["auteur"]
        for chemin, examinee in (("proposition", "proposition"), ("signalement", "signalement__dossier")):
            lies += [f"{chemin}__auteur", *(f"{examinee}__{lie}" for lie in ("fiche", "decidee_par", "prise_par"))]
        return self.select_related(*lies).defer("proposition__saisie")

    def avec_les_autres(self) -> Self:
        """Bring with each all the messages of its conversation."""
        lus = Message.objects.select_related("auteur")
        chemins = ("proposition__messages", "signalement__messages")
        return self.prefetch_related(*(models.Prefetch(chemin, lus) for chemin in chemins))

    def comptes(self) -> dict[str, Any]:
        """Return how many contributions these are about (`nombre`), and since when the oldest waits (`depuis`)."""
        nombre = Count("proposition", distinct=True) + Count("signalement", distinct=True)
        return self.order_by().aggregate(nombre=nombre, depuis=Min("le"))


class Message(models.Model):
    proposition = models.ForeignKey(
        Proposition, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name="proposition"
    )
    signalement = models.ForeignKey(
        Signalement, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name="signalement"
    )
    de_la_moderation = models.BooleanField("écrit par la modération")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="auteur"
    )
    unite = models.CharField("remarque sur l’unité", max_length=60, blank=True)
    depot = models.PositiveSmallIntegerField("sur le dépôt", null=True, blank=True)
    texte = models.TextField("texte")
    le = models.DateTimeField("écrit le", default=timezone.now)
    # Of what an author wrote: when moderators answered, or closed without a word; when the whole team was reminded.
    traite_le = models.DateTimeField("répondu ou clos le", null=True, blank=True)
    rappele_le = models.DateTimeField("rappelé à l’équipe le", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="message_sur_une_contribution", condition=SUR_UNE_CONTRIBUTION),
            models.CheckConstraint(
                name="message_traite_s_il_vient_d_un_auteur",
                condition=Q(de_la_moderation=False) | Q(traite_le=None, rappele_le=None),
            ),
        ]
        indexes = [
            models.Index(
                name="message_sans_reponse", fields=["le"], condition=Q(de_la_moderation=False, traite_le=None)
            )
        ]

    def __str__(self) -> str:
        return f"Message du {self.le:%d/%m/%Y}"

    @property
    def contribution(self) -> Proposition | Signalement:
        """What it is about."""
        contribution = self.proposition or self.signalement
        if contribution is None:
            raise ValueError("un message porte sur une contribution")
        return contribution

    @property
    def attend(self) -> bool:
        """An author wrote it, and nobody answered nor closed."""
        return not (self.de_la_moderation or self.traite_le)

    @property
    def adresse_au_poste(self) -> str:
        """Where moderators answer it."""
        return reverse("conversation", args=[self.pk])


class Note(models.Model):
    """A table of its own, so that nothing that shows messages to their authors can show it."""

    proposition = models.ForeignKey(
        Proposition, models.PROTECT, null=True, blank=True, related_name="notes", verbose_name="proposition"
    )
    signalement = models.ForeignKey(
        Signalement, models.PROTECT, null=True, blank=True, related_name="notes", verbose_name="signalement"
    )
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="auteur")
    texte = models.TextField("texte")
    le = models.DateTimeField("écrite le", default=timezone.now)

    class Meta:
        verbose_name = "note interne"
        verbose_name_plural = "notes internes"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="note_sur_une_contribution", condition=SUR_UNE_CONTRIBUTION)]

    def __str__(self) -> str:
        return f"Note du {self.le:%d/%m/%Y}"
