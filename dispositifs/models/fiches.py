"""Dispositif (a kind of scheme), DispositifLocal (one instance), the matrix of missions, the links between schemes."""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, DateField, DateTimeField, DurationField, ExpressionWrapper, F, Func, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest, TruncDate

from fiches.gabarits import Nature
from fiches.models import Fiche, FicheQuerySet, Vocabulaire
from fiches.sources import numeros
from francais.balises import mois

COMPARES_AU_PLUS = 4  # side by side on one page
# Of any fiche, the day it was last seen: of a local scheme, its last constat.
VUE_LE = Greatest(Coalesce(F("comme_local__constate_le"), TruncDate("modifiee_le")), F("relue_le"))


class Dispositif(Fiche):
    class Categorie(models.TextChoices):
        DEMARCHE = "demarche", "Démarche"
        CONTRAT = "contrat", "Contrat"
        INSTANCE = "instance", "Instance"
        RESEAU = "reseau", "Réseau"
        APPUI = "appui", "Appui"
        PLANIFICATION = "planification", "Planification"
        STRUCTURE = "structure", "Structure"
        MISSION = "mission", "Mission"
        FINANCEMENT = "financement", "Financement"
        METIER = "metier", "Métier"
        CAMPAGNE = "campagne", "Campagne"
        PROGRAMME = "programme", "Programme"
        SERVICE = "service", "Service"

    fiche_ptr = models.OneToOneField(
        Fiche, models.CASCADE, parent_link=True, primary_key=True, related_name="comme_dispositif"
    )
    sigle = models.CharField("sigle", max_length=20, blank=True)
    autres_noms = ArrayField(models.CharField(max_length=150), verbose_name="autres noms", default=list, blank=True)
    categorie = models.CharField("catégorie", max_length=15, choices=Categorie)
    echelle = models.CharField("échelle", max_length=200, blank=True)
    territoire_cible = models.CharField("territoire visé", max_length=200, blank=True)
    porteur_type = models.CharField("porteur habituel", max_length=200, blank=True)
    cadre_legal = models.CharField("cadre légal", max_length=300, blank=True)
    duree_ans = models.PositiveSmallIntegerField("durée habituelle (années)", null=True, blank=True)

    NATURE = Nature.DISPOSITIF
    # Pages of the site that live beside those of the dispositifs; also a constraint of the database (migration 0002).
    ADRESSES_RESERVEES = frozenset({"comparer", "echeancier", "choisir"})

    class Meta:
        verbose_name = "dispositif"

    @property
    def nom_complet(self) -> str:
        return f"{self.titre} ({self.sigle})" if self.sigle else self.titre

    @property
    def nom_court(self) -> str:
        return self.sigle or self.titre

    def projeter_particularites(self, contenu: dict) -> None:
        for champ in ("sigle", "autres_noms", "categorie", "echelle", "territoire_cible", "porteur_type"):
            setattr(self, champ, contenu[champ])
        self.cadre_legal, self.duree_ans = contenu["cadre_legal"], contenu["duree_ans"]

    def projeter_lignes(self, contenu: dict) -> None:
        MissionAssuree.objects.filter(dispositif=self).delete()
        numero = numeros(contenu)
        missions = {mission.slug: mission for mission in Mission.objects.all()}
        MissionAssuree.objects.bulk_create(
            MissionAssuree(
                dispositif=self,
                **{**ligne, "mission": missions[ligne["mission"]], "source": numero[ligne["source"]]},
            )
            for ligne in contenu["missions"]
        )
        Articulation.objects.filter(de=self).delete()
        vers = {d.slug: d for d in Dispositif.objects.filter(slug__in=[a["vers"] for a in contenu["articulations"]])}
        Articulation.objects.bulk_create(
            Articulation(de=self, **{**ligne, "vers": vers[ligne["vers"]], "source": numero[ligne["source"]]})
            for ligne in contenu["articulations"]
        )

    def particularites_rendues(self, contenu: dict) -> dict:
        noms = dict(Mission.objects.values_list("slug", "nom")) if contenu["missions"] else {}
        numero = numeros(contenu)
        missions = [
            {**ligne, "nom": noms[ligne["mission"]], "source": numero.get(ligne["source"])}
            for ligne in contenu["missions"]
        ]
        return {"sigle": self.sigle, "missions": missions}

    def mots_propres(self) -> list[str]:
        return [self.sigle, *self.autres_noms]


class Mission(Vocabulaire):
    class Meta(Vocabulaire.Meta):
        verbose_name = "mission"


