"""The work that a stranger's text asks for grows with its length, no faster: four times the text, six times at most.

Ratios of the time of this process alone, so that a busy machine changes nothing; what costs next to nothing is not
judged.
"""

import gc
import re
from collections.abc import Callable
from contextlib import suppress
from time import process_time

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from comparaison import accord, fusion, mots, textes
from comparaison.contenus import comparer
from config.balises import cite
from config.journaux import masquer
from contributions import abus
from contributions.redaction import doublons, exigences, vigilance
from contributions.redaction.saisie import Saisie
from contributions.signaler import cibles
from courriels import envoi
from demo.views import ADRESSE_WEB
from dispositifs.forms import FormulaireDispositif
from fiches import listes, rendu, sources
from fiches.forms import LIGNES_MAX
from francais import caracteres
from francais.balises import insecables
from recherche import orthographe, plein_texte
from recherche.filtres import derniere_saisie
from territoires import recherche as territoires
from tests.contributions.papier import ouvrir
from tests.essais import COMPLET
from tests.factories import fiche_dispositif

COURT, LONG = 5_000, 20_000
RAPPORT = 6
ESSAIS = 15  # taken only while the ratio is too high: a machine that is disturbed gets the time to calm down
NEGLIGEABLE = 0.1  # seconds: the square would cost more
BASE = {"titre": "T", "resume": "R", "sections": {"description": "Avant, 12 euros.[^1]"}, "sources": [{"titre": "Un"}]}

REPETES = [
    "\n", " ", "\t", "\r\n", " \n", "\n\t", "\u00a0", "\u2028", "1", "1.", "1. ", "1,", "1 ", "06 ", "+33 ", "123 456 ",
    "2020 ", "12 % ", "QP123456 ", "1)\n", "(", "[", "![", "[a](", "](", "[a]((b)", "[a]: b\n", "[^1]", "[^1", "[^",
    "a ", "a. ", "a.\n", "a\n\n", "a", "a-", "a@", "a@a-", "a@a.", "@", "l'", "Ab ", "AB-", "http://", "http://a ",
    "https://a.fr/", "\ue000", "\ue000\ue001", "*", "**a", "*a _b ", "`", "`a", "``a ", "> ", ">", "- ", "- a\n",
    "1. a\n", "> a\n", "# a\n", "a\n=\n", "|a|b|\n", "<", "<a ", "<!--", "<sup", "<sup>", "<p", "&amp;", "&#", "\\",
    "« ", "e\u0301", "\u0301", "\u0301\u0323", "\ufdfa", "\u200b", "\u202e", "٣", "０", "Аa", "commune:", " (76)",
    '"', "76, ", "ville de ", "OU ", "a (at) ", "a point ", "&#8203;", "&a", "0612", "06**", "+33 (0)", "А\u0301",
    "a\tb\n", "•\ta\n", "– a\n", "|---|\n", "| - ", "a|b\n-|-\n", "www.a", "https://a.fr)", "https://a.,",
]  # fmt: skip


def _etages(marque: str, ligne: str, taille: int) -> str:
    """Return ever longer lines."""
    return "".join(marque * n + ligne for n in range(1, int((2 * taille / len(marque)) ** 0.5)))


