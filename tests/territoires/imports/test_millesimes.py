"""Vintages: an official file is of a year, which is told, compared with the one in force, and kept."""

from datetime import date

import pytest
from django.core.management import CommandError

from fiches.models import Edition
from territoires import hierarchie
from territoires.millesimes import mention
from territoires.models import Millesime
from tests.territoires.imports.conftest import photographie
from tests.territoires.imports.test_cog import COMMUNES, MOUVEMENTS, PAYS, commune, mouvement
from tests.territoires.imports.test_epci import PAYS as COMPOSITION
from tests.territoires.imports.test_epci import lignes_csv
from tests.territoires.imports.test_qpv import RIVES, TILLEULS, liste
from tests.territoires.monde import GRAND_TOUT, territoire


@pytest.fixture
def au_2026(monde):
    Millesime.objects.retenir({"commune": 2026, "epci": 2026, "qpv": 2024})
    return monde


@pytest.fixture
def cog_de(ecrire):
    def poser(communes: dict[str, str], *mouvements: str, annee: int = 2027):
        lignes = "".join(commune(code, nom) for code, nom in communes.items())
        return (
            ecrire(f"v_commune_{annee}.csv", COMMUNES + lignes),
            ecrire(f"v_mvt_commune_{annee}.csv", MOUVEMENTS + "".join(mouvements)),
        )

    return poser


def test_un_fichier_plus_ancien_que_la_base_est_refuse(au_2026, importer, ecrire):
    avant = photographie()
    with pytest.raises(CommandError, match="Ce fichier est de 2025, et la base est au 2026"):
        importer("epci", ecrire("epcicom2025.csv", lignes_csv(dict.fromkeys(COMPOSITION, GRAND_TOUT))))
    assert photographie() == avant and Millesime.objects.en_vigueur()["epci"] == 2026


def test_un_fichier_plus_ancien_passe_si_on_le_dit(au_2026, importer, cog_de):
    importer("cog", *cog_de(PAYS | {"99001": "Le Vieux Bourg"}, annee=2025), plus_ancien=True)
    assert au_2026.lire("commune:99001").nom == "Le Vieux Bourg"
    assert Millesime.objects.en_vigueur()["commune"] == 2025


def test_un_millesime_ne_se_compare_qu_a_celui_de_sa_nature(au_2026, importer, ecrire):
    assert "Rien à changer." in importer("qpv", ecrire("listeqp2024-cog2024.csv", liste(TILLEULS, RIVES)))


def test_un_millesime_nouveau_est_retenu_meme_s_il_ne_change_rien(au_2026, importer, cog_de):
    avant = photographie(), Edition.objects.get().numero
    assert "La base est au 2026." in importer("cog", *cog_de(PAYS))
    assert Millesime.objects.en_vigueur() == {"commune": 2027, "epci": 2026, "qpv": 2024}
    assert (photographie(), Edition.objects.get().numero) == (avant[0], avant[1] + 1)


def test_l_essai_a_blanc_ne_retient_aucun_millesime(au_2026, importer, cog_de):
    importer("cog", *cog_de(PAYS), appliquer=False)
    assert Millesime.objects.en_vigueur()["commune"] == 2026


@pytest.mark.parametrize(
    "noms, message",
    [
        (("v_commune_2027.csv", "v_mvt_commune_2026.csv"), "Les fichiers ne sont pas de la même année"),
        (("v_commune_2026.csv", "v_mvt_commune_2026.csv"), "ligne 2 : un mouvement du 01/03/2027 n’est pas"),
    ],
)
def test_des_fichiers_qui_se_contredisent_sont_refuses(au_2026, importer, cog_de, noms, message):
    fichiers = cog_de(PAYS, mouvement(31, "2027-03-01", "99021", "99001"))
    renommes = [fichier.rename(fichier.with_name(nom)) for fichier, nom in zip(fichiers, noms, strict=True)]
    with pytest.raises(CommandError, match=message):
        importer("cog", *renommes)


def test_une_annee_dite_qui_n_est_pas_celle_du_nom_est_refusee(au_2026, importer, ecrire):
    with pytest.raises(CommandError, match="d’après son nom il est de 2027, et non de 2028"):
        importer("epci", ecrire("epcicom2027.csv", lignes_csv(COMPOSITION)), millesime=2028)


def test_un_fichier_coupe_ne_ferme_ni_ne_rouvre_rien(au_2026, importer, cog_de):
    for n in range(100, 130):  # communes that were absorbed once, and re-established since
        territoire(f"commune:99{n}", f"Village {n}", ["departement:99"])
    hierarchie.deriver(2026)
    anciens = [mouvement(31, "1973-01-01", f"99{n}", "99001", f"Village {n}") for n in range(100, 130)]
    avant = photographie()
    rapport = importer("cog", *cog_de(PAYS, *anciens))
    assert "Le fichier oublie 30 des 35 communes du département 99" in rapport
    assert photographie() == avant
    with pytest.raises(CommandError, match="sans doute coupé"):
        importer("cog", *cog_de(PAYS, *anciens), fermer_absents=True)


def test_la_base_rouverte_a_tort_est_reparee_par_le_millesime_en_vigueur(au_2026, importer, cog_de):
    territoire("commune:99040", "Ancienne", ["departement:99"])
    hierarchie.deriver(2026)
    importer("cog", *cog_de(PAYS, mouvement(31, "2025-01-01", "99040", "99001", "Ancienne"), annee=2026))
    assert au_2026.lire("commune:99040").fin == date(2025, 1, 1)


def test_les_millesimes_se_disent_en_une_phrase(au_2026):
    dite = "Découpage : communes et intercommunalités au 1er janvier 2026, quartiers prioritaires de 2024."
    assert mention() == dite.replace(" :", "\u00a0:").replace("1er janvier 2026", "1er\u00a0janvier\u00a02026").replace(
        "de 2024", "de\u00a02024"
    )
    Millesime.objects.retenir({"commune": 2027})
    assert "communes au 1er\u00a0janvier\u00a02027, intercommunalités au 1er\u00a0janvier\u00a02026" in mention()


def test_sans_rien_de_connu_on_ne_dit_rien(db):
    assert mention() == ""
