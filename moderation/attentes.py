"""What waits for moderators: each kind of it in the few columns that the queue sorts, counts and filters.

The queue (moderation/file.py) puts these queries together in SQL, then asks the kinds for the lines of one page.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, Lower
from django.utils import timezone
from django.utils.text import Truncator

from contributions import delais
from contributions.models import Depot, Dossier, Examinable, Lot, Message, Proposition, Recours, Reponse, Signalement
from contributions.signaler.cibles import nommer_cible
from fiches.unites import unites
from francais.balises import pluriel
from moderation.conversation import nommer
from moderation.entrees import Entree, Ligne
from moderation.portees import RIEN, avec_lieux
from territoires.models import Territoire

Lignes = Mapping[int, Ligne]
PERSONNE = Cast(Value(None), BigIntegerField())
VRAI, FAUX = Value(value=True), Value(value=False)
LIEUX_MONTRES = 2
MOTS_MAX = 6  # of a search: the others are not looked for
NUMERO = re.compile(r"(?:n°\s*)?(\d{1,9})")
DES_LIES = ("prise_par__nom_affiche", "prise_par__pseudonyme", "fiche__titre", "fiche__nature")


class Attente(ABC):
    """A kind of thing that waits: where it is kept, since when it waits, what it is about."""

    genre: ClassVar[str]
    nom: ClassVar[str]
    route: ClassVar[str]
    icone: ClassVar[str]
    depuis_quand: ClassVar[str]  # the column that says it
    fiches: ClassVar[tuple[str, ...]]  # the ways to the fiche it is about
    examinees: ClassVar[tuple[str, ...]] = ()  # the ways to what somebody takes

    plusieurs: ClassVar[bool] = False  # it may be about several fiches
    neuves: ClassVar[bool] = False  # it may be about a fiche that does not exist yet (`avec_lieux`)

    @abstractmethod
    def objets(self, moderateur) -> QuerySet:
        """Return those that wait, and that this moderator may look at."""

    @abstractmethod
    def mots(self) -> Any:
        """Return the text that a search reads."""

    @abstractmethod
    def entrees(self, lignes: Lignes, moderateur) -> Iterator[Entree]:
        """Yield what the page says of these rows, given by key."""

    def delai(self) -> Any:
        return Value(delais.decision())

    def urgente(self) -> Any:
        return FAUX

    def premiere(self) -> Any:
        """Whether its author had handed in nothing before."""
        return FAUX

    def toujours(self, moderateur) -> Q:  # some kinds depend on her
        """Return which ones are hers whatever her scope."""
        return RIEN

    def trouves(self, objets: QuerySet, texte: str) -> QuerySet:
        """Keep those of this number, or that hold all these words: capitals and accents do not count."""
        numero = NUMERO.fullmatch(texte.strip())
        contient = _contient(self.mots(), texte.split()[:MOTS_MAX])
        return objets.filter(Q(pk=int(numero[1])) | Q(contient) if numero else Q(contient))

    def lignes(self, moderateur) -> QuerySet:
        """Return the rows of the queue, with what sorts them and what filters ask."""
        tenues = [_tenue_par(chemin) for chemin in self.examinees]
        objets = self.objets(moderateur).order_by()
        return objets.alias(
            depuis=F(self.depuis_quand),
            urgente=self.urgente(),
            echeance=ExpressionWrapper(F(self.depuis_quand) + self.delai(), output_field=DateTimeField()),
            tenue_par=Coalesce(*tenues, PERSONNE, PERSONNE),
            premiere=self.premiere(),
        )

    def entree(self, ligne: Ligne, examinee: Examinable | None, moderateur, **dits: Any) -> Entree:
        """Return the line of what this row leads to; `examinee`: what somebody takes of it."""
        communs: dict[str, Any] = {"nom": self.nom, "route": self.route, "icone": self.icone, **ligne._asdict()}
        if examinee and examinee.reservee:
            communs |= {"prise_par": str(examinee.prise_par), "prise_par_moi": examinee.reservee_a(moderateur)}
        return Entree(**{**communs, **dits})


class Propositions(Attente):
    genre, nom, route, icone = "propositions", "Proposition", "examiner", "crayon"
    depuis_quand, fiches, examinees, neuves = "deposee_le", ("fiche",), ("",), True

    def objets(self, moderateur) -> QuerySet:  # one's own are shown: the page says who decides
        return avec_lieux(Proposition.objects.a_traiter().filter(lot=None))

    def premiere(self) -> Any:
        return ~_a_deja_contribue()

    def mots(self) -> Any:
        dernier = Depot.objects.filter(proposition=OuterRef("pk")).order_by("-numero")
        dit = Concat("pourquoi", Value(" "), Cast("recus", TextField()), output_field=TextField())
        return _bout_a_bout("titre", "credit_nom", "auteur__nom_affiche", Subquery(dernier.values_list(dit)[:1]))

    def entrees(self, lignes: Lignes, moderateur) -> Iterator[Entree]:
        lues = list(self._lues(lignes))
        nommes = {d for lue in lues if not lue.fiche_id for d in _designations(lue)[:LIEUX_MONTRES]}
        neufs = {lieu.designation: lieu for lieu in Territoire.objects.designes_par(nommes)} if nommes else {}
        for lue in lues:
            lieux = [neufs[d] for d in _designations(lue) if d in neufs] or [Territoire(**lieu) for lieu in lue.places]
            neuve = {"nom": "Nouvelle fiche", "icone": "plus"} if lue.nouvelle_fiche and not lue.sans_adresse else {}
            yield self.entree(
                lignes[lue.pk],
                lue,
                moderateur,
                titre=lue.resume or lue.titre,
                fiche=lue.titre,
                fiche_pk=lue.fiche_id,
                endroit="" if lue.nouvelle_fiche else _nommer_unites(lue.nature, lue.unites),
                lieu=_nommer_lieux(lieux, lue.nb_lieux or len(_designations(lue))),
                auteur=lue.nom_credite,
                confiance=_confiance(lue),
                premiere=not (lue.connue or lue.par_lien),
                mise_a_part=lue.get_mise_a_part_display(),
                autres=max(0, lue.sur_la_fiche - 1),
                **neuve,
            )

    def _lues(self, lignes: Lignes) -> QuerySet:
        """Return these, each with what its line says: found row by row, there are few."""
        depots = Depot.objects.filter(proposition=OuterRef("pk")).order_by("-numero")
        attendent = Proposition.objects.a_traiter().filter(fiche=OuterRef("fiche"))
        siennes = Proposition.objects.filter(statut__in=Proposition.DECIDEES)
        siennes = siennes.filter(
            Q(auteur=OuterRef("auteur")) | Q(auteur=None, courriel=OuterRef("courriel")) & ~Q(courriel="")
        )
        return (
            Proposition.objects.filter(pk__in=lignes)
            .annotate(
                resume=Subquery(depots.values("pourquoi")[:1]),
                unites=Subquery(depots.values_list(_cles("recus"))[:1]),
                dits=Case(When(fiche=None, then=Subquery(depots.values("recus__territoires")[:1]))),
                places=_places("fiche"),
                nb_lieux=_nombre(Territoire.objects.filter(fiches=OuterRef("fiche"))),
                sur_la_fiche=_nombre(attendent),
                decidees=_nombre(siennes),
                acceptees=_nombre(siennes.exclude(statut=Proposition.Statut.ECARTEE)),
                connue=_a_deja_contribue(),
                par_lien=Exists(Reponse.objects.filter(proposition=OuterRef("pk"))),
            )
            .select_related("prise_par", "auteur")
            .defer("saisie")
        )


class Dossiers(Attente):
    genre, nom, route, icone = "signalements", "Signalement", "traiter", "drapeau"
    depuis_quand, fiches, examinees = "ouvert_le", ("fiche",), ("",)
    URGENTES = Q(categorie__in=Dossier.URGENTES)

    def objets(self, moderateur) -> QuerySet:  # one's own are shown: the page says who decides
        return Dossier.objects.a_traiter()

    def toujours(self, moderateur) -> Q:
        return self.URGENTES

    def urgente(self) -> Any:
        return Case(When(self.URGENTES, then=VRAI), default=FAUX)

    def delai(self) -> Any:
        urgent = When(self.URGENTES, then=Value(delais.decision(urgente=True)))
        return Case(urgent, default=Value(delais.decision()))

    def mots(self) -> Any:
        recus = Signalement.objects.filter(dossier=OuterRef("pk")).order_by()
        dits = StringAgg(_bout_a_bout("passage", "texte", "nom"), Value(" "))
        return _bout_a_bout("fiche__titre", Subquery(recus.values("dossier").annotate(dits=dits).values("dits")))

    def entrees(self, lignes: Lignes, moderateur) -> Iterator[Entree]:
        lus = Dossier.objects.filter(pk__in=lignes).select_related("prise_par", "fiche")
        lus = lus.annotate(
            personnes=Count("signalements"),
            places=_places("fiche"),
            nb_lieux=_nombre(Territoire.objects.filter(fiches=OuterRef("fiche"))),
            sur_la_fiche=_nombre(Proposition.objects.a_traiter().filter(fiche=OuterRef("fiche"))),
        )
        for lu in lus.only("cible", "categorie", "prise_jusqua", *DES_LIES):
            nombre = f", {lu.personnes} personnes" if lu.personnes > 1 else ""
            yield self.entree(
                lignes[lu.pk],
                lu,
                moderateur,
                titre=f"{lu.get_categorie_display()}{nombre}",
                fiche=lu.fiche.titre,
                fiche_pk=lu.fiche_id,
                endroit=nommer_cible(lu.fiche.nature, lu.cible),
                lieu=_nommer_lieux([Territoire(**lieu) for lieu in lu.places], lu.nb_lieux),
                autres=lu.sur_la_fiche,
            )


class RecoursDeposes(Attente):
    """Appeals, those of one's own decisions left out: somebody else examines them."""

    genre, nom, route, icone = "recours", "Recours", "reexaminer", "reponse"
    depuis_quand, fiches = "depose_le", ("proposition__fiche", "signalement__dossier__fiche")

    def objets(self, moderateur) -> QuerySet:
        return Recours.objects.a_traiter().exclude(premier_decideur=moderateur).exclude(_sienne(moderateur))

    def mots(self) -> Any:
        return _bout_a_bout("texte", "proposition__titre", "signalement__dossier__fiche__titre")

    def entrees(self, lignes: Lignes, moderateur) -> Iterator[Entree]:
        recours = Recours.objects.filter(pk__in=lignes).select_related("mesure")
        chemins = {chemin: F(f"{chemin}__titre") for chemin in ("proposition", "signalement__dossier__fiche")}
        titre = Coalesce(*chemins.values(), Value(""), output_field=CharField())
        for recu in recours.annotate(conteste=titre):
            yield self.entree(lignes[recu.pk], None, moderateur, titre=recu.objet, fiche=recu.conteste)


