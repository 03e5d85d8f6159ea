import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparaison.contenus import Comparaison, Difference, comparer
from fiches.forms import FORMULAIRES, TEXTE_MAX
from fiches.gabarits import GABARITS, Nature
from fiches.unites import unites
from tests.essais import essais
from tests.factories import fiche_dispositif, masquer, public, territoire, theme

SOURCES = [
    {"titre": "Rapport annuel", "organisation": "Observatoire", "url": "https://a.fr", "date": "2022-03-29"},
    {"titre": "Loi de santé", "organisation": "État", "url": "https://b.fr", "date": "2016"},
    {"titre": "Guide de méthode", "organisation": "Réseau", "url": "", "date": ""},
]
TEXTE = st.text(max_size=12)
CHIFFRE = {
    "libelle": "Médecins",
    "valeur": 1584,
    "unite": "personnes",
    "annee": 2022,
    "precision_annee": "exacte",
    "source": 1,
    "attendu": False,
}


@st.composite
def contenus(draw, nature: Nature) -> dict[str, Any]:
    """Contents of the right shape, filled with anything, whose choices name nothing that would ask the database."""
    formulaire = FORMULAIRES[nature]
    listes, noms = {"themes", "publics", "territoires"}, {"dispositif", "levier"}
    champs: dict[str, Any] = {
        nom: [] if nom in listes else None if nom in noms else draw(st.one_of(TEXTE, st.none(), st.booleans()))
        for nom in formulaire.base_fields
    }
    champs["autres_noms"] = draw(st.lists(TEXTE, max_size=3))
    lignes = {
        nom: draw(
            st.lists(st.fixed_dictionaries(dict.fromkeys(ligne.base_fields, TEXTE) | _sans_base(nom)), max_size=3)
        )
        for nom, ligne in formulaire.lignes.items()
    }
    textes = st.one_of(TEXTE, st.sampled_from(["Vu.[^1]", "Vu.[^2] Lu.[^3]"]))
    return {**champs, "sections": {s.cle: draw(textes) for s in GABARITS[nature]}, **lignes}


def _sans_base(nom: str) -> dict[str, Any]:
    source = {"source": st.integers(1, 4)} if nom != "sources" else {}
    return source | {"missions": {"mission": st.none()}, "articulations": {"vers": st.none()}}.get(nom, {})


def base(**changements: Any) -> dict[str, Any]:
    return {
        "titre": "Atelier santé ville",
        "resume": "Une démarche locale.",
        "themes": [],
        "publics": [],
        "territoires": [],
        "sections": {"description": "Un pont.[^1]\n\nUne loi.[^2]"},
        "sources": SOURCES,
        "chiffres": [],
        "missions": [],
        "articulations": [],
        **changements,
    }


def compare(avant: dict, apres: dict, nature: Nature = Nature.DISPOSITIF) -> Comparaison:
    return comparer(nature, base(**avant), base(**apres))


def seule(avant: dict, apres: dict, nature: Nature = Nature.DISPOSITIF) -> Difference:
    (difference,) = compare(avant, apres, nature).differences
    return difference


def lu(difference: Difference) -> list[str]:
    """The rows as one reads them: « Libellé : [-removed-]{+added+} »."""
    signes = {"egal": "{}", "retrait": "[-{}-]", "ajout": "{{+{}+}}"}
    return [
        " | ".join(
            (f"{champ.libelle} : " if champ.libelle else "")
            + "".join(signes[m.sorte].format(m.vu) for m in champ.morceaux)
            for champ in ligne.champs
        )
        for ligne in difference.lignes
    ]


@pytest.mark.parametrize("nature", Nature)
@essais(150)
@given(data=st.data())
def test_comparer_n_echoue_sur_aucun_texte(nature, data):
    avant, apres = data.draw(contenus(nature)), data.draw(contenus(nature))
    comparaison = comparer(nature, avant, apres)
    cles = [difference.unite.cle for difference in comparaison.differences]
    assert cles == [unite.cle for unite in unites(nature) if unite.cle in cles]  # in reading order
    ancres = [ligne.ancre for difference in comparaison.differences for ligne in difference.lignes if ligne.changee]
    assert ancres == [f"c{n}" for n in range(1, comparaison.nombre + 1)]


@pytest.mark.parametrize("nature", Nature)
@essais(100)
@given(data=st.data())
def test_un_contenu_ne_differe_pas_de_lui_meme(nature, data):
    contenu = data.draw(contenus(nature))
    assert not comparer(nature, contenu, contenu)


