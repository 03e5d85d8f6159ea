"""The fiche and what it is made of: published projection, immutable versions, sources, figures; the edition of all."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from fiches.citations import Citation
from fiches.dates import ColonneDatePartielle
from fiches.gabarits import GABARITS, Gabarit, Nature, Section
from fiches.models.vocabulaires import Public, Theme
from fiches.sources import ChampContenu, numeros, par_document
from territoires.models import Inclusion, PrecisionAnnee

LOURDES = ("contenu", "recherche", "noms", "titre_normalise", "mots", "credits")  # the columns that no list shows


def concerne(territoire) -> Q:
    """Select the fiches attached to this territory, to what it lies in, or to what lies in it."""
    haut = Inclusion.objects.filter(contenu=territoire).values("contenant")
    bas = Inclusion.objects.filter(contenant=territoire).values("contenu")
    lies = Fiche.territoires.through.objects.filter(Q(territoire__in=haut) | Q(territoire__in=bas))
    return Q(pk__in=lies.values("fiche"))


class FicheQuerySet(models.QuerySet):
    def visibles_pour(self, utilisateur=None) -> Self:
        """Return what this person may read: for everybody, the published fiches and no other."""
        return self.filter(etat=Fiche.Etat.PUBLIEE)

    def hors_de_vue(self) -> Self:
        """Return the fiches that the public could read and no longer can."""
        return self.filter(etat__in=[Fiche.Etat.MASQUEE, Fiche.Etat.ARCHIVEE]).select_related("remplacee_par")

    def sur_territoires(self, ids) -> Self:
        """Return the fiches attached to one of these territories."""
        attachees = Fiche.territoires.through.objects.filter(territoire__in=ids).values("fiche")
        return self.filter(pk__in=attachees)

    def concernant(self, territoire) -> Self:
        return self.filter(concerne(territoire))

    def en_cartes(self) -> Self:
        return self.defer(*LOURDES)

    def nommees(self) -> Self:
        """Keep what it takes to name them and to lead to them."""
        return self.defer(*LOURDES, "rendu")


class Fiche(models.Model):
    """A page of the base. What the public reads is exactly its last `Version`, projected here by `edition.publier`."""

    class Etat(models.TextChoices):
        EN_PREPARATION = "en_preparation", "En préparation"
        PUBLIEE = "publiee", "Publiée"
        MASQUEE = "masquee", "Masquée"
        ARCHIVEE = "archivee", "Archivée"

    nature = models.CharField("nature", max_length=10, choices=Nature)
    slug = models.SlugField("identifiant", max_length=120)
    titre = models.CharField("titre", max_length=150)
    resume = models.CharField("résumé", max_length=300, blank=True)
    contenu = ChampContenu("contenu de la dernière version", default=dict)
    rendu = models.JSONField("ce que les pages affichent, calculé à la publication", default=dict)
    mots = models.TextField("sigles, autres noms et lieux, pour la recherche", blank=True)
    themes = models.ManyToManyField(Theme, related_name="fiches", verbose_name="thématiques", blank=True)
    publics = models.ManyToManyField(Public, related_name="fiches", verbose_name="publics", blank=True)
    territoires = models.ManyToManyField(
        "territoires.Territoire", related_name="fiches", verbose_name="territoires", blank=True
    )
    etat = models.CharField("état", max_length=15, choices=Etat, default=Etat.EN_PREPARATION)
    numero = models.PositiveIntegerField("numéro de la dernière version", default=0)
    completude = models.PositiveSmallIntegerField("complétude (%)", default=0)
    credits = models.JSONField("crédits", default=list)
    publiee_le = models.DateTimeField("première publication", null=True)
    modifiee_le = models.DateTimeField("dernière modification", null=True)
    relue_le = models.DateField("dernière relecture", null=True)
    # By address, the links that no longer answer: {"etat": "morte" or "douteuse", "depuis": day}. Here and not on
    # Source, for the page reads its sources from this row; written by `edition.noter_lien` only.
    liens_rompus = models.JSONField("liens qui ne répondent pas", default=dict, blank=True)
    # Why the public no longer reads it, said on its address: since when, in words, and what took its place.
    etat_depuis = models.DateTimeField("dans cet état depuis", null=True)
    etat_explication = models.TextField("explication publique", blank=True)
    remplacee_par = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="remplace", verbose_name="remplacée par"
    )
    recherche = models.GeneratedField(
        expression=RawSQL(
            # The names weigh most, then the summary, then the sections.
            "setweight(to_tsvector('fr'::regconfig, normalise_texte(titre || ' ' || mots)), 'A')"
            " || setweight(to_tsvector('fr'::regconfig, normalise_texte(resume)), 'B')"
            " || setweight(jsonb_to_tsvector('fr'::regconfig,"
            " coalesce(normalise_textes(contenu->'sections'), '{}'), '[\"string\"]'), 'C')",
            (),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    # The names alone: what is proposed as one types reads them, not the vectors of whole texts.
    noms = models.GeneratedField(
        expression=RawSQL("to_tsvector('fr'::regconfig, normalise_texte(titre || ' ' || mots))", ()),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    titre_normalise = models.GeneratedField(
        expression=RawSQL("normalise_nom(titre)", ()), output_field=models.TextField(), db_persist=True
    )

    objects = FicheQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche"
        ordering = ["titre"]
        constraints = [
            models.UniqueConstraint(fields=["nature", "slug"], name="fiche_adresse_unique"),
            models.CheckConstraint(
                name="fiche_publiee_a_une_version",
                condition=~Q(etat="publiee") | (Q(numero__gte=1) & Q(publiee_le__isnull=False)),
            ),
            models.CheckConstraint(
                name="fiche_hors_de_vue_expliquee",
                condition=~Q(etat__in=["masquee", "archivee"])
                | (Q(etat_depuis__isnull=False) & ~Q(etat_explication="")),
            ),
            models.CheckConstraint(
                name="fiche_remplacee_est_archivee", condition=Q(remplacee_par__isnull=True) | Q(etat="archivee")
            ),
            models.CheckConstraint(name="fiche_completude_en_pourcent", condition=Q(completude__lte=100)),
        ]
        indexes = [
            GinIndex(fields=["recherche"], name="fiche_recherche"),
            GinIndex(fields=["noms"], name="fiche_noms"),
            models.Index(fields=["etat", "nature"], name="fiche_etat_nature"),
            models.Index(F("modifiee_le").desc(), name="fiche_modifiee_le"),
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse(Nature(self.nature).route, args=[self.slug])

    @property
    def citation(self) -> Citation:
        """How to cite the version that the page shows."""
        return Citation(
            slug=self.slug,
            titre=getattr(self, "nom_complet", self.titre),
            numero=self.numero,
            jour=timezone.localdate(self.modifiee_le),
            adresse=f"{settings.SITE_URL}{self.get_absolute_url()}versions/{self.numero}/",
        )

    def suivante_visible(self) -> "Fiche | None":
        """Return the published fiche that took its place, however many merges away."""
        suivante, vues = self.remplacee_par, {self.pk}
        while suivante and suivante.etat != self.Etat.PUBLIEE and suivante.pk not in vues:
            vues.add(suivante.pk)
            suivante = suivante.remplacee_par
        return suivante if suivante and suivante.etat == self.Etat.PUBLIEE else None

    @property
    def lisible(self) -> "Self | None":
        """The fiche itself if the public may read it: what other pages may name and lead to."""
        return self if self.etat == self.Etat.PUBLIEE else None

    @property
    def gabarit(self) -> Gabarit:
        return GABARITS[self.nature]

    @property
    def sections_remplies(self) -> list[tuple[Section, str]]:
        """The sections that say something, with their HTML, in the order of the gabarit."""
        html = self.rendu["sections"]
        return [(section, mark_safe(html[section.cle])) for section in self.gabarit if section.cle in html]  # noqa: S308

    @property
    def documents_lus(self) -> list[dict]:
        """The documents cited, each with its passages and what is known of its link (`rompu`: nothing, if empty)."""
        return [{**d, "rompu": self.liens_rompus.get(d["url"])} for d in par_document(self.contenu["sources"])]

    @property
    def notes_de_lecture(self) -> list[tuple[int, str]]:
        """What was hard to read in the sources, each with its number."""
        return [(n, source["note"]) for n, source in enumerate(self.contenu["sources"], 1) if source.get("note")]

    @property
    def chiffres_lus(self) -> list[dict]:
        """The figures of the content, each with the number of its source."""
        numero = numeros(self.contenu)
        return [{**chiffre, "source": numero.get(chiffre["source"])} for chiffre in self.contenu["chiffres"]]

    @property
    def sections_vides(self) -> list[Section]:
        return [section for section in self.gabarit if section.cle not in self.rendu["sections"]]

    # What each nature adds to the projection of a version; overridden by the children, called by `edition` only.

    def projeter_particularites(self, contenu: dict) -> None:
        """Set the columns of this nature from a content."""

    def projeter_lignes(self, contenu: dict) -> None:
        """Write the rows that hang on this nature (missions, articulations…) from a content."""

    def particularites_rendues(self, contenu: dict) -> dict:
        """Return what this nature adds to what the pages show, names resolved."""
        return {}

    def mots_propres(self) -> list[str]:
        """Return the words, other than the title, by which one looks for this fiche."""
        return []


class Version(models.Model):
    """A published snapshot: immutable (a trigger refuses UPDATE and DELETE), numbered from 1 within its fiche."""

    MOTIF_MAX = 300

    fiche = models.ForeignKey(Fiche, models.PROTECT, related_name="versions", verbose_name="fiche")
    numero = models.PositiveIntegerField("numéro")
    contenu = ChampContenu("contenu")
    credits = models.JSONField("crédits", default=list)
    motif = models.CharField("motif", max_length=MOTIF_MAX)
    publiee_le = models.DateTimeField("publiée le")
    publiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="publiée par"
    )

    class Meta:
        verbose_name = "version"
        ordering = ["fiche", "-numero"]
        constraints = [
            models.UniqueConstraint(fields=["fiche", "numero"], name="version_numero_unique"),
            models.CheckConstraint(name="version_numero_positif", condition=Q(numero__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.fiche}, version {self.numero}"

    @property
    def precedente(self) -> "Version | None":
        """The version that it took the place of."""
        return Version.objects.filter(fiche=self.fiche_id, numero=self.numero - 1).first()


class Source(models.Model):
    """A source of a fiche, with the number that its page shows (its key is in the content: fiches/sources.py)."""

    fiche = models.ForeignKey(Fiche, models.CASCADE, related_name="sources", verbose_name="fiche")
    numero = models.PositiveSmallIntegerField("numéro")
    titre = models.CharField("titre", max_length=300)
    organisation = models.CharField("organisation", max_length=200, blank=True)
    date = ColonneDatePartielle("date")
    apres = models.PositiveSmallIntegerField("sans date, postérieure à", null=True)
    repere = models.CharField("repère dans le document", max_length=200, blank=True)
    url = models.URLField("adresse", max_length=500, blank=True)
    note = models.CharField("note de lecture", max_length=600, blank=True, db_default="")

    class Meta:
        verbose_name = "source"
        ordering = ["fiche", "numero"]
        constraints = [models.UniqueConstraint(fields=["fiche", "numero"], name="source_numero_unique")]

    def __str__(self) -> str:
        return self.titre


class Chiffre(models.Model):
    """A figure: the database refuses one without unit, year or source."""

    fiche = models.ForeignKey(Fiche, models.CASCADE, related_name="chiffres", verbose_name="fiche")
    ordre = models.PositiveSmallIntegerField("ordre")
    libelle = models.CharField("ce qui est compté", max_length=200)
    valeur = models.DecimalField("valeur", max_digits=14, decimal_places=3)
    qualificatif = models.CharField("qualificatif", max_length=20, blank=True)
    unite = models.CharField("unité", max_length=60)
    annee = models.PositiveSmallIntegerField("année")
    precision_annee = models.CharField("précision de l’année", max_length=12, choices=PrecisionAnnee)
    source = models.ForeignKey(Source, models.CASCADE, related_name="chiffres", verbose_name="source")
    geographie_qpv = models.PositiveSmallIntegerField("géographie des QPV", null=True)
    attendu = models.BooleanField("résultat attendu, non obtenu", default=False)
    note = models.CharField("note", max_length=300, blank=True)

    class Meta:
        verbose_name = "chiffre"
        ordering = ["fiche", "ordre"]
        constraints = [
            models.CheckConstraint(name="chiffre_avec_unite", condition=~Q(unite="")),
            models.CheckConstraint(name="chiffre_annee_plausible", condition=Q(annee__range=(1900, 2100))),
            models.CheckConstraint(
                name="chiffre_geographie_qpv_connue",
                condition=Q(geographie_qpv__isnull=True) | Q(geographie_qpv__in=[2015, 2024]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.libelle} : {self.valeur.normalize():f} {self.unite} ({self.annee})"


class Edition(models.Model):
    """The single row whose number grows with every change of what the public reads: the key of every cache."""

    numero = models.PositiveBigIntegerField("numéro", default=0)

    class Meta:
        verbose_name = "édition"
        constraints = [models.CheckConstraint(name="edition_unique", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"Édition {self.numero}"

    @classmethod
    def avancer(cls) -> None:
        cls.objects.filter(pk=1).update(numero=F("numero") + 1)
