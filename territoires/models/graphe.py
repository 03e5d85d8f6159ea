"""Territories of France, what contains what, what became of the former ones.

Public keys are official codes (INSEE, SIREN, QPV); a named perimeter without one has a key of ours. A territory is
never deleted: it is closed, with its successors.
"""

from collections.abc import Iterable, Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse

from francais.balises import enumeration
from francais.caracteres import alphabetique


class TerritoireQuerySet(models.QuerySet):
    def actifs(self) -> "TerritoireQuerySet":
        return self.filter(fin__isnull=True)

    def designes_par(self, designations: Iterable[str]) -> "TerritoireQuerySet":
        """Return the territories named by these public designations, `nature:code` (unknown ones are left out)."""
        condition = Q(pk__in=[])
        codes: dict[str, list[str]] = {}
        for designation in designations:
            nature, _, code = designation.partition(":")
            if nature in Territoire.Nature and "\0" not in code:
                codes.setdefault(nature, []).append(code)
        for nature, liste in codes.items():
            condition |= Q(nature=nature, code__in=liste)
        return self.filter(condition)

    def contenus_dans(self, territoire: "Territoire") -> "TerritoireQuerySet":
        """Return what lies in this territory, wholly or in part, itself excluded."""
        return self.filter(inclusions__contenant=territoire).exclude(pk=territoire.pk)

    def contenant(self, territoire: "Territoire") -> "TerritoireQuerySet":
        """Return what this territory lies in, wholly or in part, itself excluded."""
        return self.filter(inclus__contenu=territoire).exclude(pk=territoire.pk)

    def dans(self, territoire: "Territoire") -> "TerritoireQuerySet":
        """Return this territory and what lies in it, wholly or in part."""
        return self.filter(inclusions__contenant=territoire)

    def situes(self) -> "TerritoireQuerySet":
        """Add the names of what each one lies in: `communes`, of a QPV, and `intercommunalites`."""
        return self.annotate(communes=communes_du_quartier("pk"), intercommunalites=intercommunalites_de("pk"))


