"""Characters that deceive, one by one."""

import pytest
from django.core.exceptions import ValidationError

from francais.caracteres import alphabetique, lisible, montrer_invisibles, mots_melanges, refuser_les_trompeurs

INVERSEURS = [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u200e", "\u200f", "\u061c"]


@pytest.mark.parametrize("signe", INVERSEURS, ids=lambda signe: f"{ord(signe):04X}")
def test_ce_qui_retourne_la_lecture_est_refuse_en_disant_ou(signe):
    with pytest.raises(ValidationError) as refus:
        refuser_les_trompeurs(f"Le coût\nest de 12{signe} euros")
    assert f"U+{ord(signe):04X}, ligne 2, après « est de 12 »" in refus.value.message


def test_des_accents_empiles_sont_refuses():
    with pytest.raises(ValidationError, match="Trop d’accents.*après « le c »"):
        refuser_les_trompeurs("le c" + "\u0301" * 20)


def test_une_jointure_hors_de_sa_place_se_voit():
    assert montrer_invisibles("a\u200db") == "a⟦U+200D⟧b"
    assert montrer_invisibles("می\u200cخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize(
    "mot", ["А\u0301telier", "Ꭺtelier", "ateliеr", "sօins", "Ⲥontrat", "ꓮtelier", "𝐀telier", "a\u05e1"]
)
def test_un_mot_de_deux_alphabets_se_remarque_quels_qu_ils_soient(mot):
    assert mots_melanges(f"Un {mot}.") == [mot]


@pytest.mark.parametrize(
    "texte",
    [
        "Москва et Paris",
        "12 μg, 3 kΩ",
        "Αθήνα",
        "œuvre, ça, naïf",
        "12 m², 2ᵉ, xⁿ, 2½h, ﬁn, Ⅳe, lʼété, e\u0301te\u0301",
    ],
)
def test_un_mot_d_un_seul_alphabet_n_inquiete_personne(texte):
    assert mots_melanges(texte) == []


def test_lire_ne_change_pas_ce_que_tout_le_monde_ecrit():
    assert lisible("L’été, 12 % à Rouen") == "L’été, 12 % à Rouen"


def test_les_noms_se_rangent_comme_dans_un_dictionnaire():
    ranges = "Aÿ, Duclair, Épinay, Étain, Eu, L’Aigle, Le Trait, Lens, Œuf, Saint-Aubin, Sainte-Marie, Yville".split(
        ", "
    )
    assert sorted(ranges, key=alphabetique) == ranges
