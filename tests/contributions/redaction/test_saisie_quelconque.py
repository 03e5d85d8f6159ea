"""Whatever is posted, the site answers in French, never breaks, and keeps what was typed."""

from urllib.parse import quote_from_bytes

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from contributions.models import Proposition
from contributions.redaction.brouillons import Affichage
from contributions.redaction.saisie import BOUTONS, TECHNIQUES, Saisie
from fiches.forms import FORMULAIRES
from fiches.models import Fiche
from tests.contributions.papier import ENVOI
from tests.essais import essais
from tests.factories import fiche_action, fiche_dispositif, fiche_locale, territoire

MOTEUR = "application/x-www-form-urlencoded"
CLES = st.sampled_from(
    ["titre", "resume", "themes", "publics", "territoires", "categorie", "duree_ans", "constate_le", "echeance",
     "fin", "debut", "vu_le", "avancement", "constats-0-etat", "constats-0-le", "anterieures-0-fin",
     "nombre", "preuve", "dispositif", "lieu_precis", "section-description", "section-cout", "section-deroule",
     "sources-TOTAL_FORMS", "sources-INITIAL_FORMS", "sources-0-titre", "sources-0-url", "sources-0-date",
     "sources-99999-titre", "sources--1-titre", "chiffres-0-valeur", "chiffres-0-annee", "chiffres-0-source",
     "chiffres-5-libelle", "missions-0-mission", "articulations-0-vers", "pourquoi", "sorte", "credit", "credit_nom",
     "credit_lien", "courriel", "charte", "coordonnees",
     "chercher_territoire", "affichage", "ouvert", "site_web", "source_suffit", "depose"]
)  # fmt: skip
MECHANTS = st.sampled_from(
    ["", " ", "\0", "\ud800", "﷽" * 300, "a" * 25_000, "[^1][^999]", "[^" * 500, "*" * 3_000, "> " * 400, "- " * 400,
     "[" * 2_000, "<script>alert(1)</script>", "](javascript:alert(1))", "{{ 7|add:7 }}", "{% csrf_token %}", "%00",
     "' OR 1=1 --", "9" * 5_000, "1e999", "NaN", "-1", "²", "٣", "commune:\0", "commune:" + "9" * 500, "2025-02-30",
     "9999-12-31", "http://[::1", "//", "https://exemple.fr/" + "a" * 600, "\r\n\r\n", "\u202e", "𝕬", "None", "[]"]
)  # fmt: skip
VALEURS = st.one_of(st.text(max_size=200), MECHANTS, st.integers().map(str))
POSTS = st.dictionaries(st.one_of(CLES, st.text(max_size=30)), st.lists(VALEURS, max_size=3), max_size=14)
CLIC = st.sampled_from(
    [("envoyer", "1"), ("voir", "apercu"), ("voir", "modifications"), ("brouillon", "1"), ("ajouter", "sources"),
     ("ajouter", "\0"), ("retirer", "sources-1"), ("retirer", "chiffres-٣"),
     ("chercher", "territoires"), ("aucun", "1")]
)  # fmt: skip


def corps(champs: dict[str, list[str]]) -> bytes:
    def octets(texte: str) -> str:
        return quote_from_bytes(texte.encode("utf-8", "surrogatepass"))

    return "&".join(f"{octets(cle)}={octets(v)}" for cle, valeurs in champs.items() for v in valeurs).encode()


@pytest.fixture
def fiches(db) -> dict[str, Fiche]:
    territoire(nom="Rouen")
    return {
        "dispositif": fiche_dispositif(slug="x", sections={"description": "Une.[^1]", "cout": "Peu."}),
        "local": fiche_locale(slug="x"),
        "action": fiche_action(slug="x"),
    }


CHEMINS = {"dispositif": "dispositifs", "local": "dispositifs-locaux", "action": "actions"}


@pytest.mark.django_db
@essais(80)
@given(nature=st.sampled_from(sorted(CHEMINS)), champs=POSTS, bouton=CLIC, neuve=st.booleans(), rempli=st.booleans())
@example("dispositif", {"sources-0-titre": ["\0"], "titre": ["\ud800"]}, ("envoyer", "1"), False, True)
@example("local", {"constate_le": ["9999-12-31"]}, ("voir", "apercu"), False, True)
@example("dispositif", {"section-cout": ["[^1]" * 4_000]}, ("voir", "apercu"), False, True)
def test_quoi_qu_on_envoie_le_site_repond_et_garde(fiches, nature, champs, bouton, neuve, rempli):
    Proposition.objects.filter(depots=None).delete()
    fiche = fiches[nature]
    adresse = f"/contribuer/nouvelle-fiche/{nature}/" if neuve else f"/{CHEMINS[nature]}/x/proposer/"
    lieu = {} if neuve else {"fiche": fiche.pk, "base": fiche.versions.get().pk}
    affichage = Affichage.nouveau(nature, **lieu)
    page = {"affichage": [affichage.sceller()], **({nom: [v] for nom, v in ENVOI.items()} if rempli else {})}
    if rempli and neuve:
        page |= dict(Saisie.de_contenu(FORMULAIRES[nature], fiche.contenu).lists())
    reponse = Client().post(adresse, corps({**page, **champs, bouton[0]: [bouton[1]]}), content_type=MOTEUR)
    assert reponse.status_code in (200, 303, 400, 422, 429), reponse.status_code
    if "affichage" in champs:
        return
    gardee = Proposition.objects.get(jeton=affichage.jeton)
    for cle, valeurs in champs.items():
        if cle not in TECHNIQUES | BOUTONS | {"depose"} and not cle.partition("-")[2]:
            propre = [v.replace("\0", "").encode("utf-8", "surrogatepass").decode("utf-8", "replace") for v in valeurs]
            if propre and _propre(cle) == cle:
                assert {v for v in propre if v} <= set(gardee.saisie[cle])


def _propre(cle: str) -> str:
    return cle.replace("\0", "").encode("utf-8", "replace").decode()


@essais(200)
@given(champs=POSTS)
def test_une_saisie_se_garde_et_se_relit_a_l_identique(champs):
    saisie = Saisie.postee(Saisie(champs))
    relue = Saisie.gardee(saisie.en_json())
    assert relue == saisie
    for classe in FORMULAIRES.values():
        lisible = relue.lisible(classe)
        assert lisible.lisible(classe) == lisible