class Territoire(models.Model):
    class Nature(models.TextChoices):
        """From the widest to the smallest, as pages list them."""

        REGION = "region", "Région"
        DEPARTEMENT = "departement", "Département"
        PERIMETRE = "perimetre", "Territoire de projet"
        EPCI = "epci", "Intercommunalité"
        COMMUNE = "commune", "Commune"
        QPV = "qpv", "Quartier prioritaire"

    class SousNature(models.TextChoices):
        CC = "CC", "Communauté de communes"
        CA = "CA", "Communauté d’agglomération"
        CU = "CU", "Communauté urbaine"
        METRO = "METRO", "Métropole"
        MET69 = "MET69", "Métropole de Lyon"
        EPT = "EPT", "Établissement public territorial"
        COM = "COM", "Collectivité d’outre-mer"  # stands with the départements
        PETR = "PETR", "Pôle d’équilibre territorial et rural"
        PAYS = "PAYS", "Pays"
        POLE = "POLE", "Pôle métropolitain"

    # The natures that have fellows to be compared with: a région has too few.
    COMPARABLES = (Nature.DEPARTEMENT, Nature.EPCI, Nature.COMMUNE)

    nature = models.CharField("nature", max_length=11, choices=Nature)
    sous_nature = models.CharField("sous-nature", max_length=5, choices=SousNature, blank=True)
    code = models.CharField("code officiel, ou clé d’un territoire de projet", max_length=60)
    nom = models.CharField("nom", max_length=200)
    autres_noms = ArrayField(models.CharField(max_length=200), verbose_name="autres noms", default=list, blank=True)
    departements = ArrayField(models.CharField(max_length=3), verbose_name="départements", default=list, blank=True)
    codes_postaux = ArrayField(models.CharField(max_length=5), verbose_name="codes postaux", default=list, blank=True)
    population = models.PositiveIntegerField("population", null=True)
    population_annee = models.PositiveSmallIntegerField("année de la population", null=True)
    population_source = models.CharField("source de la population", max_length=200, blank=True)
    longitude = models.FloatField("longitude", null=True)
    latitude = models.FloatField("latitude", null=True)
    debut = models.DateField("début", null=True)
    fin = models.DateField("fin", null=True)
    millesime = models.PositiveSmallIntegerField("millésime de la source")
    # « |rouen|ville de rouen| »: every name, normalised, between bars, so that one trigram index answers whole names,
    # beginnings, words and misspellings alike.
    cles = models.GeneratedField(
        expression=RawSQL("normalise_noms(nom || autres_noms)", ()), output_field=models.TextField(), db_persist=True
    )

    # Given by `recherche.chercher` to what it finds.
    precision: str
    exact: bool
    # Given by `situes`.
    communes: Sequence[str] = ()
    intercommunalites: Sequence[str] = ()
    # Given by pages, for `millesimes.mention`.
    millesimes: Sequence[dict] = ()

    objects = TerritoireQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(fields=["nature", "code"], name="territoire_code_unique"),
            models.CheckConstraint(
                name="territoire_population_datee",
                condition=Q(population__isnull=True) | Q(population_annee__isnull=False) & ~Q(population_source=""),
            ),
            models.CheckConstraint(
                name="territoire_dates_dans_l_ordre",
                condition=Q(debut__isnull=True) | Q(fin__isnull=True) | Q(fin__gte=F("debut")),
            ),
        ]
        indexes = [
            GinIndex(OpClass(F("cles"), name="gin_trgm_ops"), name="territoire_cles"),
            GinIndex(RawSQL("string_to_array(cles, '|')", ()), name="territoire_noms_entiers"),
            GinIndex(fields=["codes_postaux"], name="territoire_codes_postaux"),
            models.Index(fields=["code"], name="territoire_code"),
            # The territories nearest in population, for « Territoires semblables ».
            models.Index(fields=["nature", "population"], name="territoire_population", condition=Q(fin__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.nom_complet

    def get_absolute_url(self) -> str:
        return reverse("territoires:page", args=[self.nature, self.code])

    @property
    def designation(self) -> str:
        """`commune:76540`: the public key, in content files and addresses."""
        return f"{self.nature}:{self.code}"

    @property
    def nom_complet(self) -> str:
        """The name with what tells homonyms apart: its départements."""
        if self.nature in (self.Nature.REGION, self.Nature.DEPARTEMENT) or not self.departements:
            return f"{self.nom} ({self.code})" if self.nature == self.Nature.DEPARTEMENT else self.nom
        return f"{self.nom} ({', '.join(self.departements)})"

    @property
    def nom_situe(self) -> str:
        """The name, that of a QPV with its communes: « Centre ville, Elbeuf »."""
        return f"{self.nom}, {enumeration(self.communes)}" if self.communes else self.nom

    @property
    def titre(self) -> str:
        """The name that no other territory has, a QPV being `situes`: « Centre ville, Elbeuf (76) », « Paris (75) »."""
        sorte = f", {self.type_en_mots.lower()}" if self.nature in (self.Nature.REGION, self.Nature.DEPARTEMENT) else ""
        return f"{self.nom_situe}{self.nom_complet.removeprefix(self.nom)}{sorte}"

    @property
    def rang_alphabetique(self) -> tuple:
        """What sorts territories as a French dictionary does, QPV under the name of their commune."""
        return alphabetique(self.communes[0] if self.communes else ""), alphabetique(self.nom), self.code

    @property
    def type_en_mots(self) -> str:
        """What it is, in words: « Métropole », « Établissement public territorial », « Commune »…"""
        sorte = self.SousNature(self.sous_nature) if self.sous_nature else self.Nature(self.nature)
        return str(sorte.label)

    @property
    def est_ferme(self) -> bool:
        return self.fin is not None

    @property
    def devenir(self) -> str:
        """What became of a closed territory, in a sentence. One query."""
        noms = [f"{s.nouveau.nom} ({s.nouveau.code})" for s in self.successeurs.select_related("nouveau")]
        verbe = "a rejoint" if len(noms) == 1 else "a laissé place à" if noms else "n’existe plus"
        suite = " ".join([CELUI_CI[self.nature], verbe, ", ".join(sorted(noms))]).strip()
        return f"{self.nom} ({self.code})\u00a0: {suite}."


CELUI_CI = {
    "region": "cette région",
    "departement": "ce département",
    "perimetre": "ce territoire de projet",
    "epci": "cette intercommunalité",
    "commune": "cette commune",
    "qpv": "ce quartier prioritaire",
}


class Inclusion(models.Model):
    """The stored closure of « lies in », each territory in itself included.

    `directe`: a fact from an official file. The others are derived from facts by `hierarchie`, never by blind
    transitivity: an EPCI astride two départements lies in both in part, each of its communes in one only.
    """

    contenu = models.ForeignKey(Territoire, models.CASCADE, related_name="inclusions", verbose_name="contenu")
    contenant = models.ForeignKey(Territoire, models.CASCADE, related_name="inclus", verbose_name="contenant")
    partielle = models.BooleanField("en partie", default=False)
    directe = models.BooleanField("fait officiel", default=False)
    millesime = models.PositiveSmallIntegerField("millésime")

    class Meta:
        verbose_name = "inclusion"
        constraints = [models.UniqueConstraint(fields=["contenu", "contenant"], name="inclusion_unique")]

    def __str__(self) -> str:
        return f"{self.contenu} ⊂ {self.contenant}"


def communes_du_quartier(chemin: str) -> ArraySubquery:
    """Return the names of the communes where the QPV of this column lies; none for any other territory."""
    return _contenants(chemin, Q(contenant__nature="commune", contenu__nature="qpv"))


def intercommunalites_de(chemin: str) -> ArraySubquery:
    """Return the names of the EPCI where the territory of this column lies, the EPT of Grand Paris left out."""
    return _contenants(chemin, Q(contenant__nature="epci") & ~Q(contenant__sous_nature="EPT"))


def _contenants(chemin: str, condition: Q) -> ArraySubquery:
    inclusions = Inclusion.objects.filter(condition, contenu=OuterRef(chemin))
    return ArraySubquery(inclusions.order_by("contenant__nom").values("contenant__nom"))


class Composition(models.Model):
    """What a named perimeter (PETR, pays, pôle métropolitain…) is made of, as a source says it.

    `hierarchie` alone decides what follows: nothing lies in a perimeter whose members are not all known.
    """

    territoire = models.OneToOneField(Territoire, models.CASCADE, primary_key=True, verbose_name="territoire de projet")
    membres = models.ManyToManyField(Territoire, related_name="compositions", verbose_name="membres")
    complete = models.BooleanField("tous les membres sont nommés", default=False)
    # Where it lies for a part, when the members that are known do not say it.
    departements = ArrayField(models.CharField(max_length=3), verbose_name="départements", default=list, blank=True)
    organisation = models.CharField("organisation", max_length=200)
    titre = models.CharField("titre", max_length=300)
    url = models.URLField("adresse", max_length=500, blank=True)
    date = models.CharField("date", max_length=10, blank=True, help_text="2025, 2025-10 ou 2025-10-02")
    lue_le = models.DateField("lue le")
    note = models.CharField("note", max_length=300, blank=True)

    class Meta:
        verbose_name = "composition"
        constraints = [
            models.CheckConstraint(name="composition_sourcee", condition=~Q(organisation="") & ~Q(titre="")),
            models.CheckConstraint(
                name="composition_complete_par_ses_membres", condition=Q(complete=False) | Q(departements=[])
            ),
            models.CheckConstraint(
                name="composition_date_partielle",
                condition=Q(date="") | Q(date__regex=r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"),
            ),
        ]

    def __str__(self) -> str:
        return f"Composition de {self.territoire}"


class Succession(models.Model):
    """What a closed territory became: the old code redirects to the successor."""

    ancien = models.ForeignKey(Territoire, models.CASCADE, related_name="successeurs", verbose_name="ancien")
    nouveau = models.ForeignKey(Territoire, models.CASCADE, related_name="predecesseurs", verbose_name="nouveau")
    date = models.DateField("date", null=True)
    motif = models.CharField("motif", max_length=100, blank=True)

    class Meta:
        verbose_name = "succession"
        constraints = [
            models.UniqueConstraint(fields=["ancien", "nouveau"], name="succession_unique"),
            models.CheckConstraint(name="succession_vers_un_autre", condition=~Q(ancien=F("nouveau"))),
        ]

    def __str__(self) -> str:
        return f"{self.ancien} → {self.nouveau}"
