"""The form of a fiche as it is being written: what « Proposer », « Modifier » and « Nouvelle fiche » show."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from contributions import delais
from contributions.charte import CHARTE, LICENCE
from contributions.models import Dossier, Message, Proposition
from contributions.redaction import blocs
from contributions.redaction.brouillons import Affichage, deja_remises
from contributions.redaction.doublons import en_cours
from contributions.redaction.forms import Envoi, FormulaireEnvoi
from contributions.redaction.saisie import Saisie, marque_de
from contributions.verbes.permissions import peut_lire
from fiches.forms import FORMULAIRES, FormulaireFiche
from fiches.gabarits import Nature
from fiches.models import Version

# What a button may find out, before anybody pressed one.
RIEN_DE_TROUVE: dict[str, Any] = {
    "erreurs": [],
    "trouves": None,
    "a_reprendre": [],
    "rien": False,
    "absentes": [],
    "comparaison": None,
    "conseils": [],
    "apercu": None,
}


@dataclass
class Page:
    """A text being written on a fiche, or for one that does not exist yet, as it is shown."""

    gabarit: ClassVar[str] = "contributions/proposer.html"

    request: HttpRequest
    nature: str
    titre: str  # of the page
    fiche: Any = None
    base: Version | None = None
    proposition: Proposition | None = None
    dossier: Dossier | None = None  # the case of reports that this text answers
    initiale: Saisie | None = None  # what is shown first; otherwise the published text
    ouverte: str = ""  # the block that is asked for
    annonces: list[str] = field(default_factory=list)  # what must be known before reading the form
    avis: str = ""  # what has just been done

    def __post_init__(self) -> None:
        self.classe: type[FormulaireFiche] = FORMULAIRES[self.nature]
        self.personne = self.request.user if self.request.user.is_authenticated else None
        self.partir_de(self.base)
        self.lire(self.initiale or self._credit_prefere())
        self.suivre(self.proposition)

    def partir_de(self, base: Version | None) -> None:
        """Make this the version that the page shows, and that the next post will have read."""
        self.base = base
        lieu = {"fiche": self.fiche.pk if self.fiche else None, "base": base.pk if base else None}
        cas = self.dossier.pk if self.dossier else None
        self.affichage = Affichage.nouveau(self.nature, connecte=bool(self.personne), dossier=cas, **lieu)
        self.depart = Saisie.de_contenu(self.classe, self.contenu_de_base)

    @property
    def contenu_de_base(self) -> dict[str, Any]:
        """Return what is published; nothing of a fiche that this person may not read any more."""
        return self.base.contenu if self.base and peut_lire(self.personne, self.fiche) else {}

    def lire(self, saisie: Saisie) -> None:
        """Make this the text that the form shows."""
        self.saisie = saisie.lisible(self.classe, self.depart)

    def suivre(self, proposition: Proposition | None) -> None:
        """Make this the proposition that the next post goes to."""
        self.proposition = proposition
        if proposition:
            marque = marque_de(proposition.saisie)
            self.affichage = replace(self.affichage, jeton=proposition.jeton, marque=marque)

    def _credit_prefere(self) -> Saisie:
        if not self.personne:
            return Saisie()
        preferes = {"credit": self.personne.credit_prefere, "credit_nom": self.personne.credit}
        return Saisie({cle: [valeur] for cle, valeur in {**preferes, "credit_lien": self.personne.lien}.items()})

    @cached_property
    def deja_remises(self) -> list[Proposition]:
        """What this person handed in on this fiche, and that waits."""
        return deja_remises(self.request, self.fiche) if self.fiche else []

    # The forms

    def formulaire(self) -> FormulaireFiche:
        return self.classe(self.saisie)

    def envoi(self) -> Envoi:
        donnees = Saisie(self.saisie)
        for nom in ("ouvert", "site_web"):
            donnees[nom] = self.request.POST.get(nom, "")
        return self.formulaire_d_envoi(donnees)

    def formulaire_d_envoi(self, donnees: Saisie) -> Envoi:
        """Return what goes with the text. Who handed it in without an address may leave one, and need not."""
        remis = self.proposition if self.proposition and self.proposition.deposee_le else None
        return FormulaireEnvoi(
            donnees,
            adresse_connue=self.adresse_connue,
            adresse_facultative=bool(remis and remis.sans_adresse),
            nouvelle=self.base is None,
        )

    @property
    def adresse_connue(self) -> bool:
        """Whether no address is asked: somebody signed in or confirmed one, or a moderator is reading the text."""
        suivie = self.proposition
        examinee = suivie is not None and suivie.statut == Proposition.Statut.EN_EXAMEN
        return bool(self.personne or (suivie and suivie.adresse_prouvee) or examinee)

    # The page

    def afficher(self, *, status: int = 200, **contexte: Any) -> HttpResponse:
        """Show what is written without finding fault with it."""
        return self.page(self.formulaire().taire(), self.envoi().taire(), status=status, **contexte)

    def relire(self, formulaire: FormulaireFiche, envoi: Envoi, **contexte: Any) -> HttpResponse:
        """Show what is written, and all that is wrong with it."""
        return self.page(formulaire, envoi, status=422, erreurs=self.fautes(formulaire, envoi), **contexte)

    def fautes(self, formulaire: FormulaireFiche, envoi: Envoi) -> list[tuple[str, str]]:
        """Return all that is wrong, each with the id of what to put right."""
        return blocs.erreurs(formulaire, envoi)

    def page(self, formulaire: FormulaireFiche, envoi: Envoi, *, status: int, **contexte: Any) -> HttpResponse:
        """Show the form; `contexte` gives what a button found out (see `RIEN_DE_TROUVE`)."""
        page = {**RIEN_DE_TROUVE, **self._contexte(formulaire, envoi), **contexte}
        reponse = render(self.request, self.gabarit, page, status=status)
        # The secret of a draft may be in the address. (« no-referrer » would take the origin away from our own posts.)
        reponse["Referrer-Policy"] = "same-origin"
        return reponse

    def _contexte(self, formulaire: FormulaireFiche, envoi: Envoi) -> dict[str, Any]:
        miennes = [une for une in self.deja_remises if une != self.proposition]
        rangees = blocs.en_blocs(
            blocs.habiller(formulaire),
            saisie=self.saisie,
            depart=self.depart,
            ouverte=self.ouverte,
            en_cours=en_cours(self.fiche, sauf=[self.proposition, *miennes]) if self.fiche else {},
            miennes={cle: une for une in miennes if (depot := une.depot) for cle in depot.changements},
            remarques=self._remarques(),
        )
        confirmees = self.saisie.getlist("coordonnees")
        return {
            "titre": self.titre,
            "etapes": self._etapes(),
            "nature": Nature(self.nature),
            "fiche": self.fiche,
            "base": self.base,
            "proposition": self.proposition,
            "annonces": self.annonces,
            "avis": self.avis,
            "blocs": rangees,
            "voisines": [bloc for bloc in rangees if bloc.en_cours],
            "envoi": envoi,
            "affichage": self.affichage.sceller(),
            "ouvert": FormulaireEnvoi.sceau(self.request.POST.get("ouvert", "")),
            "territoires": blocs.territoires_a_cocher(self.saisie, self.depart),
            "cherche": self.saisie.get("chercher_territoire", ""),
            "confirmees": confirmees,
            "passages": confirmees,
            "charte": CHARTE,
            "licence": LICENCE,
            "personne": self.personne,
            "adresse_connue": self.adresse_connue,
            "delai": delais.promis(),
        }

    def _remarques(self) -> Iterable[Message]:
        """Return the remarks of the last request for corrections, not of those that were answered."""
        if not self.proposition or self.proposition.statut != Proposition.Statut.CORRECTIONS_DEMANDEES:
            return ()
        depot = self.proposition.depot
        return self.proposition.messages.filter(de_la_moderation=True, depot=depot.numero if depot else None)

    def _etapes(self) -> list[tuple[str, str]]:
        if self.fiche:
            return [("Fiches", reverse("catalogue")), (self.fiche.titre, self.fiche.get_absolute_url())]
        return [("Contribuer", reverse("contribuer")), ("Nouvelle fiche", reverse("choisir_nature"))]