FORMES: dict[str, Callable[[int], str]] = {
    **{repr(motif): lambda taille, motif=motif: motif * (taille // len(motif)) for motif in REPETES},
    "lignes vides": lambda taille: "a" + "\n" * taille + "a",
    "un long mot": lambda taille: "a" * taille + "@",
    "listes emboîtées": lambda taille: _etages("  ", "- a\n", taille),
    "citations emboîtées": lambda taille: _etages(">", " a\n", taille),
    "citation d’une ligne": lambda taille: "> " * (taille // 4) + "a " * (taille // 4),
    "accents graves": lambda taille: _etages("`", "a", taille),
    "crochets fermés": lambda taille: "[" * (taille // 2) + "]" * (taille // 2),
    "liens emboîtés": lambda taille: "[a" * (taille // 7) + "](b)" * (taille // 7),
    "emphases emboîtées": lambda taille: "*a" * (taille // 4) + "b*" * (taille // 4),
    "accents en désordre": lambda taille: "a" + "\u0301" * (taille // 2) + "\u0323" * (taille // 2),
    "définitions": lambda taille: "".join(f"[a{n}]: b\n" for n in range(taille // 10)),
    "mots tous différents": lambda taille: " ".join(f"m{n}" for n in range(taille // 6)),
    "phrases toutes différentes": lambda taille: " ".join(f"m{n}." for n in range(taille // 7)),
    "alinéas tous différents": lambda taille: "\n\n".join(f"m{n} x y" for n in range(taille // 11)),
    "de tout": lambda taille: "*_`[(<>)]~|#-1. \n@" * (taille // 18),
}


def fiche(texte: str) -> dict:
    return {**BASE, "sections": {"description": texte}}


def retouche(texte: str) -> str:
    """The same text where a word out of four was changed."""
    return " ".join(f"q{mot}" if rang % 4 == 0 else mot for rang, mot in enumerate(texte.split(" ")))


def saisie_de(texte: str) -> Saisie:
    return Saisie({"section-description": [texte], "sources-0-titre": [texte], texte: ["a"]})


def tente(valider: Callable[[str], object]) -> Callable[[str], object]:
    def lire(texte: str) -> None:
        with suppress(ValidationError):
            valider(texte)

    return lire


LECTEURS: dict[str, Callable[[str], object]] = {
    "exigences.sans_source": lambda texte: exigences.sans_source("dispositif", BASE, fiche(texte)),
    "exigences.coordonnees": lambda texte: exigences.coordonnees(BASE, {"section-description": texte}),
    "exigences.conseils": lambda texte: exigences.conseils("dispositif", BASE, {"section-description": texte}),
    "exigences.liens_ajoutes": lambda texte: exigences.liens_ajoutes(BASE, {"section-description": texte}),
    "vigilance.alertes": vigilance.alertes,
    "abus.verifier_liens": lambda texte: abus.verifier_liens([texte], connu=True),
    "caracteres.normaliser": caracteres.normaliser,
    "caracteres.refuser_les_trompeurs": tente(caracteres.refuser_les_trompeurs),
    "caracteres.montrer_invisibles": caracteres.montrer_invisibles,
    "caracteres.mots_melanges": caracteres.mots_melanges,
    "rendu.en_html": lambda texte: rendu.en_html(texte, {"AB": "Atelier"}),
    "rendu.en_texte": rendu.en_texte,
    "listes.avec_ancres": listes.avec_ancres,
    "listes.lister": listes.lister,
    "cibles": lambda texte: cibles.designables("dispositif", {"sources": [{"titre": texte}]}),
    "decoupage.blocs": mots.alineas,
    "decoupage.decouper": lambda texte: mots.decouper(texte, markdown=False),
    "differences d’avec rien": lambda texte: textes.comparer_textes("", texte),
    "differences de mots": lambda texte: textes.comparer_lignes(texte, retouche(texte)),
    "differences à l’envers": lambda texte: textes.comparer_textes(texte, texte[::-1]),
    "comparaison": lambda texte: [
        d.groupes for d in comparer("dispositif", fiche(texte), fiche(retouche(texte))).differences
    ],
    "fusion": lambda texte: fusion.reunir("dispositif", fiche(texte), fiche(f"a {texte}"), fiche(retouche(texte))),
    "fusion, mot à mot": lambda texte: fusion.reunir_mots(texte, retouche(texte), f"a {texte} b"),
    "accord": lambda texte: accord.partager(sources.actuel(BASE), fiche(texte), fiche(retouche(texte))),
    "sources": lambda texte: sources.renommer(sources.actuel(fiche(texte)), {"1": "2"}),
    "doublons": doublons._mots,
    "saisie": lambda texte: saisie_de(texte).lisible(FormulaireDispositif).dit("sources", FormulaireDispositif),
    "plein_texte, la demande": plein_texte._preparer,
    "plein_texte, les familles": lambda texte: plein_texte._elargir(texte, {"a": "('a' | 'b')"}),
    "plein_texte, le passage": lambda texte: plein_texte._marquer(plein_texte._nu(texte), texte),
    "plein_texte, le texte": lambda texte: plein_texte.BALISE.sub("", plein_texte.APPEL_RENDU.sub("", texte)),
    "orthographe": lambda texte: orthographe.corriger(texte, []),
    "filtres": lambda texte: derniere_saisie([texte, texte]),
    "territoires": lambda texte: territoires._demande(" ".join(texte.split())[: territoires.LONGUEUR]),
    "territoires, la nature": territoires._separer_la_nature,
    "courriels": envoi._mettre_en_lignes,
    "courriels, l’objet": envoi._une_ligne,
    "courriels, les liens": ADRESSE_WEB.findall,
    "courriels, une citation": lambda texte: envoi._mettre_en_lignes(cite(texte)),
    "journaux": masquer,
    "balises": insecables,
}


def cout(lire: Callable[[str], object], texte: str) -> float:
    gc.disable()
    debut = process_time()
    try:
        lire(texte)
    finally:
        gc.enable()
    return process_time() - debut


def disproportion(lire: Callable[[str], object], forme: Callable[[int], str]) -> float:
    """Return how many times more the long text costs than the short one, at best of several; 0 if it is negligible."""
    if cout(lire, forme(LONG)) < NEGLIGEABLE:
        return 0
    rapport = float("inf")
    for _ in range(ESSAIS):
        rapport = min(rapport, cout(lire, forme(LONG)) / cout(lire, forme(COURT)))
        if rapport <= RAPPORT:
            break
    return rapport


def formes(rang: int) -> list[str]:
    """Return the shapes to try: all where COMPLET is set; at one's desk a tenth, and the one that cost most."""
    return list(FORMES) if COMPLET else ["lignes vides", *list(FORMES)[rang % 10 :: 10]]


@pytest.mark.parametrize("rang, nom", list(enumerate(LECTEURS)), ids=list(LECTEURS))
def test_quatre_fois_le_texte_ne_coute_pas_seize_fois(rang, nom):
    rapports = {forme: disproportion(LECTEURS[nom], FORMES[forme]) for forme in formes(rang)}
    assert {forme: round(rapport, 1) for forme, rapport in rapports.items() if rapport > RAPPORT} == {}


def deposer(client, texte: str) -> int:
    """Hand in eight sections like this one; return the status of the answer."""
    papier = ouvrir(client, "/dispositifs/asv/proposer/")
    sections = [nom for nom in sorted(papier.noms) if nom.startswith("section-")][:8]
    return papier.remplir(**dict.fromkeys(sections, texte)).signer().envoyer().status_code


def test_deposer_des_lignes_vides_ne_bloque_pas_le_site(client, db):
    """Fifteen seconds, without an account: the page of everybody else waited."""
    fiche_dispositif(slug="asv")
    forme = FORMES["lignes vides"]
    assert deposer(client, forme(LONG - 2)) == 303
    assert disproportion(lambda texte: deposer(Client(), texte), lambda taille: forme(taille - 2)) <= RAPPORT


@pytest.mark.parametrize("jeu, champ", [("sources", "titre"), ("chiffres", "libelle"), ("articulations", "vers")])
def test_mille_lignes_ne_coutent_pas_plus_que_soixante(client, db, django_assert_max_num_queries, jeu, champ):
    """Nine milliseconds each, and a query: twenty kilobytes kept the site busy for twenty seconds."""
    fiche_dispositif(slug="asv")
    lignes = {f"{jeu}-{n}-{champ}": "a" for n in range(1_000)}
    with django_assert_max_num_queries(120):
        reponse = client.post("/dispositifs/asv/proposer/", {**lignes, "envoyer": "1"})
    assert reponse.status_code == 422
    assert len(set(re.findall(rf'name="{jeu}-(\d+)-{champ}"', reponse.text))) == LIGNES_MAX + 1