@essais(200)
@given(ordre=st.permutations(range(3)), textes=st.lists(st.sampled_from(["Vu.[^1]", "Lu.[^2] Su.[^3]", "Rien."])))
def test_renumeroter_les_sources_ne_change_rien(ordre, textes):
    texte = "\n\n".join(textes)
    nouveaux = {ancien + 1: rang for rang, ancien in enumerate(ordre, 1)}
    renumerote = texte
    for ancien, nouveau in nouveaux.items():
        renumerote = renumerote.replace(f"[^{ancien}]", f"[^@{nouveau}]")
    chiffres = [{**CHIFFRE, "source": n} for n in (1, 2, 3)]
    apres = base(
        sections={"description": renumerote.replace("@", "")},
        sources=[SOURCES[ancien] for ancien in ordre],
        chiffres=[{**chiffre, "source": nouveaux[chiffre["source"]]} for chiffre in chiffres],
    )
    assert not comparer(Nature.DISPOSITIF, base(sections={"description": texte}, chiffres=chiffres), apres)


def test_une_source_inseree_est_un_seul_changement():
    neuve = {"titre": "Décret", "organisation": "Premier ministre", "url": "https://c.fr", "date": "2021-05"}
    difference = seule({}, {"sources": [neuve, *SOURCES], "sections": {"description": "Un pont.[^2]\n\nUne loi.[^3]"}})
    assert (difference.unite.cle, difference.nombre) == ("sources", 1)
    assert lu(difference)[0].startswith(
        "Titre : {+Décret+} | Organisation : {+Premier ministre+} | Date : {+mai 2021+}".replace(" 2021", "\u00a02021")
    )
    assert difference.lignes[0].titre == "Source 1"


def test_un_appel_qui_designe_une_autre_source_est_un_changement():
    difference = seule({}, {"sources": SOURCES[::-1], "sections": {"description": "Un pont.[^1]\n\nUne loi.[^2]"}})
    assert lu(difference)[0].strip() == "Un pont.[-[3]-]{+[1]+}"


def test_une_source_dont_l_adresse_change_reste_la_meme():
    corrigee = {**SOURCES[0], "url": "https://a.fr/neuf"}
    difference = seule({}, {"sources": [corrigee, *SOURCES[1:]]})
    assert difference.unite.cle == "sources"
    assert "Adresse : [-https://a.fr-]{+https://a.fr/neuf+}" in lu(difference)[0]
    assert lu(difference)[1] == "2 autres lignes, inchangées."


def test_un_chiffre_corrige_se_lit_en_francais():
    difference = seule({"chiffres": [CHIFFRE]}, {"chiffres": [{**CHIFFRE, "valeur": 1600.5, "attendu": True}]})
    (ligne,) = lu(difference)
    assert "Valeur : [-1\u202f584-]{+1\u202f600,5+}" in ligne
    assert "Résultat attendu, non obtenu : [-non-]{+oui+}" in ligne
    assert "Précision de l’année : année donnée par la source" in ligne


def test_des_chiffres_remis_en_ordre_le_disent():
    autre = {**CHIFFRE, "libelle": "Infirmières"}
    difference = seule({"chiffres": [CHIFFRE, autre]}, {"chiffres": [autre, CHIFFRE]})
    assert lu(difference) == ["{+L’ordre des lignes a changé.+}", "2 autres lignes, inchangées."]


def test_un_texte_court_se_compare_mot_a_mot():
    assert lu(seule({}, {"titre": "Atelier santé de la ville"})) == ["Atelier santé {+de la +}ville"]


def test_le_texte_d_un_champ_n_est_pas_du_markdown():
    assert lu(seule({"titre": "Un **x**"}, {"titre": "Un **y**"})) == ["Un **[-x-]{+y+}**"]


def test_ce_qui_etait_vide_etait_non_renseigne():
    difference = seule({"echelle": ""}, {"echelle": "Quartier"})
    assert lu(difference) == ["[-non renseigné-]{+Quartier+}"]


def test_un_champ_absent_d_une_ancienne_version_vaut_un_champ_vide():
    assert not compare({}, {"echelle": "", "duree_habituelle": "", "autres_noms": []})


@pytest.mark.parametrize(
    "nature, champ, avant, apres, attendu",
    [
        (Nature.DISPOSITIF, "categorie", "demarche", "contrat", "[-Démarche-]{+Contrat+}"),
        (Nature.LOCAL, "fin", "", "2022-03-01", "[-non renseigné-]{+1er\u00a0mars\u00a02022+}"),
        (Nature.LOCAL, "perimetre_incertain", False, True, "[-non-]{+oui+}"),
        (Nature.ACTION, "debut", "2019", "2020-05", "[-2019-]{+mai\u00a02020+}"),
        (Nature.ACTION, "lieu_precis", True, False, "[-oui-]{+non+}"),
    ],
)
def test_les_valeurs_se_lisent(nature, champ, avant, apres, attendu):
    assert lu(seule({champ: avant}, {champ: apres}, nature)) == [attendu]


