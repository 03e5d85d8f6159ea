"""What a reader sees of the catalogue, read from its page."""

import html
import re
from urllib.parse import urlencode

from tests.balisage import d_une_ligne, texte


class Page:
    def __init__(self, reponse):
        self.statut, self.html = reponse.status_code, d_une_ligne(reponse.content.decode())

    @property
    def texte(self) -> str:
        return texte(self.html)

    @property
    def titres(self) -> list[str]:
        """The titles of the fiches shown, in order."""
        return _titres(self.html)

    @property
    def groupes(self) -> dict[str, list[str]]:
        """The titles of the fiches shown, under the title of their group."""
        _, *groupes = re.split(r'<h2 class="titre-de-liste">', self.html)
        return {texte(groupe.partition("</h2>")[0]): _titres(groupe) for groupe in groupes}

    @property
    def chemins(self) -> list[str]:
        """How each fiche concerns the territory."""
        return [texte(chemin) for chemin in re.findall(r'<span class="via">(.*?)</span>', self.html)]

    @property
    def extraits(self) -> list[str]:
        return [texte(extrait) for extrait in re.findall(r'<p class="phrase trouvee">(.*?)</p>', self.html)]

    @property
    def marques(self) -> list[str]:
        return [texte(marque) for marque in re.findall(r"<mark>(.*?)</mark>", self.html)]

    @property
    def puces(self) -> dict[str, str]:
        """The filters in force, each with the address of the page without it."""
        liens = re.findall(r'<a class="puce active" href="([^"]*)">(.*?)</a>', self.html)
        return {texte(nom).removeprefix("Retirer le filtre "): html.unescape(adresse) for adresse, nom in liens}

    @property
    def pistes(self) -> dict[str, str]:
        """The links of the page with no result, each with its address."""
        vide = self.html.partition('<div class="vide">')[2]
        liens = re.findall(r'<a(?: class="puce")? href="([^"]*)">(.*?)</a>', vide)
        return {texte(nom): html.unescape(adresse) for adresse, nom in liens}

    def compte(self, facette: str, valeur: str) -> int | None:
        """Return what a facet announces for a value; nothing when it does not offer it."""
        motif = rf'name="{facette}" value="{valeur}"[^>]*> <span>[^<]*</span> <span class="compte">(\d+)'
        trouve = re.search(motif, self.html)
        return int(trouve[1]) if trouve else None


def _titres(html: str) -> list[str]:
    return [texte(titre) for titre in re.findall(r"<h3><a href=[^>]*>(.*?)</a></h3>", html)]


def lire(client, adresse: str = "/fiches/", **parametres) -> Page:
    """Ask for a page of the catalogue; a parameter may be repeated by a list."""
    return Page(client.get(f"{adresse}?{urlencode(parametres, doseq=True)}"))
