"""`deploiement/gerer` reads the settings as systemd does, and runs none of them."""

import re
import runpy

import pytest
from django.conf import settings

DEPLOIEMENT = settings.BASE_DIR / "deploiement"
lire = runpy.run_path(str(DEPLOIEMENT / "gerer"))["lire"]


# Each was given to systemd 252 too (load_env_file of libsystemd-shared), which reads the same.
@pytest.mark.parametrize(
    "ligne, valeur",
    [
        ("A=p&q;ls", "p&q;ls"),
        ("A=p'q", "p'q"),
        ('A=p"q', 'p"q'),
        ("A=p(q)", "p(q)"),
        ("A=p`id`q", "p`id`q"),
        ("A=$(id)", "$(id)"),
        ("A=p$$x$HOME", "p$$x$HOME"),
        ("A=a#b", "a#b"),
        ("A=a b  ", "a b"),
        ("  A = a", "a"),
        ("A=a=b", "a=b"),
        ("A=", ""),
        ('A="Santé <a@exemple.fr>"', "Santé <a@exemple.fr>"),
        ("A=' a b '", " a b "),
        ("A='a\\b'", "a\\b"),
        (r'A="a\$b\"c\\d\`e\f"', r'a$b"c\d`e\f'),
        (r"A=a\ b\\c\$d\e\ ", r"a b\c$de "),
        ("A=\"a\" 'b' c", "abc"),
        ("A='sur deux\nlignes'", "sur deux\nlignes"),
        ("A=sur deux\\\nlignes", "sur deuxlignes"),
        ("A=1\r\n", "1"),
        ("A=1\nA=2", "2"),
        ("A=😀", "😀"),
    ],
)
def test_une_valeur_est_lue_comme_systemd_la_lit(ligne, valeur):
    assert lire(f"# commentaire\n\n{ligne}\n; fin\n") == {"A": valeur}
    assert lire(ligne) == {"A": valeur}


def test_une_citation_que_rien_ne_ferme_va_jusqu_a_la_fin():
    assert lire("A=1\nB='a\nC=2") == {"A": "1", "B": "a\nC=2"}


@pytest.mark.parametrize("ligne", ["A", "export A=1", "1A=1", "=1", "A-B=1", "# A=1", "; A=1", "touch /tmp/a", ""])
def test_ce_qui_n_est_pas_une_variable_est_laisse(ligne):
    assert lire(f"{ligne}\nB=1") == {"B": "1"}


def test_l_exemple_se_lit():
    variables = lire((DEPLOIEMENT / "environnement.exemple").read_text(encoding="utf-8"))
    assert variables["EMAIL_FROM"] == "Santé en territoires <ne-pas-repondre@sante.exemple.fr>"
    assert variables["DATABASE_URL"] == "postgresql:///sante?host=/var/run/postgresql"
    assert variables["SECRET_KEY"] == ""


def test_aucun_script_ne_donne_les_reglages_a_un_shell():
    scripts = [fichier for fichier in DEPLOIEMENT.iterdir() if fichier.is_file() and fichier.suffix == ""]
    assert len(scripts) == 3
    for script in scripts:
        assert not re.search(r"^\s*(\.|source|eval)\s", script.read_text(encoding="utf-8"), re.MULTILINE), script