class MissionAssuree(models.Model):
    """A cell of the matrix of missions: what a source says of this mission for this dispositif."""

    class Statut(models.TextChoices):
        COMMUN = "commun", "Commun"
        PROPRE = "propre", "Propre"
        NON_PRECISE = "non_precise", "Non précisé par la source"

    dispositif = models.ForeignKey(Dispositif, models.CASCADE, related_name="missions", verbose_name="dispositif")
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="+", verbose_name="mission")
    statut = models.CharField("statut", max_length=12, choices=Statut)
    nuance = models.CharField("nuance", max_length=400, blank=True)
    source = models.PositiveSmallIntegerField("numéro de la source dans la fiche")

    class Meta:
        verbose_name = "mission assurée"
        ordering = ["dispositif", "mission__ordre"]
        constraints = [
            models.UniqueConstraint(fields=["dispositif", "mission"], name="mission_une_fois_par_dispositif")
        ]

    def __str__(self) -> str:
        return f"{self.dispositif} : {self.mission} ({self.get_statut_display()})"


class Articulation(models.Model):
    """A typed link from one dispositif to another, with its source."""

    class Type(models.TextChoices):
        S_INSCRIT_DANS = "s_inscrit_dans", "S’inscrit dans"
        S_ARTICULE_AVEC = "s_articule_avec", "S’articule avec"
        VOLET_SANTE_DE = "volet_sante_de", "Est le volet santé de"
        FINANCE = "finance", "Finance"

    RECIPROQUES = {
        Type.S_INSCRIT_DANS: "Accueille",
        Type.S_ARTICULE_AVEC: "S’articule avec",
        Type.VOLET_SANTE_DE: "A pour volet santé",
        Type.FINANCE: "Est financé par",
    }

    de = models.ForeignKey(Dispositif, models.CASCADE, related_name="articulations", verbose_name="de")
    vers = models.ForeignKey(Dispositif, models.CASCADE, related_name="articulations_inverses", verbose_name="vers")
    type = models.CharField("type", max_length=15, choices=Type)
    precision = models.CharField("précision", max_length=300, blank=True)
    source = models.PositiveSmallIntegerField("numéro de la source dans la fiche")

    class Meta:
        verbose_name = "articulation"
        ordering = ["de", "type", "vers"]
        constraints = [
            models.UniqueConstraint(fields=["de", "vers", "type"], name="articulation_unique"),
            models.CheckConstraint(name="articulation_avec_un_autre", condition=~Q(de=F("vers"))),
        ]

    def __str__(self) -> str:
        return f"{self.de} : {self.get_type_display()} {self.vers}"

    @property
    def reciproque(self) -> str:
        """The words of this link read from its other end."""
        return self.RECIPROQUES[self.Type(self.type)]


class EtatLocal(models.TextChoices):
    """State of a local scheme: derived from its dates, never typed."""

    EN_PROJET = "en_projet", "En projet"
    EN_COURS = "en_cours", "En cours"
    ECHEANCE_PROCHE = "echeance_proche", "Échéance dans moins de douze mois"
    ECHU = "echu", "Échu"
    INCONNU = "inconnu", "Terme inconnu"


CONSTAT_ANCIEN = timedelta(days=730)  # after which what a source said is worth asking again
HORS_VIGUEUR = (EtatLocal.EN_PROJET, EtatLocal.ECHU)  # known, and yet covering nobody today


class DispositifLocalQuerySet(FicheQuerySet):
    def avec_etat(self, jour: date) -> Self:
        """Annotate `terme` (the end given by a source, or estimated from the usual duration of the kind) and
        `etat_local` (an `EtatLocal`) on that day."""
        depart = Coalesce("debut", "signe_le")
        duree = Func(
            F("dispositif__duree_ans"), template="make_interval(years => %(expressions)s)", output_field=DurationField()
        )
        terme = Coalesce("echeance", Cast(ExpressionWrapper(depart + duree, DateTimeField()), DateField()))
        return self.annotate(terme=terme).annotate(
            etat_local=Case(
                When(terme__lt=jour, then=Value(EtatLocal.ECHU)),
                When(terme__lt=jour + timedelta(days=365), then=Value(EtatLocal.ECHEANCE_PROCHE)),
                When(Q(constat=DispositifLocal.Constat.EN_PROJET) | Q(debut__gt=jour), then=Value(EtatLocal.EN_PROJET)),
                When(terme__isnull=False, then=Value(EtatLocal.EN_COURS)),
                default=Value(EtatLocal.INCONNU),
            )
        )

    def par_terme(self, jour: date) -> Self:
        """Keep those whose term is known: first to come, then the latest past."""
        connus = self.avec_etat(jour).filter(terme__isnull=False)
        return connus.order_by(Case(When(terme__gte=jour, then="terme")).asc(nulls_last=True), "-terme", "titre")

    def echus(self, jour: date) -> Self:
        """Keep those past their term on that day, the latest first."""
        return self.avec_etat(jour).filter(etat_local=EtatLocal.ECHU).order_by("-terme", "titre")

    def en_vigueur(self, jour: date) -> Self:
        """Keep what covers somebody on that day: neither a project nor past its term."""
        return self.avec_etat(jour).exclude(etat_local__in=HORS_VIGUEUR)


