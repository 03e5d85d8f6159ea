// The page « Hors ligne »: the pages kept on this device, and the choice to keep none (static/hors_ligne.js).
import "./page.js";

const liste = document.getElementById("gardees");
const choix = document.getElementById("garder");
const dit = document.getElementById("dit");
const [PAGES, REFUS] = ["pages", "refus"];

async function montrer() {
  const cache = await caches.open(PAGES);
  const lignes = await Promise.all((await cache.keys()).reverse().map((cle) => ligne(cache, cle)));
  liste.replaceChildren(...lignes);
  document.getElementById("aucune").hidden = lignes.length > 0;
}

async function ligne(cache, cle) {
  const { headers } = await cache.match(cle, { ignoreVary: true });
  const lien = document.createElement("a");
  lien.href = cle.url;
  lien.textContent = titre(headers.get("X-Titre")) || new URL(cle.url).pathname;
  const quand = document.createElement("small");
  const le = new Date(headers.get("X-Garde-Le"));
  quand.textContent = `lue le ${new Intl.DateTimeFormat("fr", { dateStyle: "long", timeStyle: "short" }).format(le)}`;
  const rangee = document.createElement("li");
  rangee.append(lien, " ", quand);
  return rangee;
}

// Written as HTML in the page, where it may hold references to characters.
function titre(code) {
  const texte = new DOMParser().parseFromString(decodeURIComponent(code ?? ""), "text/html").body.textContent;
  return texte.replace(/ – Santé en territoires$/, "");
}

async function oublier() {
  await caches.open(REFUS);
  for (const inscrit of await navigator.serviceWorker.getRegistrations()) await inscrit.unregister();
  for (const nom of await caches.keys()) if (nom !== REFUS) await caches.delete(nom);
}

async function reprendre() {
  await caches.delete(REFUS);
  await navigator.serviceWorker.register("/service-worker.js");
}

async function preparer() {
  choix.checked = !(await caches.has(REFUS));
  choix.closest("p").hidden = false;
  choix.addEventListener("change", async () => {
    await (choix.checked ? reprendre() : oublier());
    dit.textContent = choix.checked ? "Les pages que vous lirez seront gardées." : "Plus rien n’est gardé sur cet appareil.";
    if (!choix.checked) liste.replaceChildren();
    document.getElementById("aucune").hidden = liste.children.length > 0;
  });
  if (choix.checked) await montrer();
}

if ("serviceWorker" in navigator) preparer();
