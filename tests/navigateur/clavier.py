"""Walking a page with the Tab key, as who has no mouse: where one stops, and whether it shows."""

from playwright.sync_api import Page

ARRETS_AU_PLUS = 400
HALTES = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"

# What has the focus: nothing once the page is left; else what it is, and what is wrong with the way it shows.
ARRET = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  window.arrets ??= new Set();
  const deja = window.arrets.has(e);
  window.arrets.add(e);
  const cadres = [...e.getClientRects()].filter((c) => c.width > 1 && c.height > 1);
  const style = getComputedStyle(e);
  const coupe = (a) => a && (getComputedStyle(a).clipPath !== "none" || coupe(a.parentElement));
  const vu = (x, y) => {
    const dessus = document.elementFromPoint(x, y);
    return dessus && (e.contains(dessus) || (dessus.contains(e) && dessus.closest("a, label, summary")));
  };
  const dans = (c) =>
    [Math.max(c.left, 0), Math.max(c.top, 0), Math.min(c.right, innerWidth), Math.min(c.bottom, innerHeight)];
  const parts = cadres.map(dans).filter(([g, h, d, b]) => d - g > 1 && b - h > 1); // what the screen holds of it
  const points = parts.flatMap(([g, h, d, b]) => [0.1, 0.5, 0.9].map((p) => [g + (d - g) * p, (h + b) / 2]));
  let faute = "";
  if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || coupe(e)) faute = "caché";
  else if (!parts.length) faute = "hors de l’écran";
  else if (!e.closest("svg") && !points.some(([x, y]) => vu(x, y))) faute = "couvert";
  else if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) faute = "sans anneau";
  const mots = (e.textContent || e.name || e.ariaLabel || "").trim().slice(0, 50);
  return { deja, faute, quoi: `${e.localName} « ${mots} »` };
}"""

# What one sees and could stop at, and did not: of a group of radio buttons one stop is enough, the arrows do the rest.
MANQUES = """(haltes) => [...document.querySelectorAll(haltes)].filter((e) => {
  if (window.arrets.has(e) || e.disabled || e.getAttribute("role") === "option") return false;
  if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
  if (e.closest(".lecteur")) return false;
  if (e.type === "radio") return ![...window.arrets].some((a) => a.name === e.name && a.type === "radio");
  return true;
}).map((e) => `${e.localName} « ${(e.textContent || e.name).trim().slice(0, 50)} »`)"""


def parcourir(page: Page) -> list[str]:
    """Press Tab from the top of the page to its end; return the stops that do not show, and what no stop reaches."""
    page.wait_for_load_state()
    fautes = []
    for _ in range(ARRETS_AU_PLUS):
        page.keyboard.press("Tab")
        arret = page.evaluate(ARRET)
        if arret is None or arret["deja"]:
            break
        if arret["faute"]:
            fautes.append(f"{arret['faute']} : {arret['quoi']}")
    else:
        fautes.append(f"plus de {ARRETS_AU_PLUS} arrêts")
    return fautes + [f"hors d’atteinte : {manque}" for manque in page.evaluate(MANQUES, HALTES)]


# Words cut by a box that hides what overflows it, and does not scroll.
COUPES = """() => {
  const cache = (o) => o === "hidden" || o === "clip";
  const coupes = new Set();
  const marche = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (marche.nextNode()) {
    const noeud = marche.currentNode, plage = document.createRange();
    if (!noeud.data.trim() || noeud.parentElement.closest("svg, script, .lecteur, select")) continue;
    if (!noeud.parentElement.checkVisibility()) continue;
    plage.selectNodeContents(noeud);
    const mots = plage.getBoundingClientRect();
    for (let e = noeud.parentElement; e !== document.body; e = e.parentElement) {
      const style = getComputedStyle(e), boite = e.getBoundingClientRect();
      const defile = [style.overflowX, style.overflowY].some((o) => o === "auto" || o === "scroll");
      if (defile || style.clipPath !== "none" || style.webkitLineClamp !== "none") break; // or an extract, on purpose
      const large = cache(style.overflowX) && (mots.left < boite.left - 1 || mots.right > boite.right + 1);
      const haut = cache(style.overflowY) && (mots.top < boite.top - 1 || mots.bottom > boite.bottom + 1);
      if (large || haut) coupes.add(`« ${noeud.data.trim().slice(0, 40)} » dans ${e.localName}.${e.className}`);
    }
  }
  return [...coupes];
}"""


def coupes_par_leur_boite(page: Page) -> list[str]:
    return page.evaluate(COUPES)
