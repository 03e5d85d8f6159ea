"""The pages of the desk are valid HTML, ids unique, anchors kept; odd requests are answered, never with 500."""

import re
from collections import Counter

import html5lib
import pytest

from contributions.models import Proposition, ReponseType
from contributions.verbes import propositions, recours, retraits
from tests.contributions.recits import proposition, signalement
from tests.factories import SOURCE, fiche_dispositif, fiche_locale, moderateur, publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def adresses():
    """Pages with a bit of everything: a conflict, a merged text, lists, a refused proposition, a masked fiche."""
    fiche = fiche_dispositif(
        slug="asv", sections={"description": "D.[^1] Deux. Trois.", "cout": "Dix."}, themes=["prevention"]
    )
    autre = {**SOURCE, "titre": "Bilan", "url": "https://exemple.fr/bilan"}
    une = proposition(
        fiche, titre="Ateliers", cout="20 €.", description="D.[^1] Deux. Trois et quatre.[^2]",
        sources=[{**SOURCE, "titre": "Rapport corrigé"}, autre], themes=[],
    )  # fmt: skip
    sections = {"description": "Un.[^1] Deux. Trois.", "cout": "Quinze."}
    fiche = publier(fiche, titre="Atelier santé", sections=sections, sources=[{**SOURCE, "titre": "Rapport revu"}])
    refusee = proposition(fiche, courriel="b@exemple.fr", duree="Un an.")
    propositions.ecarter(refusee, par=moderateur(), depot=1, motif="inexact", explication="Faux.")
    conteste = recours.contester(Proposition.objects.get(pk=refusee.pk), texte="Si.")
    dossier = signalement(fiche, cible="section-cout", passage="Dix.").dossier
    masquee = fiche_locale(slug="cls")
    retraits.masquer(masquee, par=moderateur(), motif="inexact", explication="À revoir.")
    ReponseType.objects.create(titre="Année", texte="L’année ?")
    examen = f"/moderation/propositions/{une.pk}/"
    return [
        "/moderation/", "/moderation/?voie=signalements&prise=libres", "/moderation/portee/?q=rouen", examen,
        *(f"{examen}?vue={vue}" for vue in ("apercu", "sources", "auteur", "proposee", "rien")),
        f"/moderation/propositions/{refusee.pk}/", f"/moderation/signalements/{dossier.pk}/",
        f"/moderation/recours/{conteste.pk}/", f"/moderation/fiches/{fiche.pk}/", f"/moderation/fiches/{masquee.pk}/",
        "/moderation/journal/", "/moderation/a-rafraichir/", "/transparence/", "/dispositifs-locaux/cls/",
    ]  # fmt: skip


def valider(page) -> None:
    html = page.text.replace("\x00", "")  # typed by the test, given back
    html5lib.HTMLParser(strict=True).parse(html)
    assert html.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert not [nom for nom, n in Counter(ids).items() if n > 1]
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    assert set(re.findall(r'\sfor="([^"]+)"', html)) <= set(ids)
    assert not re.search(r"<script>|<style|\sstyle=|\son\w+=", html) and "{{" not in html and "{%" not in html


def test_les_pages_sont_du_html_valide(poste, adresses):
    for adresse in adresses:
        page = poste.get(adresse)
        assert page.status_code in (200, 410), adresse
        valider(page)


def test_les_reponses_d_erreur_aussi(poste, adresses):
    for adresse in (adresse for adresse in adresses if re.search(r"/\d+/$", adresse)):
        for verbe in ("accepter", "ecarter", "classer", "masquer", "infirmer", "avis", "inserer", "rien", "\x00"):
            page = poste.post(adresse, {"verbe": verbe, "message": "\x00", "depot": "²", "reponse": "x"})
            assert page.status_code in (200, 400, 409, 422), (adresse, verbe, page.status_code)
            valider(page)


@pytest.mark.parametrize("chemin", ["propositions", "signalements", "recours", "fiches"])
@pytest.mark.parametrize("numero", ["0", "99999999", "99999999999999999999999"])
def test_ce_qui_n_existe_pas_donne_404(poste, chemin, numero):
    assert poste.get(f"/moderation/{chemin}/{numero}/").status_code == 404
