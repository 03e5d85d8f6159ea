"""Proposition: a candidate change of a fiche, or a new one. Depot: one handing in of it, never rewritten."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.core.signing import Signer
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import cached_property

from comparaison.accord import accorder
from contributions.models.examen import Examinable, Tournures, nouveau_jeton
from contributions.models.regles_de_file import RegleDeFile
from fiches.formats import CONSTAT, convertir
from fiches.gabarits import Nature
from fiches.models import Fiche, Version
from fiches.sources import Contenu, actuel
from fiches.unites import avec

ABSENCE = "absence"  # in a deposit on a kind of scheme: no unit of its fiche, but a fact about a territory
RENDUE = ("demander_corrections", "deplacer")  # what gives a text back to its author
SANS_REPONSE = timedelta(days=61)  # after which a text whose corrections nobody answered is put away


class Motif(models.TextChoices):
    """Why something is not published: a closed list, so that refusals can be counted (page « Transparence »)."""

    SOURCE_INSUFFISANTE = "source_insuffisante", "Source absente ou insuffisante"
    INEXACT = "inexact", "Information inexacte"
    PROMOTIONNEL = "promotionnel", "Contenu promotionnel"
    DOUBLON = "doublon", "Doublon"
    HORS_CHAMP = "hors_champ", "Hors du champ de la fiche"
    DONNEE_PERSONNELLE = "donnee_personnelle", "Donnée personnelle"
    DROITS = "droits", "Droit d’auteur"
    ILLICITE = "illicite", "Contenu illicite"
    PAS_CLAIR = "pas_clair", "Texte à préciser"
    AUTRE = "autre", "Autre motif"


class PropositionQuerySet(models.QuerySet):
    def ouvertes(self) -> Self:
        """Return those that moderators have, or will have when the address is confirmed or the text corrected."""
        return self.filter(statut__in=Proposition.OUVERTES)

    def a_traiter(self) -> Self:
        """Return those that wait for a moderator."""
        return self.filter(statut__in=Proposition.A_TRAITER)

    def acceptees(self) -> Self:
        """Return those of which something is published."""
        return self.filter(statut__in=[Proposition.Statut.ACCEPTEE, Proposition.Statut.ACCEPTEE_EN_PARTIE])

    def d_inconnus(self) -> Self:
        """Return those of people of whom nothing was accepted yet, who hold no role nor a link that the site sent."""
        acceptees = Proposition.objects.acceptees()
        return (
            self.filter(reponses=None)
            .exclude(auteur__groups__isnull=False)
            .exclude(auteur__in=acceptees.filter(auteur__isnull=False).values("auteur"))
            .exclude(courriel__in=acceptees.exclude(courriel="").values("courriel"))
        )

    def visibles_pour(self, utilisateur) -> Self:
        """Return what this person may read among propositions: hers; for moderators, all that was handed in."""
        if utilisateur.est_moderateur:
            return self.exclude(statut__in=[Proposition.Statut.BROUILLON, Proposition.Statut.A_CONFIRMER])
        return self.filter(auteur=utilisateur)


class Proposition(Examinable):
    class Statut(models.TextChoices):
        BROUILLON = "brouillon", "Brouillon"
        A_CONFIRMER = "a_confirmer", "Adresse à confirmer"
        SOUMISE = "soumise", "Déposée"
        EN_EXAMEN = "en_examen", "En cours d’examen"
        CORRECTIONS_DEMANDEES = "corrections_demandees", "Corrections demandées"
        ACCEPTEE = "acceptee", "Acceptée"
        ACCEPTEE_EN_PARTIE = "acceptee_en_partie", "Acceptée en partie"
        ECARTEE = "ecartee", "Écartée"
        RETIREE = "retiree", "Retirée"
        PUBLIEE = "publiee", "Publiée par une personne habilitée"

    A_TRAITER: ClassVar = (Statut.SOUMISE, Statut.EN_EXAMEN)
    OUVERTES: ClassVar = (Statut.A_CONFIRMER, *A_TRAITER, Statut.CORRECTIONS_DEMANDEES)
    DECIDEES: ClassVar = (Statut.ACCEPTEE, Statut.ACCEPTEE_EN_PARTIE, Statut.ECARTEE)
    ADVERSES: ClassVar = (Statut.ACCEPTEE_EN_PARTIE, Statut.ECARTEE)

    TOURNURES = Tournures("Cette proposition", "décidée", "prise")

    class Credit(models.TextChoices):
        NOM = "nom", "Sous mon nom, ou celui de ma structure"
        PSEUDONYME = "pseudonyme", "Sous un pseudonyme"
        ANONYME = "anonyme", "Anonymement"

    class Type(models.TextChoices):
        CORRECTION = "correction", "une correction"
        MISE_A_JOUR = "mise_a_jour", "une mise à jour"
        AJOUT = "ajout", "un ajout"
        SOURCE = "source", "une source"

    jeton = models.CharField("jeton du lien de suivi", max_length=40, unique=True, default=nouveau_jeton)
    nature = models.CharField("nature", max_length=10, choices=Nature)
    fiche = models.ForeignKey(
        Fiche, models.PROTECT, null=True, blank=True, related_name="propositions", verbose_name="fiche"
    )
    titre = models.CharField("titre de la fiche", max_length=150)
    statut = models.CharField("statut", max_length=25, choices=Statut, default=Statut.BROUILLON)
    # All that was typed last, as the browser posted it: a draft is never refused, whatever it holds.
    saisie = models.JSONField("dernière saisie", default=dict)
    base = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+", verbose_name="version lue")
    dossier = models.ForeignKey(
        "contributions.Dossier",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="propositions",
        verbose_name="répond au signalement",
    )
    # Answers sent together have one link and one e-mail, those of the first.
    meneuse = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="suivantes", verbose_name="envoyée avec"
    )
    lot = models.ForeignKey(
        "contributions.Lot", models.PROTECT, null=True, blank=True, related_name="propositions", verbose_name="lot"
    )
    ligne = models.PositiveIntegerField("ligne du tableau", null=True, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="propositions",
        verbose_name="auteur",
    )
    courriel = models.EmailField("adresse de suivi", blank=True)
    reseau = models.CharField("réseau d’origine (empreinte)", max_length=64, blank=True)
    voisins = models.CharField("réseau voisin (empreinte)", max_length=64, blank=True, default="", db_default="")
    credit = models.CharField("crédit", max_length=10, choices=Credit, default=Credit.ANONYME)
    credit_nom = models.CharField("nom affiché", max_length=100, blank=True)
    credit_lien = models.URLField("lien", max_length=300, blank=True)
    credit_role = models.CharField("rôle", max_length=100, blank=True)
    charte = models.CharField("version de la charte acceptée", max_length=20, blank=True)
    licence = models.CharField("licence acceptée", max_length=40, blank=True)
    creee_le = models.DateTimeField("commencée le", default=timezone.now)
    modifiee_le = models.DateTimeField("dernière saisie le", default=timezone.now)
    deposee_le = models.DateTimeField("déposée le", null=True, blank=True)
    confirmee_le = models.DateTimeField("adresse confirmée le", null=True, blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    motif = models.CharField("motif", max_length=25, choices=Motif, blank=True)
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="propositions", verbose_name="version publiée"
    )
    # Which rule set it apart as undesirable, and the trace that it shares with others; it waits all the same.
    mise_a_part = models.CharField(
        "mise à part", max_length=15, choices=RegleDeFile.Cle, blank=True, default="", db_default=""
    )
    vague = models.CharField("vague", max_length=64, blank=True, default="", db_default="")

    objects = PropositionQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="proposition_decidee_par_quelqu_un",
                condition=~Q(statut__in=["acceptee", "acceptee_en_partie", "ecartee"])
                | Q(decidee_par__isnull=False, decidee_le__isnull=False, close_le__isnull=False),
            ),
            models.CheckConstraint(
                name="proposition_refus_motive",
                condition=~Q(statut__in=["acceptee_en_partie", "ecartee"]) | (~Q(motif="") & ~Q(explication="")),
            ),
            models.CheckConstraint(
                name="proposition_corrections_expliquees",
                condition=~Q(statut="corrections_demandees") | ~Q(explication=""),
            ),
            models.CheckConstraint(
                name="proposition_pas_decidee_par_son_auteur",
                condition=Q(auteur__isnull=True) | Q(decidee_par__isnull=True) | ~Q(decidee_par=F("auteur")),
            ),
            models.CheckConstraint(
                name="proposition_acceptee_a_une_version",
                condition=~Q(statut__in=["acceptee", "acceptee_en_partie"])
                | Q(version__isnull=False, fiche__isnull=False),
            ),
            models.CheckConstraint(
                name="proposition_deposee_datee",
                condition=Q(statut__in=["brouillon", "a_confirmer", "retiree"]) | Q(deposee_le__isnull=False),
            ),
            models.CheckConstraint(
                name="proposition_en_examen_prise",
                condition=~Q(statut="en_examen") | Q(prise_par__isnull=False, prise_jusqua__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["statut", "deposee_le"], name="proposition_file"),
            models.Index(fields=["mise_a_part", "vague"], condition=~Q(mise_a_part=""), name="proposition_a_part"),
            models.Index(fields=["courriel"], name="proposition_courriel", condition=~Q(courriel="")),
        ]

    def __str__(self) -> str:
        return f"Proposition n° {self.pk}"

    @property
    def adresse_au_poste(self) -> str:
        """Where moderators work on it."""
        return reverse("examiner", args=[self.pk])

    def get_absolute_url(self) -> str:
        """The follow-up page: secret, it is only ever given to the author."""
        return reverse("suivi", args=[self.jeton])

    @property
    def nouvelle_fiche(self) -> bool:
        return self.base_id is None

    @property
    def depot(self) -> "Depot | None":
        """What was last handed in."""
        return self.depots.order_by("-numero").first()

    @property
    def decision(self) -> "Proposition":
        """The row that holds the decision; a report's is its case."""
        return self

    @property
    def contestable(self) -> bool:
        """Something was refused."""
        return self.statut in self.ADVERSES

    @property
    def adresse(self) -> str:
        """The address to write to; empty once erased."""
        return self.auteur.email if self.auteur else self.courriel

    @property
    def cle_de_confirmation(self) -> str:
        """Proof that the address answers: a key that only the e-mail sent there carries; another address, another key.

        The secret link is not enough: whoever sends a text is shown it at once, whatever address was typed.
        """
        return Signer(salt="contributions.confirmation").signature(f"{self.pk}:{self.courriel.lower()}")

    def est_confirmee_par(self, cle: str) -> bool:
        return constant_time_compare(cle.encode(errors="replace"), self.cle_de_confirmation.encode())

    @property
    def adresse_prouvee(self) -> bool:
        """Whether it is known to be that of whoever writes; before, an e-mail holds no word of theirs."""
        return bool(self.auteur_id or self.confirmee_le)

    @property
    def ensemble(self) -> "PropositionQuerySet":
        """All that was sent together with it, and itself, as they were written."""
        meneuse = self.meneuse_id or self.pk
        return Proposition.objects.filter(Q(pk=meneuse) | Q(meneuse=meneuse)).order_by("pk")

    def dite_par_sa_meneuse(self, depot: "Depot") -> bool:
        """The e-mail of the whole speaks for this handing in: for the first one only, what comes later speaks alone."""
        return self.meneuse_id is not None and depot.numero == 1

    @property
    def sans_adresse(self) -> bool:
        """Nobody can be written to about it: its link is all that leads there, and shows what becomes of it."""
        return not self.adresse

    @cached_property
    def par_lien_signe(self) -> bool:
        """An institution answers by it what it was asked."""
        return self.reponses.exists()

    @property
    def adresse_a_confirmer(self) -> bool:
        return bool(self.courriel) and not self.adresse_prouvee

    @property
    def nom_credite(self) -> str:
        return self.credit_nom if self.credit != self.Credit.ANONYME and self.credit_nom else "Contribution anonyme"

    @property
    def mention(self) -> dict[str, str]:
        """How versions credit it; the propositions of a lot, alike: they are credited otherwise all together."""
        cle = f"lot-{self.lot_id}" if self.lot_id else f"proposition-{self.pk}"
        mention = {"cle": cle, "nom": self.nom_credite, "role": "proposition"}
        if self.credit != self.Credit.ANONYME:
            liens = (("lien", self.credit_lien), ("fonction", self.credit_role))
            mention |= {cle: valeur for cle, valeur in liens if valeur}
        return mention

    @property
    def dit_une_absence(self) -> bool:
        depot = self.depot
        return bool(depot and depot.absence)

    @property
    def reprenable(self) -> bool:
        """Its text may be handed in again; the form of a whole fiche would lose what an absence says."""
        return self.statut in (self.Statut.BROUILLON, *self.OUVERTES) and not self.dit_une_absence

    @property
    def modifiable(self) -> bool:
        """Its author may still change its text, and nobody reads it at this moment."""
        return self.statut != self.Statut.EN_EXAMEN and self.reprenable

    @property
    def rangee_le(self) -> datetime | None:
        """When a text whose corrections nobody answers is put away: never while its author awaits an answer."""
        if self.statut != self.Statut.CORRECTIONS_DEMANDEES or self.messages.sans_reponse().exists():
            return None
        demande = self.journal.filter(verbe__in=RENDUE).latest("pk").le
        dernier = self.messages.filter(le__gt=demande).order_by("-le").first()
        return (dernier.le if dernier else demande) + SANS_REPONSE


