// What every page does with script: its menus, what its address leads to, sharing it, keeping it for when there is no
// network. One file, so that no page asks for more.
import "./dossier.js";

// Menus made of <details> close with Escape, and when one leaves them; panels too. What takes the focus is seen whole.
const menus = [...document.querySelectorAll(".taches details, .trois-points")];
const volets = [...document.querySelectorAll(".volet[popover]")];

function fermerSauf(dedans) {
  for (const menu of menus) if (!menu.contains(dedans)) menu.open = false;
}

addEventListener("keydown", (e) => {
  const menu = e.key === "Escape" && menus.find((m) => m.open && m.contains(document.activeElement));
  if (!menu) return;
  e.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
});
addEventListener("focusin", (e) => {
  fermerSauf(e.target);
  for (const volet of volets) if (volet.matches(":popover-open") && !volet.contains(e.target)) volet.hidePopover();
  if (e.target.closest(".sommaire")) e.target.scrollIntoView({ block: "nearest", inline: "nearest" });
});
addEventListener("pointerdown", (e) => fermerSauf(e.target));

// What an address leads to is shown, though it be folded.
function montrerLaCible() {
  const cible = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const replie = cible?.closest("details:not([open])");
  if (!replie) return;
  replie.open = true;
  cible.scrollIntoView();
}
addEventListener("hashchange", montrerLaCible);
montrerLaCible();

// « Partager »: what the device offers, or else the address in the clipboard, or else on the page.
async function partager(bouton) {
  const canonique = document.querySelector('link[rel="canonical"]')?.href ?? location.href;
  const url = bouton.dataset.partager ? new URL(bouton.dataset.partager, location.href).href : canonique;
  const dit = bouton.nextElementSibling;
  try {
    if (navigator.share) return await navigator.share({ title: document.title, url });
    await navigator.clipboard.writeText(url);
    dit.textContent = "Adresse copiée.";
  } catch (refus) {
    if (refus.name !== "AbortError") dit.textContent = url; // one changed one's mind, or it is to be copied by hand
  }
}
for (const bouton of document.querySelectorAll("[data-partager]")) {
  bouton.hidden = false;
  bouton.addEventListener("click", () => partager(bouton));
}

// Once the page is there: what one reads stays readable without network, unless one refused (static/pages_gardees.js).
async function garder() {
  if (await caches.has("refus")) return;
  await navigator.serviceWorker.register("/service-worker.js").catch(() => {}); // the browser allows none
}
if ("serviceWorker" in navigator) addEventListener("load", garder);
