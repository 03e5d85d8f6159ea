"""« Ce qui reste à faire »: where anybody can begin."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import timezone

from fiches.gabarits import GABARITS, Nature
from tests.factories import constat, fiche_dispositif, fiche_locale, masquer, territoire
from veille.models import VerificationSource
from veille.verification import constater

pytestmark = pytest.mark.django_db
A_FAIRE = "/contribuer/a-faire/"
MORTE = "https://exemple.org/disparu.pdf"


def citer_une_adresse_morte(**brut):
    fiche = fiche_locale(sources=[{"titre": "Rapport disparu", "url": MORTE}], **brut)
    verification = VerificationSource.objects.create(url=MORTE)
    for jour in (1, 5, 9):
        with time_machine.travel(datetime(2026, 3, jour, tzinfo=UTC), tick=False):
            constater(verification, "404")
    return fiche


def partie(page: str, titre: str) -> str:
    return page.partition(f'id="t-{titre}"')[2].partition("</section>")[0]


def test_une_source_morte_est_a_remplacer(client):
    fiche = citer_une_adresse_morte()
    sources = partie(client.get(A_FAIRE).text, "sources")
    assert "Rapport disparu" in sources
    assert f'href="{fiche.get_absolute_url()}proposer/?section=sources#bloc-sources"' in sources


def test_un_contrat_echu_est_a_actualiser_un_contrat_en_cours_non(client):
    fiche_locale(titre="CLS d’hier", debut="2015-01-01", fin="2020-01-01")
    fiche_locale(titre="CLS de demain", debut="2025-01-01", fin="2040-01-01")
    echus = partie(client.get(A_FAIRE).text, "passes")
    assert "CLS d’hier" in echus and "1er\xa0janvier\xa02020" in echus and "CLS de demain" not in echus


def test_une_fiche_que_personne_n_a_vue_depuis_longtemps_est_a_relire(client):
    fiche_locale(titre="ASV oublié", constats=[constat("actif", "2022-03-29")])
    fiche_locale(titre="ASV du jour", constats=[constat("actif", timezone.localdate().isoformat())])
    anciennes = partie(client.get(A_FAIRE).text, "anciennes")
    assert "ASV oublié" in anciennes and "ASV du jour" not in anciennes


def test_les_moins_renseignees_d_abord_et_leurs_rubriques_vides(client):
    maigre = fiche_dispositif(titre="Maigre")
    toutes = {section.cle: "Un mot.[^1]" for section in GABARITS[Nature.DISPOSITIF]}
    del toutes["cout"]
    presque = fiche_dispositif(titre="Presque pleine", sections=toutes)
    incompletes = partie(client.get(A_FAIRE).text, "incompletes")
    assert incompletes.index("Maigre") < incompletes.index("Presque pleine")
    assert f'href="{presque.get_absolute_url()}corriger/?section=cout"' in incompletes
    assert incompletes.count(f'href="{maigre.get_absolute_url()}corriger/?section=') == 4


def test_au_plus_huit_par_sorte_et_le_chemin_vers_les_autres(client):
    for _ in range(10):
        fiche_dispositif()
    incompletes = partie(client.get(A_FAIRE).text, "incompletes")
    assert incompletes.count("renseignée à") == 8
    assert 'href="/fiches/?tri=a_completer">Voir les 2 autres</a>' in incompletes


def test_sur_un_territoire_rien_que_le_sien(client):
    oissel, dieppe = territoire("commune", "76484", "Oissel"), territoire("commune", "76217", "Dieppe")
    fiche_locale(titre="ASV d’Oissel", sur=[oissel])
    fiche_locale(titre="ASV de Dieppe", sur=[dieppe])
    for saisie in ("commune:76484", "oissel"):
        page = client.get(A_FAIRE, {"territoire": saisie}).text
        assert "ASV d’Oissel" in page and "ASV de Dieppe" not in page
        assert "<h1>Ce qui reste à faire&nbsp;: Oissel" in page


def test_un_territoire_inconnu_se_dit_et_reste_ecrit(client):
    reponse = client.get(A_FAIRE, {"territoire": "Zzyzx"})
    assert reponse.status_code == 400
    assert "Aucun territoire ne correspond à «\xa0Zzyzx\xa0»" in reponse.text and 'value="Zzyzx"' in reponse.text


def test_rien_a_faire_se_dit(client):
    assert "Rien n’attend ici" in client.get(A_FAIRE).text


def test_une_fiche_masquee_n_attend_personne(client):
    fiche = citer_une_adresse_morte(titre="Cachée", debut="2015-01-01", fin="2020-01-01")
    masquer(fiche)
    page = client.get(A_FAIRE).text
    assert "Cachée" not in page and "Rapport disparu" not in page


def test_dix_requetes_au_plus_et_pas_de_temoin(client, django_assert_max_num_queries):
    oissel = territoire("commune", "76484", "Oissel")
    citer_une_adresse_morte(sur=[oissel])
    for n in range(12):
        fiche_locale(titre=f"CLS {n}", sur=[oissel], debut="2015-01-01", fin="2020-01-01")
    with django_assert_max_num_queries(10):
        reponse = client.get(A_FAIRE, {"territoire": "commune:76484"})
    assert not reponse.cookies


def test_on_y_vient_de_la_page_contribuer_avec_son_territoire(client):
    assert f'href="{A_FAIRE}?territoire=commune%3A76484"' in client.get("/contribuer/?territoire=commune:76484").text
