"""From Markdown to safe HTML, once, when a fiche is published.

Additions to CommonMark: `[^rdv22]` calls the source of the fiche that has this key, and shows its number; a sigle of
the glossary is explained at its first use; tables, bare addresses, short lines kept, what was pasted (collage.py).
Beyond a depth, blocks are the words that write them. The output goes through a sanitizer whatever it contains.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from fiches.collage import en_markdown
from fiches.gabarits import Gabarit
from fiches.sources import APPEL

SIGLE = re.compile(r"^[A-Z][A-Za-zÀ-ÿ0-9]*[A-Z][A-Za-z0-9-]*$")
BALISES = {"p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "h3", "h4", "sup", "abbr", "br", "hr", "code"}
BALISES |= {"div", "table", "thead", "tbody", "tr", "th", "td"}
PROFONDEUR_MAX = 16  # markdown-it drops the words of what is nested twenty times; a list in a list counts twice
INTERROMPENT = {  # the blocks that these end, as markdown-it has it
    "blockquote": ["paragraph", "reference", "blockquote", "list"],
    "list": ["paragraph", "reference", "blockquote"],
}
LIGNE_COURTE = 60  # characters: in a paragraph without a longer line, each line is one (an address)
NOM_DE_TABLEAU_MAX = 100
ADRESSE_NUE = re.compile(r"""(?<![\w/@.])(?:https?://|www\.)(?=\w)[^\s<>"«»\[\]|`]+""", re.IGNORECASE)
CELLULES = re.compile(r"</t[hd]> ?<t[hd]\b[^<>]*>")
APPEL_RENDU = re.compile(r"<sup[^<>]*>(?:[^<]|<(?!/?sup\b))*+</sup>")
BALISE = re.compile(r"<[^<>]*>")  # no « < » inside: text that is not HTML must not make it read to the end each time
LIGNE_RENDUE = re.compile(r"</?(?:p|li|ul|ol|h3|h4|blockquote|br|hr|tr|div)\b[^<>]*>")
ATTRIBUTS = {
    "a": {"href", "rel", "aria-label"},
    "abbr": {"title"},
    "sup": {"class"},
    "th": {"scope"},
    "div": {"class", "role", "aria-label", "tabindex"},
}


def _regle_appel(state: StateInline, silent: bool) -> bool:
    trouve = APPEL.match(state.src, state.pos)
    if not trouve or trouve[1] not in state.env["numeros"]:
        return False
    if not silent:
        state.push("appel", "", 0).meta = {"numero": state.env["numeros"][trouve[1]]}
    state.pos = trouve.end()
    return True


def _regle_collage(state: StateCore) -> None:
    state.src = en_markdown(state.src)


def _regle_lignes_courtes(state: StateCore) -> None:
    """Keep the lines of a paragraph whose lines are all short; longer ones were only wrapped by who typed."""
    for bloc in state.tokens:
        if bloc.children and all(len(ligne) <= LIGNE_COURTE for ligne in bloc.content.split("\n")):
            for mot in bloc.children:
                if mot.type == "softbreak":
                    mot.type = "hardbreak"


def _regle_adresses(state: StateCore) -> None:
    """Make links of the addresses that stand bare in a text, out of a link."""
    for bloc in state.tokens:
        neufs: list[Token] = []
        dans_un_lien = 0
        for mot in bloc.children or ():
            dans_un_lien += mot.nesting if mot.type.startswith("link_") else 0
            neufs += [mot] if mot.type != "text" or dans_un_lien else _avec_liens(mot, state.md)
        if neufs:
            bloc.children = neufs


def _avec_liens(mot: Token, md: MarkdownIt) -> Iterator[Token]:
    fini = 0
    for trouvee in ADRESSE_NUE.finditer(mot.content):
        adresse = _sans_ponctuation(trouvee[0])
        url = md.normalizeLink(adresse if "://" in adresse else f"https://{adresse}")
        if not md.validateLink(url):
            continue
        yield Token("text", "", 0, content=mot.content[fini : trouvee.start()])
        yield Token("link_open", "a", 1, attrs={"href": url})
        yield Token("adresse", "", 0, content=adresse)
        yield Token("link_close", "a", -1)
        fini = trouvee.start() + len(adresse)
    yield Token("text", "", 0, content=mot.content[fini:])


def _sans_ponctuation(adresse: str) -> str:
    """Return an address without the signs of the sentence after it; a bracket that it opened is its own."""
    de_trop = adresse.count(")") - adresse.count("(")
    fin = len(adresse)
    while fin and (adresse[fin - 1] in ".,;:!?…'’*_~" or (adresse[fin - 1] == ")" and de_trop > 0)):
        fin -= 1
        de_trop -= adresse[fin] == ")"
    return adresse[:fin]


def _peu_profond(regle: Callable[..., bool]) -> Callable[..., bool]:
    """Return the rule of a block, that leaves its marks as words once the text is nested too deep."""

    def bornee(state: StateBlock, debut: int, fin: int, silent: bool) -> bool:
        return state.level < PROFONDEUR_MAX and regle(state, debut, fin, silent)

    return bornee


class _Rendu(RendererHTML):
    def appel(self, tokens: list[Token], idx: int, options, env) -> str:
        numero = tokens[idx].meta["numero"]
        return f'<sup class="appel"><a href="#source-{numero}" aria-label="Source {numero}">{numero}</a></sup>'

    def adresse(self, tokens: list[Token], idx: int, options, env) -> str:
        return escapeHtml(tokens[idx].content)

    def table_open(self, tokens: list[Token], idx: int, options, env) -> str:
        noms = ", ".join(filter(None, _noms_des_colonnes(tokens, idx)))
        nom = escapeHtml(f"Tableau\u00a0: {noms}"[:NOM_DE_TABLEAU_MAX])
        return f'<div class="defile" role="region" aria-label="{nom}" tabindex="0">\n<table>\n'

    def table_close(self, tokens: list[Token], idx: int, options, env) -> str:
        return "</table>\n</div>\n"

    def th_open(self, tokens: list[Token], idx: int, options, env) -> str:
        return '<th scope="col">' if tokens[idx + 1].content else "<td>"  # an empty cell names no column

    def th_close(self, tokens: list[Token], idx: int, options, env) -> str:
        return "</th>\n" if tokens[idx - 1].content else "</td>\n"

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


def _noms_des_colonnes(tokens: list[Token], idx: int) -> Iterator[str]:
    for token in tokens[idx:]:
        if token.type == "thead_close":
            return
        if token.type == "inline":
            yield "".join(mot.content for mot in token.children or ())


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802  (the name that markdown-it gives it)
        """`//ailleurs.fr` leads elsewhere and does not look so: it stays as it is written."""
        return not url.startswith(("//", "/%5C")) and super().validateLink(url)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    # Entities would bring in what the form refuses (&#8238; turns the reading round): what is typed is what is read.
    md = _Markdown("commonmark", {"html": False}, renderer_cls=_Rendu).disable(["image", "entity"])
    md.enable("table")
    for nom, regle in (("blockquote", blockquote), ("list", list_block)):
        md.block.ruler.at(nom, _peu_profond(regle), {"alt": INTERROMPENT[nom]})
    md.core.ruler.after("normalize", "collage", _regle_collage)
    md.core.ruler.push("lignes_courtes", _regle_lignes_courtes)
    md.core.ruler.push("adresses", _regle_adresses)
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


def sans_liens(html: str) -> str:
    """Return a rendered text whose links lead nowhere: their words stay."""
    return nh3.clean(html, tags=BALISES - {"a"}, attributes={"abbr": {"title"}, "sup": {"class"}})


def en_texte(html: str) -> str:
    """Return the words of a rendered text, to quote it: one line a paragraph or an item, source calls left out."""
    lignes = CELLULES.sub(" · ", APPEL_RENDU.sub("", html).replace("\n", " ")).replace("<li>", "\n• ")
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