class MessagesSansReponse(Attente):
    """What authors wrote and nobody answered, whatever became of what it is about; one line a conversation."""

    genre, nom, route, icone = "messages", "Message", "conversation", "courrier"
    depuis_quand, fiches = "le", ("proposition__fiche", "signalement__dossier__fiche")
    examinees = ("proposition__", "signalement__dossier__")

    def objets(self, moderateur) -> QuerySet:
        attendus = Message.objects.sans_reponse().une_par_conversation()
        return attendus.exclude(_sienne(moderateur))

    def toujours(self, moderateur) -> Q:
        """Of the conversations she follows, and of fiches that do not exist yet."""
        siens = Message.objects.sans_reponse().suivies_par(moderateur).values("pk")
        return Q(pk__in=siens) | Q(proposition__isnull=False, proposition__fiche=None)

    def delai(self) -> Any:
        return Value(delais.reponse())

    def mots(self) -> Any:
        return _bout_a_bout(
            "texte", "proposition__titre", "proposition__credit_nom", "signalement__dossier__fiche__titre"
        )

    def entrees(self, lignes: Lignes, moderateur) -> Iterator[Entree]:
        for message in Message.objects.filter(pk__in=lignes).avec_contribution():
            sujet: Any = message.contribution
            fiche: Any = sujet.fiche if isinstance(sujet, Proposition) else sujet.dossier.fiche
            yield self.entree(
                lignes[message.pk],
                sujet.decision,
                moderateur,
                titre=Truncator(" ".join(message.texte.split())).chars(120),
                fiche=sujet.titre if isinstance(sujet, Proposition) else fiche.titre,
                fiche_pk=fiche and fiche.pk,
                endroit=str(sujet).lower(),
                auteur=nommer(sujet),
            )


