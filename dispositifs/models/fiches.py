"""Dispositif (a kind of scheme), DispositifLocal (one instance), the matrix of missions, the links between schemes."""

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.safestring import SafeString

from dispositifs import cadre_legal
from dispositifs.age import COUVRENT, FINIS, Constat, EtatLocal, Situation, ancien, etat_sql
from fiches.dates import ColonneDatePartielle, dates_canoniques
from fiches.gabarits import Nature
from fiches.models import Fiche, FicheQuerySet, Vocabulaire
from fiches.sources import numeros
from francais.dates import DatePartielle

COMPARES_AU_PLUS = 4  # side by side on one page
# Those one expects to find, or not, in any town with priority neighbourhoods, in the order of pages.
SUIVIS = ("asv", "cls", "clsm", "contrat-de-ville", "rtps", "cmt")


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
    duree_habituelle = models.CharField("durée habituelle", max_length=200, blank=True, db_default="")

    NATURE = Nature.DISPOSITIF

    class Meta:
        verbose_name = "dispositif"

    @property
    def nom_complet(self) -> str:
        return f"{self.titre} ({self.sigle})" if self.sigle else self.titre

    @property
    def nom_court(self) -> str:
        return self.sigle or self.titre

    @property
    def nom_en_phrase(self) -> str:
        """How a sentence names it: « CLS », « contrat de ville »."""
        return self.sigle or f"{self.titre[:1].lower()}{self.titre[1:]}"

    @property
    def derniere_source(self) -> DatePartielle:
        """The date of its most recent source; empty when none is dated."""
        return max((DatePartielle(source["date"]) for source in self.contenu["sources"]), default=DatePartielle())

    @property
    def textes_de_loi(self) -> list[SafeString]:
        """The texts of the legal framework, with links."""
        return cadre_legal.textes(self.cadre_legal, self.contenu["sources"])

    def projeter_particularites(self, contenu: dict) -> None:
        for champ in ("sigle", "autres_noms", "categorie", "echelle", "territoire_cible", "porteur_type"):
            setattr(self, champ, contenu[champ])
        self.cadre_legal, self.duree_habituelle = contenu["cadre_legal"], contenu["duree_habituelle"]

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


class DispositifLocalQuerySet(FicheQuerySet):
    def avec_etat(self, jour: date) -> Self:
        """Annotate `etat_local`, an `EtatLocal`, as it is on that day."""
        return self.annotate(etat_local=etat_sql(jour))

    def par_fin(self, jour: date) -> Self:
        """Keep those whose end is known and holds: first to come, then the latest past.

        An end does not hold for what was over before it, nor for what was seen alive after it.
        """
        a_venir, etat = Q(fin__dernier_jour__gte=jour), "etat_local__in"
        tenues = a_venir & Q(**{etat: [*COUVRENT, EtatLocal.EN_PROJET]}) | ~a_venir & Q(**{etat: FINIS})
        ordre = Case(When(a_venir, then="fin__dernier_jour")).asc(nulls_last=True)
        return self.avec_etat(jour).exclude(fin="").filter(tenues).order_by(ordre, "-fin", "titre")

    def dans_l_etat(self, etat: EtatLocal, jour: date) -> Self:
        return self.avec_etat(jour).filter(etat_local=etat)

    def en_vigueur(self, jour: date) -> Self:
        """Keep what covers somebody on that day: what a source lets one say is in force."""
        return self.avec_etat(jour).filter(etat_local__in=COUVRENT)


class DispositifLocal(Fiche):
    etat_local: str  # by `avec_etat`

    fiche_ptr = models.OneToOneField(
        Fiche, models.CASCADE, parent_link=True, primary_key=True, related_name="comme_local"
    )
    dispositif = models.ForeignKey(
        Dispositif, models.PROTECT, null=True, related_name="locaux", verbose_name="dispositif"
    )
    porteur = models.CharField("porteur", max_length=200, blank=True)
    # What its dated statements come to (`Situation`); all of them are in the content.
    constat = models.CharField("dernier constat", max_length=10, choices=Constat)
    vu_le = ColonneDatePartielle("vu")
    actif_le = ColonneDatePartielle("vu en vie")
    debut = ColonneDatePartielle("début", db_column="debut_le")
    fin = ColonneDatePartielle("fin")
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
            *dates_canoniques("vu_le", "actif_le", "debut", "fin"),
            models.CheckConstraint(name="local_nombre_positif", condition=Q(nombre__gte=1)),
        ]

    @property
    def situation(self) -> Situation:
        return Situation(self.constat, self.vu_le, self.actif_le, self.debut, self.fin)

    @property
    def constats_lus(self) -> list[dict]:
        """The statements of the content, the last first, each with its words and the number of its source."""
        numero = numeros(self.contenu)
        mots = dict(Constat.choices)
        ranges = sorted(self.contenu["constats"], key=lambda constat: constat["le"], reverse=True)
        return [{**c, "mots": mots.get(c["etat"], ""), "source": numero.get(c["source"])} for c in ranges]

    @property
    def source_du_constat(self) -> str:
        """Who says the last statement, and in what: « Observatoire, Rapport »; empty if it has no source."""
        numero = self.constats_lus[0]["source"] if self.contenu["constats"] else None
        if not numero:
            return ""
        source = self.contenu["sources"][numero - 1]
        return ", ".join(filter(None, [source["organisation"], source["titre"]]))

    @property
    def anterieures_lues(self) -> list[dict]:
        """The generations before, each with the number of its source."""
        numero = numeros(self.contenu)
        return [{**une, "source": numero.get(une["source"])} for une in self.contenu.get("anterieures") or []]

    def projeter_particularites(self, contenu: dict) -> None:
        for champ in ("porteur", "generation", "nombre", "perimetre_incertain"):
            setattr(self, champ, contenu[champ])
        for champ, valeur in vars(Situation.de(contenu)).items():
            setattr(self, champ, valeur)
        slug = contenu["dispositif"]
        self.dispositif = Dispositif.objects.nommees().get(slug=slug) if slug else None

    def particularites_rendues(self, contenu: dict) -> dict:
        return {"situation": self.situation.en_json(), "porteur": self.porteur}

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
    constatee_le = ColonneDatePartielle("constatée", db_column="dite_le")
    precision = models.CharField("précision", max_length=300, blank=True)
    source = models.CharField("source", max_length=300)
    # Kept in step with the content files; False as soon as somebody writes it on the site.
    du_chargement = models.BooleanField("vient des fichiers de contenu", default=False)

    class Meta:
        verbose_name = "absence confirmée"
        constraints = [
            models.UniqueConstraint(fields=["dispositif", "territoire"], name="absence_unique"),
            models.CheckConstraint(name="absence_sourcee", condition=~Q(source="")),
            *dates_canoniques("constatee_le"),
        ]

    def __str__(self) -> str:
        return f"Pas de {self.dispositif} à {self.territoire} ({self.constatee_le})"

    def ancienne(self, jour: date) -> bool:
        return ancien(self.constatee_le, jour)
