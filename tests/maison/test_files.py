"""The queues: each has its worker, in the demo and on a server, and nothing waits before the e-mails."""

import re

import pytest
from django.conf import settings
from procrastinate.contrib.django import app

LANCEURS = {
    "démonstration": ["bin/demo.py"],
    "serveur": ["deploiement/systemd/sante-courriels.service", "deploiement/systemd/sante-ouvrier.service"],
}


@pytest.mark.parametrize("fichiers", LANCEURS.values(), ids=LANCEURS)
def test_chaque_file_a_son_ouvrier_et_les_courriels_le_leur(fichiers):
    textes = "".join((settings.BASE_DIR / fichier).read_text(encoding="utf-8") for fichier in fichiers)
    ouvriers = [files.split(",") for files in re.findall(r"--queues=([\w,]+)", textes)]
    declarees = {tache.queue for tache in app.tasks.values() if not tache.name.startswith(("builtin", "procrastinate"))}
    assert sorted(file for files in ouvriers for file in files) == sorted(declarees)
    assert ["courriels"] in ouvriers


def test_les_pages_du_serveur_demarrent_ce_qui_est_installe():
    page = (settings.BASE_DIR / "docs" / "deploiement.md").read_text(encoding="utf-8")
    dossier = settings.BASE_DIR / "deploiement" / "systemd"
    a_l_heure_dite = {fichier.stem for fichier in dossier.glob("*.timer")}
    unites = {fichier.stem for fichier in dossier.glob("*.service")} - a_l_heure_dite
    demarrees = re.findall(r"systemctl enable --now (.+)", page)[0].split()
    assert unites <= set(demarrees)