@pytest.mark.django_db
def test_les_listes_disent_ce_qui_part_ce_qui_vient_ce_qui_reste():
    for slug, nom in (("nutrition", "Nutrition"), ("logement", "Logement"), ("emploi", "Emploi")):
        theme(slug, nom)
    difference = seule({"themes": ["nutrition", "logement"]}, {"themes": ["logement", "emploi"]})
    assert lu(difference) == ["[-Nutrition-]", "{+Emploi+}", "Inchangé : Logement"]


@pytest.mark.django_db
def test_les_territoires_se_lisent_par_leur_nom_en_une_requete(django_assert_num_queries):
    lieux = [
        territoire("commune", code, nom, departements=["76"])
        for code, nom in (("76540", "Rouen"), ("76351", "Le Havre"))
    ]
    cles = [lieu.designation for lieu in lieux]
    with django_assert_num_queries(1):
        difference = seule({"territoires": cles[:1]}, {"territoires": cles[1:]})
    assert lu(difference) == ["[-Rouen (76)-]", "{+Le Havre (76)+}"]


@pytest.mark.django_db
def test_un_dispositif_lie_se_lit_par_son_titre_tant_qu_il_est_public():
    fiche_dispositif(slug="cls", titre="Contrat local de santé")
    masquer(fiche_dispositif(slug="secret", titre="Ne doit pas se lire"))
    difference = seule({"dispositif": "cls"}, {"dispositif": "secret"}, Nature.ACTION)
    assert lu(difference) == ["[-Contrat local de santé-]{+fiche retirée de la base+}"]


@pytest.mark.django_db
def test_tout_changer_coute_une_requete_par_vocabulaire(django_assert_max_num_queries):
    theme("a"), public("b")
    fiche_dispositif(slug="cls")
    lien = {"type": "s_inscrit_dans", "vers": "cls", "precision": "", "source": 1}
    lieu = territoire()
    neuf = {"themes": ["a"], "publics": ["b"], "territoires": [lieu.designation], "articulations": [lien]}
    mission = {"mission": "mediation", "statut": "propre", "nuance": "", "source": 1}
    with django_assert_max_num_queries(5):
        compare({}, {**neuf, "missions": [mission]})


def test_chaque_changement_connait_ses_voisins():
    comparaison = compare(
        {}, {"titre": "Autre", "sections": {"description": "Un pont.[^1]\n\nUne règle.[^2]", "cout": "Dix euros."}}
    )
    lignes = [ligne for difference in comparaison.differences for ligne in difference.lignes if ligne.changee]
    assert [(x.precedente, x.ancre, x.suivante) for x in lignes] == [
        ("", "c1", "c2"),
        ("c1", "c2", "c3"),
        ("c2", "c3", ""),
    ]
    assert [(d.precedente, d.suivante) for d in comparaison.differences] == [("", "c2"), ("c1", "c3"), ("c2", "")]
    assert (comparaison.nombre, comparaison.mots_ajoutes, comparaison.mots_supprimes) == (3, 4, 4)


def test_deux_comparaisons_d_une_page_ont_des_ancres_differentes():
    assert comparer(Nature.DISPOSITIF, base(), base(titre="Autre"), prefixe="base-").ancre == "base-1"


def test_ce_qui_est_loin_d_un_changement_est_replie():
    paragraphes = [f"Paragraphe {n}." for n in range(9)]
    change = "\n\n".join([*paragraphes[:8], "Tout autre chose."])
    difference = seule({"sections": {"description": "\n\n".join(paragraphes)}}, {"sections": {"description": change}})
    assert [(groupe.replie, len(groupe.lignes)) for groupe in difference.groupes] == [(True, 7), (False, 3)]


def test_une_proposition_hostile_n_occupe_pas_le_serveur():
    """Every section as long as it may be, and as costly as it may be."""
    cote = {
        marque: {
            s.cle: " ".join(f"x{i} {marque}{i}" for i in range(700 + n)) for n, s in enumerate(GABARITS["dispositif"])
        }
        for marque in "yz"
    }
    repete = {s.cle: ("a. " * TEXTE_MAX)[:TEXTE_MAX] for s in GABARITS["dispositif"]}
    lignes = [{**SOURCES[0], "titre": f"{n} " + "mot " * 70, "url": ""} for n in range(60)]
    debut = time.process_time()
    compare({"sections": cote["y"], "sources": lignes}, {"sections": cote["z"], "sources": lignes[::-1]})
    compare({"sections": repete}, {"sections": {cle: "b. " + texte[3:-3] + "c. " for cle, texte in repete.items()}})
    assert time.process_time() - debut < 6  # measured: 0.4 s and 1.3 s alone; half a million characters are cut