class Lots(Attente):
    """Tables: one line for all their rows that wait, whatever the scope."""

    genre, nom, route, icone = "lots", "Tableau", "examiner_lot", "liste"
    depuis_quand, fiches, plusieurs = "depose_le", ("propositions__fiche",), True

    def objets(self, moderateur) -> QuerySet:  # one's own are shown: the page says who decides
        return Lot.objects.a_traiter()

    def toujours(self, moderateur) -> Q:
        return ~RIEN

    def mots(self) -> Any:
        return _bout_a_bout("titre", "mot", "auteur__nom_affiche")

    def entrees(self, lignes: Lignes, moderateur) -> Iterator[Entree]:
        lots: QuerySet[Any] = Lot.objects.filter(pk__in=lignes).avec_comptes().select_related("auteur")
        for lot in lots:
            attendent = pluriel(lot.attendent, "ligne attend,lignes attendent")
            dit = f"{lot.attendent} {attendent} sur {lot.nombre}"
            auteur = str(lot.auteur or "")
            yield self.entree(lignes[lot.pk], None, moderateur, titre=lot.titre, fiche=dit, auteur=auteur)


ATTENTES: tuple[Attente, ...] = (Propositions(), Lots(), Dossiers(), RecoursDeposes(), MessagesSansReponse())


