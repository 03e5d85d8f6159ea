"""From Markdown to safe HTML, once, when a fiche is published.

Two small additions to CommonMark: `[^rdv22]` calls the source of the fiche that has this key, and shows its number; a
sigle of the glossary is explained at its first use. The output of the renderer goes through a sanitizer whatever it
contains.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from fiches.gabarits import Gabarit
from fiches.sources import APPEL

SIGLE = re.compile(r"^[A-Z][A-Za-zÀ-ÿ0-9]*[A-Z][A-Za-z0-9-]*$")
BALISES = {"p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "h3", "h4", "sup", "abbr", "br", "hr", "code"}
APPEL_RENDU = re.compile(r"<sup[^<>]*>(?:[^<]|<(?!/?sup\b))*+</sup>")
BALISE = re.compile(r"<[^<>]*>")  # no « < » inside: text that is not HTML must not make it read to the end each time
LIGNE_RENDUE = re.compile(r"</?(?:p|li|ul|ol|h3|h4|blockquote|br|hr)\b[^<>]*>")
ATTRIBUTS = {"a": {"href", "rel", "aria-label"}, "abbr": {"title"}, "sup": {"class"}}


def _regle_appel(state: StateInline, silent: bool) -> bool:
    trouve = APPEL.match(state.src, state.pos)
    if not trouve or trouve[1] not in state.env["numeros"]:
        return False
    if not silent:
        state.push("appel", "", 0).meta = {"numero": state.env["numeros"][trouve[1]]}
    state.pos = trouve.end()
    return True


class _Rendu(RendererHTML):
    def appel(self, tokens: list[Token], idx: int, options, env) -> str:
        numero = tokens[idx].meta["numero"]
        return f'<sup class="appel"><a href="#source-{numero}" aria-label="Source {numero}">{numero}</a></sup>'

    def link_open(self, tokens: list[Token], idx: int, options, env) -> str:
        tokens[idx].attrs.pop("title", None)  # shown to who points at it, to nobody who decides on the text
        if str(tokens[idx].attrGet("href")).startswith(("http:", "https:")):
            tokens[idx].attrSet("rel", "nofollow ugc noopener")
        return self.renderToken(tokens, idx, options, env)

    def heading_open(self, tokens: list[Token], idx: int, options, env) -> str:
        return f"<{self._titre(tokens[idx])}>"

    def heading_close(self, tokens: list[Token], idx: int, options, env) -> str:
        return f"</{self._titre(tokens[idx])}>\n"

    @staticmethod
    def _titre(token: Token) -> str:
        # A section's own heading is a h2: those of its text come below.
        return "h3" if token.tag in ("h1", "h2", "h3") else "h4"

    def text(self, tokens: Sequence[Token], idx: int, options, env) -> str:
        return _expliquer(super().text(tokens, idx, options, env), env)


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802  (the name that markdown-it gives it)
        """`//ailleurs.fr` leads elsewhere and does not look so: it stays as it is written."""
        return not url.startswith(("//", "/%5C")) and super().validateLink(url)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    # Entities would bring in what the form refuses (&#8238; turns the reading round): what is typed is what is read.
    md = _Markdown("commonmark", {"html": False}, renderer_cls=_Rendu).disable(["image", "entity"])
    md.inline.ruler.before("link", "appel", _regle_appel)
    return md


def _expliquer(html: str, env: dict) -> str:
    """Wrap the first use of each sigle of the glossary in <abbr>; `env["restants"]` holds those not yet explained."""
    restants: dict[str, str] = env.get("restants", {})

    def remplacer(mot: re.Match[str]) -> str:
        developpe = restants.pop(mot[0], None)
        return f'<abbr title="{developpe}">{mot[0]}</abbr>' if developpe else mot[0]

    return re.sub(r"\b[A-Z][\w-]+", remplacer, html) if restants else html


def en_html(texte: str, sigles: dict[str, str] | None = None, numeros: Mapping[str, int] | None = None) -> str:
    """Return the safe HTML of a Markdown text; sigles explained are removed from `sigles` as they are used.

    `numeros`: of the sources it may call, by their key; a call of another one is left as it is written.
    """
    html = _markdown().render(texte, {"restants": sigles if sigles is not None else {}, "numeros": numeros or {}})
    return nh3.clean(
        html, tags=BALISES, attributes=ATTRIBUTS, url_schemes={"http", "https", "mailto"}, link_rel=None
    ).strip()


def en_texte(html: str) -> str:
    """Return the words of a rendered text, to quote it: one line a paragraph or an item, source calls left out."""
    lignes = APPEL_RENDU.sub("", html).replace("\n", " ").replace("<li>", "\n• ")
    nues = (" ".join(unescape(BALISE.sub("", ligne)).split()) for ligne in LIGNE_RENDUE.sub("\n", lignes).split("\n"))
    return "\n".join(ligne for ligne in nues if ligne).replace("•\n", "• ")


def sigles_a_expliquer(glossaire: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Keep of the glossary what can be recognised in a text without error: true sigles, with their words."""
    return {
        sigle: developpe.replace('"', "&quot;") for sigle, developpe in glossaire if developpe and SIGLE.match(sigle)
    }


def rendre_sections(
    textes: Mapping[str, str], gabarit: Gabarit, sigles: Mapping[str, str], numeros: Mapping[str, int]
) -> dict[str, str]:
    """Return the HTML of the filled sections, in the order of the gabarit, each sigle explained once in the fiche."""
    restants = dict(sigles)
    return {s.cle: en_html(textes[s.cle], restants, numeros) for s in gabarit if textes.get(s.cle)}
