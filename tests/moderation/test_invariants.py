"""Whatever people do, in whatever order: nothing that waits is public, and nothing that was handed in is lost.

Every text handed in has a word of its own; the test keeps by itself the words that were published, and where.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contributions.models import Depot, Dossier, Message, Proposition, Recours, Signalement
from contributions.verbes import echanges, propositions, recours, retraits, signalements
from contributions.verbes.empechements import Empechement
from fiches.models import Fiche, Version
from tests.contributions.recits import derniere, nouvelle_fiche, signalement
from tests.essais import COMPLET
from tests.factories import (
    fiche_action,
    fiche_dispositif,
    moderateur,
    moderatrice,
    personne,
    territoire,
    theme,
    valider,
)

pytestmark = pytest.mark.django_db
GESTES = (
    "deposer", "deposer", "deposer", "redeposer", "proposer_fiche", "prendre", "demander_corrections", "accepter",
    "accepter", "accepter", "accepter_en_partie", "ecarter", "retirer", "masquer", "retirer_fiche", "retablir",
    "restaurer", "signaler", "masquer_signale", "ecrire", "contester", "infirmer",
)  # fmt: skip
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]  # a story is short: to shorten it takes minutes
DEBUT = [("deposer", 0), ("accepter", 0), ("deposer", 1), ("accepter", 0)]  # each fiche says words of its own
# A gesture, and on which of what there is: the second person's, the third proposition…
RECITS = st.lists(st.tuples(st.sampled_from(GESTES), st.integers(0, 5)), min_size=2, max_size=10)
CANAUX = (
    "/", "/fiches/", "/fiches/?q=calicot", "/fiches/?theme=prevention", "/fiches/?format=csv", "/dispositifs/",
    "/actions/", "/territoires/commune/76540/", "/territoires/departement/76/", "/fiches/flux.atom",
    "/dispositifs/flux.atom", "/actions/flux.atom", "/sitemap-fiches.xml", "/transparence/", "/statistiques/",
    "/contribuer/a-faire/",
)  # fmt: skip


class Recit:
    """A story: who does what to two fiches, and the words that may be read."""

    def __init__(self) -> None:
        theme("prevention")
        departement = territoire("departement", "76", "Seine-Maritime")
        commune = territoire(code="76540", nom="Rouen", dans=[departement])
        commun = {"themes": ["prevention"], "sur": [commune]}
        self.fiches: list[Fiche] = [
            fiche_dispositif(slug="visee", titre="Calicot", **commun),
            fiche_action(slug="autre", titre="Calicot aussi", **commun),
        ]
        self.auteurs = [personne(), personne("voisine")]
        self.numeros = count(1)
        self.mots: dict[str, Any] = {}  # every word handed in, with the proposition, message, report or appeal it is in
        self.publies: dict[str, int] = {}  # the words published, with the fiche that says them

    def mot(self) -> str:
        return f"zyb{next(self.numeros):03}q"

    def faire(self, geste: str, rang: int) -> None:
        try:
            with transaction.atomic():
                getattr(self, geste)(rang)
        except (Empechement, PermissionDenied, IndexError):
            pass  # it may not happen now, or there is nothing to do it to: nothing was done

    # What contributors do

    def textes(self, fiche: Fiche) -> dict[str, Any]:
        section = next(iter(fiche.gabarit)).cle
        return {
            "titre": f"Calicot {self.mot()}",
            "resume": f"Un calicot {self.mot()}.",
            f"section-{section}": f"Le calicot {self.mot()}.[^1]",
            "sources": [*derniere(fiche).contenu["sources"], _source(self.mot())],
        }

    def deposer(self, rang: int) -> None:
        fiche, auteur = self.fiches[rang % 2], self.auteurs[rang // 2 % 2]
        une = Proposition.objects.create(
            fiche_id=fiche.pk, nature=fiche.nature, titre=fiche.titre, base=derniere(fiche), auteur=auteur
        )
        self._deposer(une, derniere(fiche), self.textes(fiche))

    def redeposer(self, rang: int) -> None:
        une = self._proposition(rang)
        if une.fiche_id and une.base:
            fiche = next(f for f in self.fiches if f.pk == une.fiche_id)
            self._deposer(une, une.base, self.textes(fiche))

    def _deposer(self, une: Proposition, base: Version, textes: dict[str, Any]) -> None:
        pourquoi = f"Parce que {self.mot()}"
        depot = propositions.deposer(une, base=base, changements=textes, pourquoi=pourquoi)
        self.mots |= dict.fromkeys(_mots([textes, pourquoi]) - _mots(base.contenu), depot)

    def proposer_fiche(self, rang: int) -> None:
        textes = {"titre": f"Calicot {self.mot()}", "resume": f"Un calicot {self.mot()}."}
        contenu = valider(
            "dispositif", categorie="demarche", themes=["prevention"], territoires=["commune:76540"],
            sections={"description": f"Le calicot {self.mot()}.[^1]"}, sources=[_source(self.mot())], **textes,
        )  # fmt: skip
        une = nouvelle_fiche(contenu, auteur=self.auteurs[rang % 2])
        self.mots |= dict.fromkeys(_mots(contenu), une.depot)

    def retirer(self, rang: int) -> None:
        propositions.retirer(self._proposition(rang))

    def signaler(self, rang: int) -> None:
        recu = signalement(self.fiches[rang % 2], auteur=self.auteurs[rang // 2 % 2], passage=(mot := self.mot()))
        self.mots[mot] = recu

    def ecrire(self, rang: int) -> None:
        mot = self.mot()
        echanges.ecrire(self._proposition(rang), texte=f"Je précise {mot}.")
        self.mots[mot] = Message.objects.latest("pk")

    def contester(self, rang: int) -> None:
        une, mot = self._proposition(rang), self.mot()
        geste = recours.contester if recours.contestable_jusqua(une) else recours.contester_mesure
        self.mots[mot] = geste(une, texte=f"Je conteste {mot}.")

    # What moderators do

    def prendre(self, rang: int) -> None:
        propositions.prendre(self._proposition(rang), par=moderatrice())

    def demander_corrections(self, rang: int) -> None:
        une = self._proposition(rang)
        propositions.demander_corrections(une, par=moderatrice(), depot=une.depot.numero, explication="À préciser.")

    def accepter(self, rang: int) -> None:
        self._accepter(rang, None)

    def accepter_en_partie(self, rang: int) -> None:
        self._accepter(rang, {"resume"})

    def _accepter(self, rang: int, retenues: set[str] | None) -> None:
        une = self._proposition(rang)
        depot = une.depot
        motif = {"motif": "inexact", "explication": "Le reste est faux."} if retenues else {}
        version = propositions.accepter(une, par=moderatrice(), depot=depot.numero, retenues=retenues, **motif)
        dits = [v for cle, v in depot.changements.items() if retenues is None or cle in retenues]
        self.publies |= dict.fromkeys(_mots([dits, depot.pourquoi]), version.fiche_id)

    def ecarter(self, rang: int) -> None:
        une = self._proposition(rang)
        propositions.ecarter(une, par=moderatrice(), depot=une.depot.numero, motif="inexact", explication="Faux.")

    def masquer(self, rang: int) -> None:
        retraits.masquer(self._fiche(rang), par=moderatrice(), motif="inexact", explication="À revoir.")

    def retirer_fiche(self, rang: int) -> None:
        retraits.retirer(self._fiche(rang), par=moderatrice(), motif="inexact", explication="À revoir.")

    def retablir(self, rang: int) -> None:
        retraits.retablir(self._fiche(rang), par=moderateur(), explication="Vérifié.")

    def restaurer(self, rang: int) -> None:
        fiche = type(self.fiches[rang % 2]).objects.get(pk=self.fiches[rang % 2].pk)
        retraits.restaurer(fiche, version=fiche.versions.get(numero=1), par=moderateur(), pourquoi="Un essai.")

    def masquer_signale(self, rang: int) -> None:
        dossier = Dossier.objects.a_traiter().order_by("pk")[rang]
        signalements.masquer(dossier, par=moderatrice(), motif="inexact", explication="À revoir.")

    def infirmer(self, rang: int) -> None:
        recours.infirmer(Recours.objects.a_traiter().order_by("pk")[rang % 2], par=moderateur(), explication="Soit.")

    def _proposition(self, rang: int) -> Proposition:
        return Proposition.objects.order_by("-pk")[rang % 3]

    def _fiche(self, rang: int) -> Fiche:
        return Fiche.objects.order_by("pk")[rang % 3]

    # What may be read

    @property
    def lisibles(self) -> set[str]:
        visibles = set(Fiche.objects.filter(etat="publiee").values_list("pk", flat=True))
        return {mot for mot, fiche in self.publies.items() if fiche in visibles}

    def pages(self) -> Iterator[str]:
        yield from CANAUX
        for fiche in Fiche.objects.all():
            yield from (fiche.get_absolute_url() + suite for suite in ("", "historique/", "comparer/", "signaler/"))
            yield from (f"{fiche.get_absolute_url()}versions/{n + 1}/" for n in range(fiche.numero))


def _source(mot: str) -> dict[str, Any]:
    return {"titre": f"Bilan {mot}", "organisation": "", "date": "", "apres": None, "repere": "", "url": ""}


def _mots(texte: Any) -> set[str]:
    return {mot for mot in str(texte).replace(".", " ").replace("'", " ").split() if mot.startswith("zyb")}


@contextmanager
def raconte(gestes: list[tuple[str, int]]) -> Iterator[Recit]:
    """Let these things happen, then as if nothing had."""
    with transaction.atomic():
        recit = Recit()
        for geste, rang in [*DEBUT, *gestes]:
            recit.faire(geste, rang)
        yield recit
        transaction.set_rollback(True)


@settings(max_examples=8 if COMPLET else 3, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECITS)
def test_aucun_mot_qui_attend_n_est_public(gestes):
    with raconte(gestes) as recit:
        caches = set(recit.mots) - recit.lisibles
        lecteur = Client()
        for adresse in recit.pages():
            page = lecteur.get(adresse)
            sien = [*adresse.split("/"), "", ""][
                2
            ] or adresse  # the page of a fiche out of sight still has the address one asked for
            dits = {mot for mot in caches if mot in page.text.lower().replace(sien, "")}
            assert not dits, (adresse, dits)


@settings(max_examples=14 if COMPLET else 5, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECITS)
def test_tout_texte_remis_se_retrouve(gestes):
    with raconte(gestes) as recit:
        for mot, ou in recit.mots.items():
            relu = type(ou).objects.get(pk=ou.pk)
            if isinstance(relu, Depot):
                assert mot in str([relu.changements, relu.pourquoi])
            else:
                assert mot in (relu.passage if isinstance(relu, Signalement) else relu.texte)
        visiteur = Client()
        for une in Proposition.objects.all():
            page = visiteur.get(f"/suivi/{une.jeton}/").text.lower()
            siens = _mots(une.depot.changements) & {m for m, ou in recit.mots.items() if ou == une.depot}
            assert not {mot for mot in siens if mot not in page}


def test_publie_un_texte_se_lit_dans_ces_canaux():
    """The first property would prove nothing otherwise."""
    with raconte([]) as recit:
        assert len(recit.lisibles) == 10 and recit.lisibles == set(recit.mots)
        lecteur = Client()
        pages = [lecteur.get(adresse).text.lower() for adresse in recit.pages()]
        assert all(any(mot in page for page in pages) for mot in recit.mots)
        assert sum(any(mot in page for mot in recit.mots) for page in pages) >= 12
