"""The colours really painted: what a text is written in, over what lies under it."""

from playwright.sync_api import Locator, Page

# How a colour is read, and what lies under an element at a point. A box out of the flow may stand over others than its
# ancestors: then the browser says what lies there.
COULEURS = """
  const toile = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const lues = new Map();
  const lire = (couleur) => {
    if (!lues.has(couleur)) {
      toile.clearRect(0, 0, 1, 1);
      toile.fillStyle = couleur;
      toile.fillRect(0, 0, 1, 1);
      const [r, v, b, a] = toile.getImageData(0, 0, 1, 1).data;
      lues.set(couleur, [r, v, b, a / 255]);
    }
    return lues.get(couleur);
  };
  const poser = ([r, v, b, a], [fr, fv, fb]) => [r * a + fr * (1 - a), v * a + fv * (1 - a), b * a + fb * (1 - a), 1];
  const ancetres = (e) => { const suite = []; for (; e; e = e.parentElement) suite.push(e); return suite; };
  const horsDuFlot = (e) => ["absolute", "fixed"].includes(getComputedStyle(e).position);
  const dessous = (element, x, y) => {
    const suite = ancetres(element);
    const rang = suite.findIndex((e) => horsDuFlot(e) || lire(getComputedStyle(e).backgroundColor)[3] === 1);
    if (rang < 0 || !horsDuFlot(suite[rang])) return suite;
    const pile = document.elementsFromPoint(x, y);
    return pile.includes(suite[rang]) ? [...suite.slice(0, rang), ...pile.slice(pile.indexOf(suite[rang]))] : suite;
  };
  const fond = (element, x, y) => {
    const couches = dessous(element, x, y).map((e) => lire(getComputedStyle(e).backgroundColor));
    const opaque = couches.findIndex((couche) => couche[3] === 1);
    const vues = opaque < 0 ? couches : couches.slice(0, opaque + 1);
    return vues.reduceRight((sous, sur) => poser(sur, sous), lire("Canvas"));
  };
  const clarte = (couleur) => {
    const [r, v, b] = couleur.slice(0, 3).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * v + 0.0722 * b;
  };
  const contraste = (une, autre) => {
    const [fort, faible] = [clarte(une), clarte(autre)].sort((m, n) => n - m);
    return (fort + 0.05) / (faible + 0.05);
  };
"""

# For each text shown in `racine`, and what fields hold or suggest: its colour, composed over the grounds under it.
MESURER = """(racine) => { COULEURS
  const montre = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !ancetres(e).some((a) => getComputedStyle(a).clipPath !== "none");
  const mesures = [];
  const mesurer = (element, texte, cadre, style) => {
    const sous = fond(element, cadre.x + cadre.width / 2, cadre.y + cadre.height / 2);
    const voile = ancetres(element).reduce((o, a) => o * getComputedStyle(a).opacity, 1);
    const [r, v, b, a] = lire(style.color);
    const dessus = poser([r, v, b, a * voile], sous);
    const corps = parseFloat(style.fontSize);
    const grand = corps >= 24 || (corps >= 18.66 && style.fontWeight >= 700);
    mesures.push({
      texte: texte.trim().slice(0, 60), rapport: contraste(dessus, sous), grand,
      ou: ancetres(element).slice(0, 3).reverse().map((e) => [e.localName, ...e.classList].join(".")).join(" > "),
      couleurs: [dessus, sous].map((c) => c.slice(0, 3).map(Math.round).join(" ")).join(" sur "),
    });
  };
  const marche = document.createTreeWalker(racine, NodeFilter.SHOW_TEXT);
  while (marche.nextNode()) {
    const noeud = marche.currentNode, element = noeud.parentElement;
    if (!noeud.data.trim() || element.closest("svg, script, style, option, textarea, :disabled")) continue;
    if (!montre(element)) continue;
    const plage = document.createRange();
    plage.selectNodeContents(noeud);
    const cadre = plage.getBoundingClientRect();
    if (cadre.width > 1 && cadre.height > 1) mesurer(element, noeud.data, cadre, getComputedStyle(element));
  }
  const saisies = "select, textarea, input:not([type=hidden], [type=checkbox], [type=radio])";
  for (const champ of racine.querySelectorAll(saisies)) {
    if (champ.disabled || !montre(champ)) continue;
    const indication = champ.matches(":placeholder-shown") && champ.placeholder;
    if (!indication && !champ.value) continue;
    const style = getComputedStyle(champ, indication ? "::placeholder" : null);
    mesurer(champ, indication || String(champ.value), champ.getBoundingClientRect(), style);
  }
  return mesures;
}""".replace("COULEURS", COULEURS)

# For each element one can reach by the keyboard: its ring, over what surrounds it.
HALOS = """(elements) => { COULEURS
  return elements.filter((e) => e.checkVisibility()).map((element) => {
    element.focus({ preventScroll: true });
    const { x, y, width } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const rapport = style.outlineStyle === "none" ? 0
      : contraste(lire(style.outlineColor), fond(element.parentElement, x + width / 2, y));
    return { rapport, texte: (element.textContent || element.name).trim().slice(0, 60) };
  });
}""".replace("COULEURS", COULEURS)

# Boxes one cannot see whole, even after scrolling to them: out of the screen, cut by an ancestor, or under something.
COUPES = """(elements) => elements.filter((element) => {
  element.scrollIntoView({ block: "nearest", behavior: "instant" });
  const { left, right, top, bottom } = element.getBoundingClientRect();
  if (left < -1 || right > innerWidth + 1 || top < -1 || bottom > innerHeight + 1) return true; // half pixels
  const dessus = [0.1, 0.5, 0.9].map((part) =>
    document.elementFromPoint((left + right) / 2, top + (bottom - top) * part));
  return !dessus.every((e) => element === e || element.contains(e));
}).map((element) => element.textContent.trim().slice(0, 60))"""


def trop_pales(page: Page, racine: str = "body") -> list[str]:
    """Return the texts under 4.5 to 1 (3 to 1 for large ones, as WCAG 1.4.3 counts), in the theme of the page."""
    return [
        f"{mesure['rapport']:.2f} « {mesure['texte']} » {mesure['couleurs']} ({mesure['ou']})"
        for mesure in page.locator(racine).first.evaluate(MESURER)
        if mesure["rapport"] < (3 if mesure["grand"] else 4.5)
    ]


def coupes(elements: Locator) -> list[str]:
    return elements.evaluate_all(COUPES)


def halos_pales(elements: Locator) -> list[str]:
    """Return those whose focus ring is under 3 to 1 (WCAG 1.4.11), or absent."""
    elements.page.keyboard.press("Tab")  # the browser rings what takes the focus after a key
    return [
        f"{halo['rapport']:.2f} « {halo['texte']} »" for halo in elements.evaluate_all(HALOS) if halo["rapport"] < 3
    ]