class Depot(models.Model):
    """One handing in of a proposition: what it changes, on which version, why. A trigger refuses any rewriting."""

    proposition = models.ForeignKey(Proposition, models.PROTECT, related_name="depots", verbose_name="proposition")
    numero = models.PositiveSmallIntegerField("numéro")
    base = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+", verbose_name="version lue")
    recus = models.JSONField("unités changées, telles que reçues", db_column="changements")
    pourquoi = models.CharField("ce qui change, et pourquoi", max_length=300)
    type = models.CharField("type", max_length=12, choices=Proposition.Type, blank=True)
    depose_le = models.DateTimeField("déposé le", default=timezone.now)
    # How long is the passage that it rewrites, before and after; nothing of what is no small change, whatever its size.
    avant = models.PositiveIntegerField("signes du passage avant", null=True)
    apres = models.PositiveIntegerField("signes du passage après", null=True)

    class Meta:
        verbose_name = "dépôt"
        ordering = ["proposition", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["proposition", "numero"], name="depot_numero_unique"),
            models.CheckConstraint(name="depot_explique", condition=~Q(pourquoi="")),
        ]

    def __str__(self) -> str:
        return f"{self.proposition}, dépôt {self.numero}"

    @property
    def absence(self) -> dict[str, str] | None:
        """What it says is not somewhere (`territoire`, `constatee_le`, `source`), when it says nothing of a fiche."""
        return self.recus.get(ABSENCE)

    @property
    def lue(self) -> Contenu:
        """The content that the author read, empty for a fiche that did not exist."""
        return self.base.contenu if self.base else {}

    @cached_property
    def changements(self) -> Contenu:
        """The units changed, in the words of the present format."""
        return convertir(self.recus, self.lue if self.base_id and self.recus.keys() & {*CONSTAT} else None)

    @cached_property
    def proposee(self) -> Contenu:
        """The content that the author wants, its sources called by the keys of the one she read.

        Handed in before sources had keys, they are recognised by what they are.
        """
        voulue = avec(self.lue, self.changements)
        recue = self.changements.get("sources", [])
        return actuel(voulue) if all("cle" in source for source in recue) else accorder(self.lue, actuel(voulue))
