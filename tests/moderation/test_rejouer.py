"""Invariant 5: whatever people do, in whatever order, the journal replays to the present states."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from contributions.models import Dossier, Journal, Proposition, Recours
from contributions.verbes import annulation, avis, propositions, recours, retraits, signalements
from contributions.verbes.empechements import Empechement
from fiches.models import Fiche
from tests.contributions.recits import derniere, signalement
from tests.essais import essais
from tests.factories import fiche_dispositif, moderateur, moderatrice, personne

pytestmark = pytest.mark.django_db
SUR_UNE_PROPOSITION = [
    "deposer", "confirmer", "retirer", "prendre", "rendre", "corrections", "accepter", "en_partie", "ecarter", "avis",
    "contester", "annuler", "reexaminer",
]  # fmt: skip
SUR_UN_DOSSIER = ["signaler", "prendre_d", "rendre_d", "corriger", "masquer_d", "classer", "rattacher", "contester_d"]
SUR_LA_FICHE = ["masquer", "retirer_f", "fusionner", "retablir", "restaurer", "relire"]
SUR_UN_RECOURS = ["maintenir", "infirmer"]


class Monde:
    """A fiche, what is proposed and reported on it, and the people."""

    def __init__(self) -> None:
        self.fiche = fiche_dispositif(sections={"description": "D.[^1]", "cout": "Dix."})
        self.autre = fiche_dispositif()
        self.gens = [moderatrice(), moderateur()]
        self.auteur = personne()
        self.n = 0
        for courriel in ("", "a@exemple.fr"):
            Proposition.objects.create(
                fiche_id=self.fiche.pk, nature="dispositif", titre="T", base=derniere(self.fiche), courriel=courriel,
                auteur=None if courriel else self.auteur,
            )  # fmt: skip
        signalement(self.fiche)

    def faire(self, verbe: str, rang: int, qui: int) -> None:
        par = self.gens[qui]
        propositions, dossiers = list(Proposition.objects.order_by("pk")), list(Dossier.objects.order_by("pk"))
        une, dossier = propositions[rang % len(propositions)], dossiers[rang % len(dossiers)]
        raison = {"motif": "inexact", "explication": "Parce que."}
        if verbe in SUR_UNE_PROPOSITION:
            self.sur_une_proposition(verbe, une, par, raison)
        elif verbe in SUR_UN_DOSSIER:
            self.sur_un_dossier(verbe, dossier, dossiers, par, raison)
        elif verbe in SUR_UN_RECOURS and Recours.objects.exists():
            geste = {"maintenir": recours.confirmer, "infirmer": recours.infirmer}[verbe]
            geste(Recours.objects.order_by("pk")[rang % Recours.objects.count()], par=par, explication="Voilà.")
        elif verbe in SUR_LA_FICHE:
            self.sur_la_fiche(verbe, par, raison)

    def sur_une_proposition(self, verbe: str, une: Proposition, par, raison: dict) -> None:
        self.n += 1
        numero = une.depots.count()
        if verbe == "deposer":
            textes = {"section-cout": f"Prix {self.n}.", "section-duree": f"Durée {self.n}."}
            propositions.deposer(une, base=une.base, changements=textes, pourquoi=f"Essai {self.n}")
        elif verbe == "confirmer":
            propositions.confirmer(une)
        elif verbe == "retirer":
            propositions.retirer(une)
        elif verbe in ("prendre", "rendre"):
            getattr(propositions, verbe)(une, par=par)
        elif verbe == "corrections":
            propositions.demander_corrections(une, par=par, depot=numero, explication="Une date ?")
        elif verbe == "ecarter":
            propositions.ecarter(une, par=par, depot=numero, **raison)
        elif verbe == "avis":
            avis.demander(une, par=par, a=next(g for g in self.gens if g != par), texte="Alors ?")
        elif verbe == "contester":
            recours.contester(une, texte="Si.")
        elif verbe == "annuler":
            annulation.annuler(une, par=par)
        elif verbe == "reexaminer":
            annulation.reexaminer(une, par=par, explication="Mieux lu.")
        elif numero:
            lues = Fiche.objects.get(pk=self.fiche.pk).numero
            tranche = {"section-cout": f"Prix tranché {self.n}.", "section-duree": f"Durée tranchée {self.n}."}
            retenues = {"retenues": {"section-cout"}, **raison} if verbe == "en_partie" else {}
            ajustements = {c: v for c, v in tranche.items() if c == "section-cout" or verbe == "accepter"}
            propositions.accepter(une, par=par, depot=numero, sur=lues, ajustements=ajustements, **retenues)

    def sur_un_dossier(self, verbe: str, dossier: Dossier, dossiers: list[Dossier], par, raison: dict) -> None:
        if verbe == "signaler":
            signalement(self.fiche, categorie=("erreur", "obsolete")[self.n % 2])
        elif verbe == "rattacher":
            autre = next((d for d in dossiers if d.pk != dossier.pk), dossier)
            signalements.rattacher(dossier, par=par, double_de=autre, explication="Déjà vu.")
        elif verbe == "corriger":
            signalements.corriger(dossier, par=par)
        elif verbe == "contester_d":
            recours.contester(dossier.signalements.all()[0], texte="Si.")
        elif verbe in ("masquer_d", "classer"):
            getattr(signalements, verbe.removesuffix("_d"))(dossier, par=par, **raison)
        else:
            getattr(signalements, verbe.removesuffix("_d"))(dossier, par=par)

    def sur_la_fiche(self, verbe: str, par, raison: dict) -> None:
        fiche = type(self.fiche).objects.get(pk=self.fiche.pk)
        if verbe == "fusionner":
            retraits.fusionner(fiche, dans=self.autre, par=par, explication="La même.")
        elif verbe == "retablir":
            retraits.retablir(fiche, par=par, explication="Vérifiée.")
        elif verbe == "restaurer":
            retraits.restaurer(fiche, version=fiche.versions.get(numero=1), par=par, pourquoi="mieux")
        elif verbe == "relire":
            retraits.relire(fiche, par=par)
        else:
            getattr(retraits, verbe.removesuffix("_f"))(fiche, par=par, **raison)


def rejouer() -> dict[tuple[str, int], str]:
    """Return the states the journal leads to, each line starting from where the one before had led."""
    etats: dict[tuple[str, int], str] = {}
    for ligne in Journal.objects.order_by("pk"):
        champ = next(c for c in ("proposition", "dossier", "recours", "fiche") if getattr(ligne, f"{c}_id"))
        cle = (champ, getattr(ligne, f"{champ}_id"))
        if ligne.de:
            avant = {"proposition": "brouillon", "fiche": "publiee"}.get(champ, "")
            assert etats.get(cle, avant) == ligne.de, ligne
        etats[cle] = ligne.vers
    return etats


GESTES = st.tuples(
    st.sampled_from([*SUR_UNE_PROPOSITION * 2, *SUR_UN_DOSSIER, *SUR_LA_FICHE, *SUR_UN_RECOURS * 2]),
    st.integers(0, 3),
    st.integers(0, 1),
)


@essais(60)
@given(st.lists(GESTES, max_size=25))
def test_le_journal_rejoue_les_etats_presents(db, gestes):
    with transaction.atomic():
        monde = Monde()
        for verbe, rang, qui in gestes:
            avant = Journal.objects.count()
            try:
                with transaction.atomic():
                    monde.faire(verbe, rang, qui)
            except (Empechement, PermissionDenied):
                assert Journal.objects.count() == avant  # what is refused leaves nothing
        etats = rejouer()
        presents = {("proposition", p.pk): p.statut for p in Proposition.objects.all()}
        presents |= {("dossier", d.pk): d.statut for d in Dossier.objects.all()}
        presents |= {("recours", r.pk): r.statut for r in Recours.objects.all()}
        presents |= {("fiche", f.pk): f.etat for f in Fiche.objects.all()}
        muets = {cle: {"proposition": "brouillon"}.get(cle[0], "publiee") for cle in presents.keys() - etats.keys()}
        assert {**muets, **etats} == presents
        numeros = Fiche.objects.get(pk=monde.fiche.pk)
        assert numeros.versions.count() == numeros.numero and numeros.contenu == derniere(numeros).contenu
        transaction.set_rollback(True)