class DispositifLocal(Fiche):
    class Constat(models.TextChoices):
        """What the source says, on its day."""

        ACTIF = "actif", "Actif"
        SIGNE = "signe", "Signé"
        EN_PROJET = "en_projet", "En projet"
        ADOPTE = "adopte", "Adopté"

    terme: date  # by `avec_etat`, as the next one; None when nobody knows it
    etat_local: str

    fiche_ptr = models.OneToOneField(
        Fiche, models.CASCADE, parent_link=True, primary_key=True, related_name="comme_local"
    )
    dispositif = models.ForeignKey(
        Dispositif, models.PROTECT, null=True, related_name="locaux", verbose_name="dispositif"
    )
    porteur = models.CharField("porteur", max_length=200, blank=True)
    constat = models.CharField("constat", max_length=10, choices=Constat)
    constate_le = models.DateField("constaté le")
    signe_le = models.DateField("signé le", null=True)
    debut = models.DateField("début", null=True)
    echeance = models.DateField("échéance", null=True)
    generation = models.PositiveSmallIntegerField("génération", null=True)
    # A « pays » or a « secteur » has no official code: the territories are then the nearest ones that have.
    perimetre_incertain = models.BooleanField("périmètre incertain", default=False)
    nombre = models.PositiveSmallIntegerField("nombre de postes ou d’équipes décrits", default=1)

    NATURE = Nature.LOCAL
    objects: ClassVar = DispositifLocalQuerySet.as_manager()

    class Meta:
        verbose_name = "dispositif local"
        verbose_name_plural = "dispositifs locaux"
        constraints = [
            models.CheckConstraint(
                name="local_dates_dans_l_ordre",
                condition=Q(echeance__isnull=True) | Q(debut__isnull=True) | Q(echeance__gte=F("debut")),
            ),
            models.CheckConstraint(name="local_nombre_positif", condition=Q(nombre__gte=1)),
        ]

    @property
    def terme_estime(self) -> bool:
        """True when the end shown is computed from the usual duration, not given by a source."""
        return self.echeance is None

    def projeter_particularites(self, contenu: dict) -> None:
        for champ in ("porteur", "constat", "generation", "nombre", "perimetre_incertain"):
            setattr(self, champ, contenu[champ])
        for champ in ("constate_le", "signe_le", "debut", "echeance"):
            setattr(self, champ, contenu[champ] and date.fromisoformat(contenu[champ]))
        slug = contenu["dispositif"]
        self.dispositif = Dispositif.objects.get(slug=slug) if slug else None

    def particularites_rendues(self, contenu: dict) -> dict:
        return {"repere": self.repere}

    @property
    def repere(self) -> str:
        """What a list says of it first: « Actif, vu en mars 2022 », what its source said, on its day."""
        vu = f"vu en {mois(self.constate_le)}" if self.constate_le else ""
        return ", ".join(filter(None, (self.get_constat_display(), vu)))

    @property
    def dispositif_lisible(self) -> Dispositif | None:
        return self.dispositif.lisible if self.dispositif else None

    def mots_propres(self) -> list[str]:
        return [self.dispositif.sigle, self.dispositif.titre] if self.dispositif else []


class Absence(models.Model):
    """A sourced fact: on that day, this territory did not have this dispositif. Not knowing is never an absence."""

    dispositif = models.ForeignKey(Dispositif, models.CASCADE, related_name="absences", verbose_name="dispositif")
    territoire = models.ForeignKey(
        "territoires.Territoire", models.CASCADE, related_name="absences", verbose_name="territoire"
    )
    constatee_le = models.DateField("constatée le")
    precision = models.CharField("précision", max_length=300, blank=True)
    source = models.CharField("source", max_length=300)
    # Kept in step with the content files; False as soon as somebody writes it on the site.
    du_chargement = models.BooleanField("vient des fichiers de contenu", default=False)

    class Meta:
        verbose_name = "absence confirmée"
        constraints = [
            models.UniqueConstraint(fields=["dispositif", "territoire"], name="absence_unique"),
            models.CheckConstraint(name="absence_sourcee", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"Pas de {self.dispositif} à {self.territoire} ({self.constatee_le})"
