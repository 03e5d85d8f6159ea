"""What readers are told of a source whose link no longer answers."""

from datetime import date, timedelta

import html5lib
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fiches import edition
from fiches.models import Edition, Fiche
from tests.balisage import texte
from tests.factories import SOURCE, fiche_dispositif, publier
from veille.models import VerificationSource
from veille.verification import constater, recenser

pytestmark = pytest.mark.django_db
ADRESSE = "https://exemple.fr/rapport"


def citante(**brut) -> Fiche:
    return fiche_dispositif(slug="asv", sources=[{**SOURCE, "url": ADRESSE}, SOURCE], **brut)


def badge(client) -> str:
    """Return what the page of the fiche says beside its first source."""
    return texte(client.get("/dispositifs/asv/").text.partition('id="source-1"')[2].partition("</li>")[0])


def test_un_lien_douteux_puis_mort_se_dit_a_cote_de_sa_source_et_d_elle_seule(client):
    citante()
    recenser()
    verification = VerificationSource.objects.get()
    assert "Lien" not in badge(client)
    with time_machine.travel("2026-03-01T12:00+01:00", tick=False) as horloge:
        constater(verification, "réponse 404")
        assert "Lien" not in badge(client)  # one failure may be a passing trouble
        horloge.shift(timedelta(days=4))
        constater(verification, "réponse 404")
        assert "Lien douteux, sans réponse depuis le 1er mars 2026" in badge(client)
        horloge.shift(timedelta(days=4))
        constater(verification, "réponse 404")
    assert "Lien mort depuis le 1er mars 2026" in badge(client)
    page = client.get("/dispositifs/asv/").text
    assert page.count("lien-rompu") == 1 and 'href="/dispositifs/asv/proposer/?section=sources#bloc-sources"' in page
    assert 'id="bloc-sources" open' in client.get("/dispositifs/asv/proposer/?section=sources").text


def test_un_lien_qui_repond_a_nouveau_ne_se_dit_plus(client):
    citante()
    recenser()
    verification = VerificationSource.objects.get()
    for _ in range(2):
        constater(verification, "réponse 404")
    assert "Lien douteux" in badge(client)
    constater(verification, "")
    assert "Lien" not in badge(client)


def test_l_edition_n_avance_que_si_une_page_change():
    citante()
    numeros = []
    for etat in ("", "douteuse", "douteuse", "morte", "", ""):
        edition.noter_lien(ADRESSE, etat, date(2026, 3, 1) if etat else None)
        numeros.append(Edition.objects.get().numero)
    assert [n - numeros[0] for n in numeros] == [0, 1, 1, 2, 3, 3]


def test_une_nouvelle_version_garde_ce_qu_on_sait_de_ses_adresses(client):
    fiche = citante()
    edition.noter_lien(ADRESSE, "morte", date(2026, 3, 1))
    fiche = publier(fiche, titre="Autre titre")
    assert "Lien mort" in badge(client)
    publier(fiche, sources=[{**SOURCE, "url": "https://exemple.fr/neuf"}, SOURCE])
    assert "Lien" not in badge(client) and Fiche.objects.get().liens_rompus == {}


def test_une_fiche_qui_cite_ensuite_un_lien_mort_le_dit_a_la_verification_suivante():
    citante()
    edition.noter_lien(ADRESSE, "morte", date(2026, 3, 1))
    autre = fiche_dispositif(sources=[{**SOURCE, "url": ADRESSE}])
    assert edition.noter_lien(ADRESSE, "morte", date(2026, 3, 1))
    assert Fiche.objects.get(pk=autre.pk).liens_rompus


def test_le_badge_ne_coute_aucune_requete_et_une_ancienne_version_n_en_a_pas(client):
    publier(citante(), titre="Autre titre")
    with CaptureQueriesContext(connection) as sans:
        client.get("/dispositifs/asv/")
    edition.noter_lien(ADRESSE, "douteuse", date(2026, 3, 1))
    with CaptureQueriesContext(connection) as avec:
        page = client.get("/dispositifs/asv/")
    assert len(avec) == len(sans) and "Lien douteux" in page.text
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert "lien-rompu" not in client.get("/dispositifs/asv/versions/1/").text
