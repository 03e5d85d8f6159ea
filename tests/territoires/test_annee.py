import pytest
from django.template import Context, Template


@pytest.mark.parametrize(
    "precision, dite",
    [
        ("exacte", "2022"),
        ("publication", "cité en 2022, année non précisée"),
        ("apres", "document sans date, après 2022"),
    ],
)
def test_l_annee_d_un_chiffre_dit_sa_precision_et_se_lit_dans_une_phrase(precision, dite):
    fait = {"annee": 2022, "precision_annee": precision}
    texte = Template("{{ fait.annee|annee:fait.precision_annee }}, quartiers de 2015").render(Context({"fait": fait}))
    assert texte == f"{dite}, quartiers de 2015"
