"""What a text changes in one fiche, carried over to another."""

from hypothesis import given

from comparaison.transport import transporter
from fiches.sources import FORMAT, actuel, appels, cles
from fiches.unites import changements, egales, unites, valeur
from tests.comparaison.ecrits import SECTIONS, contenu, source
from tests.comparaison.test_fusion import contenus, lisible

NATURE = "dispositif"
PREMIERE, DEUXIEME, TROISIEME = SECTIONS[:3]


@given(contenus(), contenus())
def test_un_texte_qui_ne_change_rien_ne_change_rien_ailleurs(base, cible):
    transport = transporter(NATURE, base, base, cible)
    assert not transport.conflits and lisible(transport.contenu) == {**lisible(cible), "format": FORMAT}


@given(contenus(), contenus())
def test_sur_une_copie_tout_passe_tel_quel(base, proposee):
    transport = transporter(NATURE, base, proposee, base)
    assert not transport.conflits
    assert lisible(transport.contenu)["titre"] == lisible(actuel(proposee))["titre"]


@given(contenus(), contenus(), contenus())
def test_rien_de_la_fiche_d_arrivee_ne_change_sans_que_l_auteur_y_touche(base, proposee, cible):
    touchees = changements(NATURE, actuel(base), actuel(proposee))
    transport = transporter(NATURE, base, proposee, cible)
    for unite in unites(NATURE):
        if unite.cle not in touchees and unite.cle != "sources":
            assert egales(unite.cle, valeur(transport.contenu, unite.cle), valeur(actuel(cible), unite.cle))


@given(contenus(), contenus(), contenus())
def test_les_mots_de_l_auteur_en_conflit_sont_gardes_avec_leurs_sources(base, proposee, cible):
    transport = transporter(NATURE, base, proposee, cible)
    voulu, obtenu = lisible(proposee), lisible(transport.contenu)
    for section in SECTIONS[:3]:
        if f"section-{section}" in transport.conflits:
            assert valeur(obtenu, f"section-{section}") == valeur(voulu, f"section-{section}")


@given(contenus(), contenus(), contenus())
def test_chaque_appel_mene_a_une_source(base, proposee, cible):
    obtenu = transporter(NATURE, base, proposee, cible).contenu
    connues = cles(obtenu)
    assert len(connues) == len(set(connues))
    assert {cle for texte in obtenu["sections"].values() for cle in appels(texte)} <= {
        *connues, *(cle for depart in (base, proposee, cible) for texte in depart["sections"].values()
                    for cle in appels(texte) if cle not in cles(actuel(depart)))
    }  # fmt: skip


def test_deux_sources_de_meme_numero_restent_deux_sources():
    base = contenu(source("Rapport de Rouen"), **{PREMIERE: "Rouen[^1]."})
    proposee = contenu(source("Rapport de Rouen"), **{PREMIERE: "Rouen[^1].", DEUXIEME: "Gratuit[^1]."})
    cible = contenu(source("Rapport de Lille"), **{PREMIERE: "Lille[^1]."})
    transport = transporter(NATURE, base, proposee, cible)
    titres = {source["cle"]: source["titre"] for source in transport.contenu["sources"]}
    (appel,) = appels(transport.contenu["sections"][DEUXIEME])
    assert not transport.conflits and titres[appel] == "Rapport de Rouen"
    assert titres[next(iter(appels(transport.contenu["sections"][PREMIERE])))] == "Rapport de Lille"


def test_une_section_recrite_des_deux_cotes_est_un_conflit_dit():
    base = contenu(source("A"), **{PREMIERE: "Deux matins.", TROISIEME: "Rien."})
    proposee = contenu(source("A"), **{PREMIERE: "Trois matins.", TROISIEME: "Tout."})
    cible = contenu(source("B"), **{PREMIERE: "Cinq soirs.", TROISIEME: "Rien."})
    transport = transporter(NATURE, base, proposee, cible)
    assert transport.conflits == [f"section-{PREMIERE}"]
    assert transport.contenu["sections"] == {PREMIERE: "Trois matins.", TROISIEME: "Tout."}