def _tenue_par(chemin: str) -> Case:
    """Return who holds now what this way leads to, as `Examinable.reservee_a` says."""
    tenue = Q(**{f"{chemin}prise_jusqua__gt": timezone.now()})
    return Case(When(tenue, then=F(f"{chemin}prise_par")))


def _sienne(moderateur) -> Q:
    return Q(proposition__auteur=moderateur) | Q(signalement__auteur=moderateur)


def _a_deja_contribue() -> Any:
    """Say whether the same account, or the same address, had handed in something before."""
    avant = Proposition.objects.filter(deposee_le__isnull=False, pk__lt=OuterRef("pk"))
    du_compte = Exists(avant.filter(auteur=OuterRef("auteur")))
    return du_compte | Exists(avant.exclude(courriel="").filter(courriel=OuterRef("courriel")))


def _confiance(lue: Any) -> str:
    if lue.sans_adresse:
        return "Lien signé" if lue.par_lien else "Sans adresse"
    if not lue.decidees:
        return "" if lue.connue else "Première fois"
    return f"{lue.acceptees} {'acceptée' if lue.acceptees == 1 else 'acceptées'} sur {lue.decidees}"


def _contient(texte: Any, mots: list[str]) -> Func:
    """Say whether a text, folded once, holds all these words."""
    echappes = [re.sub(r"[\\%_]", r"\\\g<0>", mot) for mot in mots]  # what a pattern of LIKE would understand
    motifs = [_plie(Value(f"%{mot}%")) for mot in echappes]
    tous = Func(*motifs, template="ARRAY[%(expressions)s]", output_field=ArrayField(TextField()))
    joints = {"template": "%(expressions)s", "arg_joiner": " LIKE ALL "}
    return Func(_plie(texte), Func(tous, template="(%(expressions)s)"), **joints, output_field=BooleanField())


def _plie(texte: Any) -> Func:
    """Return a text in lower case without accents, as the database folds it."""
    return Func(Lower(texte), function="f_unaccent", output_field=TextField())


def _bout_a_bout(*textes: Any) -> Concat:
    return Concat(*(partie for texte in textes for partie in (texte, Value(" "))), output_field=TextField())


def _nombre(objets: QuerySet) -> Subquery:
    """Count these from each row; there are as many counts as lines on a page."""
    return Subquery(objets.order_by().annotate(nombre=Func(F("pk"), function="COUNT")).values("nombre"))


def _cles(champ: str) -> Func:
    lues = "ARRAY(SELECT jsonb_object_keys(%(expressions)s))"
    return Func(F(champ), template=lues, output_field=ArrayField(TextField()))


def _places(fiche: str) -> ArraySubquery:
    """Return the first places of a fiche, as `Territoire` reads them."""
    champs = {champ: champ for champ in ("nature", "code", "nom", "departements")}
    lieux = Territoire.objects.filter(fiches=OuterRef(fiche)).order_by("nature", "nom")
    return ArraySubquery(lieux.values(place=JSONObject(**champs))[:LIEUX_MONTRES])


def _designations(lue: Any) -> list[str]:
    return lue.dits or []


def _nommer_lieux(lieux: list[Territoire], nombre: int) -> str:
    if nombre > LIEUX_MONTRES:
        return f"{nombre} territoires"
    return ", ".join(lieu.nom_complet for lieu in lieux)


def _nommer_unites(nature: str, cles: list[str]) -> str:
    return ", ".join(unite.titre for unite in unites(nature) if unite.cle in cles)
