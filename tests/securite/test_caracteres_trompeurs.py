"""What one reads is what is there: what turns the reading round is refused, what does not show is shown."""

import re

import pytest
from django import forms
from django.core.exceptions import ValidationError

from comparaison.textes import comparer_textes
from comptes.forms import OuvertureDeCompte, Profil
from comptes.models import Utilisateur
from contributions.credit import FormulaireCredit
from contributions.redaction.exigences import conseils, coordonnees
from contributions.redaction.forms import FormulaireDoublons, FormulaireEnvoi
from contributions.redaction.vigilance import alertes
from contributions.signaler.forms import FormulaireSignalement
from contributions.suivi.forms import (
    FormulaireContestation,
    FormulaireContestationMesure,
    FormulaireMessage,
    FormulaireNom,
)
from fiches.forms import FORMULAIRES, FormulaireFiche
from fiches.rendu import en_html
from francais.caracteres import INVISIBLES as SANS_FORME
from francais.caracteres import montrer_invisibles, refuser_les_trompeurs
from tests.contributions.papier import ouvrir, seule
from tests.contributions.recits import proposition
from tests.factories import fiche_dispositif, moderatrice
from tests.francais.test_caracteres import INVERSEURS

INVISIBLES = [
    *("\x01", "\x1f", "\x7f", "\x85", "\u00ad", "\u034f", "\u180e", "\u200b", "\u200c", "\u200d", "\u2060", "\u2800"),
    *("\u3164", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\ufffc", "\U0001d159", "\U000e0041"),
]
TECHNIQUES = {"site_web", "ouvert"}


@pytest.mark.parametrize(
    "texte",
    [
        "Budget\u00a0: 1\u202f584\u00a0€, «\u00a0oui\u00a0», en 2024",
        "e\u0301te\u0301",
        "Tiê\u0301ng Việt",
        "👩\u200d⚕️",
        "l’été\t!",
    ],
)
def test_la_typographie_francaise_les_accents_et_les_emoji_restent(texte):
    refuser_les_trompeurs(texte)
    assert montrer_invisibles(texte) == texte and alertes(texte) == []


def champs_libres(formulaire: forms.BaseForm) -> list[str]:
    return [
        nom
        for nom, champ in formulaire.fields.items()
        if isinstance(champ, forms.CharField) and nom not in TECHNIQUES and not champ.widget.is_hidden
    ]


def une_ligne_partout(classe: type[FormulaireFiche]) -> dict[str, int]:
    return {f"{jeu}-{compte}_FORMS": n for jeu in classe.lignes for compte, n in (("TOTAL", 1), ("INITIAL", 0))}


def formulaires() -> list[forms.BaseForm]:
    fiche = fiche_dispositif(slug="asv")
    return [
        *(classe(une_ligne_partout(classe)) for classe in FORMULAIRES.values()),
        FormulaireEnvoi({}),
        FormulaireDoublons({}),
        FormulaireSignalement({}, fiche=fiche, lue=fiche.versions.get()),
        FormulaireMessage({}),
        FormulaireContestation({}),
        FormulaireContestationMesure({}),
        FormulaireCredit({}),
        FormulaireNom({}),
        Profil({}, instance=Utilisateur()),
        OuvertureDeCompte({}),
    ]


def test_chaque_champ_de_chaque_formulaire_les_refuse(db):
    oublies, vus = [], 0
    for formulaire in formulaires():
        lignes = [ligne for jeu in getattr(formulaire, "jeux", {}).values() for ligne in jeu.forms]
        for porteur in (formulaire, *lignes):
            for nom in champs_libres(porteur):
                vus += 1
                champ = porteur.fields[nom]
                exemple = {forms.EmailField: "a@exem\u202eple.fr", forms.URLField: "https://a.fr/\u202eb"}
                try:
                    champ.clean(exemple.get(type(champ), "2025\u202e"))
                    oublies.append(f"{type(porteur).__name__}.{nom}")
                except ValidationError:
                    pass
    assert oublies == [] and vus > 60


def test_une_liste_de_noms_les_refuse_aussi(db):
    champ = FORMULAIRES["dispositif"].base_fields["autres_noms"]
    with pytest.raises(ValidationError):
        champ.clean("ASV\nAtelier\u202e")


def test_le_message_est_a_cote_du_champ_et_rien_n_est_perdu(client, db):
    fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Peu."})
    reponse = ouvrir(client, "/dispositifs/asv/proposer/").remplir(section__cout="Peu\u202e cher").signer().envoyer()
    assert reponse.status_code == 422
    assert "change le sens de lecture (U+202E, après «\u00a0Peu\u00a0»)" in reponse.text
    assert "Peu\u202e cher" in reponse.text and seule().statut == "brouillon"


# What cannot be seen


@pytest.mark.parametrize("signe", [*INVISIBLES, *INVERSEURS], ids=lambda signe: f"{ord(signe):04X}")
def test_un_caractere_invisible_ne_cache_pas_des_coordonnees(signe):
    assert coordonnees({}, {"section-cout": f"06 1{signe}2 34 56 78"}) == ["06 12 34 56 78"]
    assert coordonnees({}, {"section-cout": f"jean{signe}@exe{signe}mple.fr"}) == ["jean@exemple.fr"]


@pytest.mark.parametrize(
    "texte", ["０６ １２ ３４ ５６ ７８", "٠٦ ١٢ ٣٤ ٥٦ ٧٨", "06\u201112\u201134\u201156\u201178", "𝟎𝟔𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖"]
)
def test_des_chiffres_d_ailleurs_ne_cachent_pas_un_telephone(texte):
    assert len(coordonnees({}, {"section-cout": texte})) == 1


TELEPHONES = """
06**12**34**56**78 | 06 **12** **34** 56 78 | 06`12`345678 | 06\\.12\\.34\\.56\\.78 | 06 [12](https://a.fr) 34 56 78
06&#8203;12 34 56 78 | 0&#54; 12 34 56 78 | 06&shy;12345678 | 06/12/34/56/78 | 06_12_34_56_78 | 06 - 12 - 34 - 56 - 78
06  12  34  56  78 | 06·12·34·56·78 | (06) 12 34 56 78 | +33 (0)6 12 34 56 78 | +33(0)612345678 | 0033 6 12 34 56 78
[appeler](tel:+33612345678) | [appeler](tel:%30%36%31%32%33%34%35%36%37%38) | O6 l2 34 56 78 | Об 12 З4 56 78
0️⃣6️⃣ 1️⃣2️⃣ 3️⃣4️⃣ 5️⃣6️⃣ 7️⃣8️⃣ | 0̲6̲ 1̲2̲ 3̲4̲ 5̲6̲ 7̲8̲
"""
ADRESSES = """
jean&#64;exemple.fr | jean (at) exemple.fr | jean[at]exemple.fr | jean [arobase] exemple [point] fr | jean(a)exemple.fr
jean arobase exemple point fr | jean @ exemple.fr | jean**@**exemple.fr | jean@exemple**.fr** | jean\\@exemple.fr
[écrire](mailto:jean@exemple.fr) | [écrire](mailto:jean%40exemple.fr) | jean＠exemple。fr | jean @ exemple . fr
jean@exem&#8203;ple.fr | jean@exem&ZeroWidthSpace;ple.fr
"""


def une_a_une(textes: str) -> list[str]:
    return [texte.strip() for texte in re.split(r" \| |\n", textes) if texte.strip()]


@pytest.mark.parametrize("texte", une_a_une(TELEPHONES))
def test_ni_le_balisage_ni_la_facon_d_ecrire_ne_cachent_un_telephone(texte):
    assert len(coordonnees({}, {"section-cout": texte})) == 1


@pytest.mark.parametrize("texte", une_a_une(ADRESSES))
def test_ni_le_balisage_ni_la_facon_d_ecrire_ne_cachent_une_adresse(texte):
    assert coordonnees({}, {"section-cout": texte}) == ["jean@exemple.fr"]


@pytest.mark.parametrize(
    "texte",
    [
        "Du 01/01/2024 au 31/12/2024, puis 01/02/2025 10 h",
        "Les 2024-01-02 2024-03-04, et le 05/2024 12 34 56",
        "Départements 01, 02, 03, 04, 05 et 06",
        "Les communes 01004 01005 01006",
        "Un point fort, à 12 % ; il dit [2] puis (a) et (b). Voir https://exemple.fr/01/02/03/04/05/",
    ],
)
def test_des_dates_des_codes_et_des_listes_ne_sont_pas_des_coordonnees(texte):
    assert coordonnees({}, {"section-cout": texte}) == []


def test_une_entite_ne_met_pas_dans_la_page_ce_que_le_formulaire_refuse():
    page = en_html('12&#8238; euros &rlm; &ZeroWidthSpace; [lien](https://a.fr "12&#8238; euros")')
    assert not SANS_FORME.search(page) and "12&amp;#8238; euros" in page


def test_une_adresse_en_pleine_largeur_se_remarque():
    assert coordonnees({}, {"section-cout": "ｊｅａｎ＠ｅｘｅｍｐｌｅ．ｆｒ"}) == ["jean@exemple.fr"]


@pytest.mark.parametrize("signe", INVISIBLES, ids=lambda signe: f"{ord(signe):04X}")
def test_ce_qui_ne_se_voit_pas_est_nomme_a_qui_compare(signe):
    marque = f"⟦U+{ord(signe):04X}⟧"
    assert marque in montrer_invisibles(f"can{signe}ton")
    vus = [m.vu for passage in comparer_textes("Le canton.", f"Le can{signe}ton.") for m in passage.morceaux]
    assert marque in "".join(vus)
    assert [(a.sorte, a.passage) for a in alertes(f"Le can{signe}ton.")] == [("invisible", f"can{marque}ton.")]


@pytest.mark.parametrize("mot", ["Аtelier", "pаypal", "Ηôpital", "sаn\u200bté"])
def test_un_mot_de_deux_alphabets_se_remarque(mot):
    assert "imitation" in [alerte.sorte for alerte in alertes(f"Le {mot} ici.")]


def test_les_noms_aussi_sont_regardes():
    (conseil,) = conseils("dispositif", {"titre": "Atelier"}, {"titre": "Аtelier"})
    assert (conseil[0].cle, conseil[1].sorte) == ("titre", "imitation")
    (conseil,) = conseils("dispositif", {}, {"sources": [{"titre": "Rap\u200bport"}]})
    assert conseil[1].passage == "Rap⟦U+200B⟧port"


def test_la_personne_qui_modere_voit_ce_qui_ne_se_voit_pas(client, db):
    fiche = fiche_dispositif(slug="asv", sections={"description": "Une démarche.[^1]", "cout": "Peu."})
    deposee = proposition(fiche, cout="Pe\u200bu, à l’Аtelier.")
    client.force_login(moderatrice())
    page = client.get(deposee.adresse_au_poste).text
    assert page.count("Pe⟦U+200B⟧u") >= 2
    assert "d’un autre alphabet" in page and "«&nbsp;Аtelier&nbsp;»" in page
