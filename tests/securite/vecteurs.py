"""Texts that try to become code, and what a page of ours may be made of. Written for this site."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import html5lib
from django.conf import settings

HTML = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//x.exemple/a.js></sCrIpT>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus='alert(1)' x='",
    "` onfocus=alert(1) autofocus x=`",
    "x onfocus=alert(1) autofocus tabindex=1",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<img/src='x'/onerror=alert(1)>",
    "<IMG SRC=jAvascript:alert(1)>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:alert(1)'><text y=20>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
    "<math href='javascript:alert(1)'>x</math>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src='javascript:alert(1)'>",
    "<a href='javascript:alert(1)'>clic</a>",
    "<a href='java&#9;script:alert(1)'>clic</a>",
    "<a href='&#x6a;avascript&colon;alert(1)'>clic</a>",
    "<form action='javascript:alert(1)'><button>clic</button></form>",
    "<button formaction='javascript:alert(1)'>clic</button>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)></select>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='javascript:/a/+alert(1)//'>",
    "<link rel=stylesheet href='//x.exemple/a.css'>",
    "<style>@import '//x.exemple/a.css'; body{display:none}</style>",
    "<p style='position:fixed;inset:0;background:url(javascript:alert(1))'>x</p>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<isindex action=javascript:alert(1) type=image>",
    "\u2028<script>alert(1)</script>\u2029",
    "\ufeff<script>alert(1)</script>",
    "\x0b<svg/onload=alert(1)>",
    "＜script＞alert(1)＜/script＞",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "{{ request.user }}{% debug %}${alert(1)}#{alert(1)}",
    "\u202e<tpircs>",
]
MARKDOWN = [
    "[clic](javascript:alert(1))",
    "[clic](JaVaScRiPt:alert(1))",
    "[clic](  javascript:alert(1))",
    "[clic](<javascript:alert(1)>)",
    "[clic](java\tscript:alert(1))",
    "[clic](java%0ascript:alert(1))",
    "[clic](&#106;avascript:alert(1))",
    "[clic](&#x6A&#x61vascript&#58;alert(1))",
    "[clic](javascript&colon;alert(1))",
    "[clic](javascript&#0000058alert&lpar;1&rpar;)",
    "[clic](\x01javascript:alert(1))",
    "[clic](\u00a0javascript:alert(1))",
    "[clic](\u200bjavascript:alert(1))",
    "[clic](ｊavascript:alert(1))",
    "[clic](vbscript:msgbox(1))",
    "[clic](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[clic](data:image/svg+xml,<svg onload=alert(1)>)",
    "[clic](file:///etc/passwd)",
    "[clic](blob:https://exemple.fr/1)",
    "[clic](feed:javascript:alert(1))",
    "[clic](view-source:javascript:alert(1))",
    '[clic](https://exemple.fr "onmouseover=alert(1)")',
    '[clic](https://exemple.fr "\\" onmouseover=\\"alert(1)")',
    '[clic](https://exemple.fr/"onmouseover="alert(1))',
    "[clic](https://exemple.fr/'><script>alert(1)</script>)",
    "[a [b](javascript:alert(1)) c](javascript:alert(2))",
    "[![image](javascript:alert(1))](javascript:alert(2))",
    "![image](javascript:alert(1))",
    '![x" onerror="alert(1)](https://exemple.fr/a.png)',
    '![x](https://exemple.fr/a.png "x\\" onerror=\\"alert(1)")',
    "[clic][r]\n\n[r]: javascript:alert(1)",
    "[clic][r]\n\n[r]: <javascript:alert(1)> 'titre'",
    '[clic][r]\n\n[r]: https://exemple.fr "\\"><script>alert(1)</script>"',
    "[r]\n\n[r]: data:text/html,<script>alert(1)</script>",
    "<javascript:alert(1)>",
    "<JAVASCRIPT:alert(1)>",
    "<data:text/html,alert(1)>",
    '<https://exemple.fr/" onmouseover=alert(1)>',
    '<a@b.fr"onclick=alert(1)>',
    "[^1](javascript:alert(1))",
    "[^1]: javascript:alert(1)",
    "`<script>alert(1)</script>`",
    "``` html onload=alert(1)\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "    <script>alert(1)</script>",
    "<div>\n\n[clic](javascript:alert(1))\n\n</div>",
    "> <script>\n> alert(1)\n> </script>",
    "- <svg onload=alert(1)>\n- [x](javascript:alert(1))",
    "# <img src=x onerror=alert(1)>",
    "Titre <script>alert(1)</script>\n=====",
    "**<b onclick=alert(1)>**",
    "\\<script>alert(1)\\</script>",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    'ARS"onclick=alert(1) <ARS>',
    "[x](https://exemple.fr)<!-- -->{onclick=alert(1)}",
    "*" * 300 + "<script>alert(1)</script>",
    "[" * 60 + "x" + "](javascript:alert(1))" * 60,
    "> " * 60 + "<script>alert(1)</script>",
]
VECTEURS = HTML + MARKDOWN

DE_FICHE = {"p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "h3", "h4", "sup", "abbr", "br", "hr", "code"}
GABARITS = "\n".join(f.read_text(encoding="utf-8") for f in (settings.BASE_DIR / "templates").rglob("*.html")).lower()
# What our templates write, the widgets of Django, and what browsers add to tables.
DE_PAGE = DE_FICHE | set(re.findall(r"<([a-z][a-z0-9]*)", GABARITS))
DE_PAGE |= set("h1 h2 h5 h6 input select option optgroup textarea mark use path circle".split())
DE_PAGE -= {"img"}  # only the page of the second factor has one
ATTRIBUTS = set(re.findall(r"[\s\"]([a-z][a-z:_-]*)=", GABARITS)) | set(
    """
    label required checked selected disabled hidden open multiple readonly defer popover autofocus
    novalidate formnovalidate
    for id name type value maxlength minlength min max step rows cols class lang rel title
    """.split()
)
ADRESSES = {"href", "src", "action", "formaction", "data", "poster", "cite", "xlink:href", "background", "srcdoc"}


def elements(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each element a browser would make of this page, with its attributes."""
    document = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    for element in document.iter():
        if isinstance(element.tag, str):
            attributs = {nom.rpartition("}")[2].lower(): valeur for nom, valeur in element.attrib.items()}
            yield element.tag.rpartition("}")[2].lower(), attributs


def verifier(html: str, permis: set[str] = DE_PAGE) -> None:
    """Fail if the page has an element, an attribute or an address that none of our templates would have written."""
    for nom, attributs in elements(html):
        assert nom in permis | {"html", "head", "body"}, nom
        for attribut, valeur in attributs.items():
            connu = attribut in ATTRIBUTS or attribut.startswith(("aria-", "data-"))
            assert connu and not attribut.startswith("on") and attribut != "style", f"<{nom} {attribut}={valeur}>"
            if attribut in ADRESSES:
                verifier_adresse("a" if attributs.get("rel") == "canonical" else nom, valeur)
        if nom == "script" and attributs.get("type") not in (
            "application/ld+json",
            "application/json",
        ):  # data, which no browser runs
            assert attributs["src"].startswith("/static/")


def verifier_adresse(nom: str, adresse: str) -> None:
    """Only links may leave the site, and by a known scheme; read as browsers do, which ignore blanks and controls."""
    lue = "".join(lettre for lettre in adresse if ord(lettre) > 32).lower()
    assert urlsplit(lue).scheme in ("", "http", "https", "mailto"), adresse
    if nom != "a":
        assert lue.startswith(("/", "#", "?")) and not lue.startswith("//"), adresse
