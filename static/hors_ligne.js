// The pages one reads stay readable without network. The network always goes first; of what it answers, only pages made
// for everybody are kept, on this device. `SOCLE`, written before by the server, is what the page « Hors ligne » needs.
const HORS_LIGNE = "/hors-ligne/";
const SOCLES = "socle-";
const PAGES = "pages";
const REFUS = "refus"; // an empty cache of this name: one asked that nothing be kept (static/pages_gardees.js)
const PAGES_AU_PLUS = 40;
const OCTETS_AU_PLUS = 4_000_000;
const PRIVEES = /^\/(admin|comptes|confirmer|demo|mes-[a-z]+|moderation|suivi)\/|\/(corriger|proposer|signaler)\/$/;
const EMPREINTE = /\.[0-9a-f]{12}(?=\.\w+$)/; // that a new version of the site changes in the name of a file

const sansAncre = (adresse) => adresse.split("#")[0];
const lue = (cache, adresse) => cache.match(adresse, { ignoreVary: true });

addEventListener("install", (e) => {
  skipWaiting(); // no page is shown from here while the network answers: an old version traps nobody
  e.waitUntil(caches.open(SOCLES + VERSION).then((cache) => cache.addAll(SOCLE)));
});

addEventListener("activate", (e) => {
  e.waitUntil(
    (async () => {
      const noms = await caches.keys();
      await Promise.all(noms.filter((n) => n.startsWith(SOCLES) && n !== SOCLES + VERSION).map((n) => caches.delete(n)));
      await registration.navigationPreload?.enable();
      await clients.claim();
    })(),
  );
});

addEventListener("fetch", (e) => {
  const { method, mode, url } = e.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate") e.respondWith(page(e));
  else if (pathname.startsWith("/static/")) e.respondWith(fetch(e.request).catch(() => fichier(pathname)));
});

async function page(e) {
  const adresse = sansAncre(e.request.url);
  let reponse;
  try {
    reponse = (await e.preloadResponse) ?? (await fetch(e.request));
  } catch {
    return relire(adresse);
  }
  e.waitUntil(retenir(adresse, reponse.clone()));
  return reponse;
}

async function retenir(adresse, reponse) {
  const disparue = [404, 410].includes(reponse.status);
  if (!disparue && (!estPourTous(adresse, reponse) || (await caches.has(REFUS)))) return;
  const cache = await caches.open(PAGES);
  await cache.delete(adresse, { ignoreVary: true }); // the freshest are the last written
  if (disparue) return;
  const texte = await reponse.text();
  const entetes = new Headers(reponse.headers);
  for (const nom of ["Content-Encoding", "Content-Length", "Vary"]) entetes.delete(nom);
  entetes.set("X-Garde-Le", new Date().toISOString());
  entetes.set("X-Octets", new Blob([texte]).size);
  entetes.set("X-Titre", encodeURIComponent(texte.match(/<title>([^<]*)/)?.[1] ?? ""));
  await cache.put(adresse, new Response(texte, { headers: entetes }));
  await borner(cache);
}

// A page that is only read has an ETag, and « no-cache »; with a cookie, the server says it private (config/lecture.py).
function estPourTous(adresse, reponse) {
  const { pathname, searchParams } = new URL(adresse);
  const entete = (nom) => reponse.headers.get(nom) ?? "";
  return (
    reponse.status === 200 &&
    reponse.type === "basic" &&
    entete("ETag") !== "" &&
    entete("Content-Type").startsWith("text/html") &&
    entete("Cache-Control").includes("no-cache") &&
    !/private|no-store/.test(entete("Cache-Control")) &&
    !PRIVEES.test(pathname) &&
    pathname !== HORS_LIGNE &&
    !searchParams.has("q") // what one looks for is kept nowhere
  );
}

async function borner(cache) {
  let octets = 0;
  for (const [rang, cle] of (await cache.keys()).reverse().entries()) {
    octets += Number((await lue(cache, cle))?.headers.get("X-Octets"));
    if (rang >= PAGES_AU_PLUS || octets > OCTETS_AU_PLUS) await cache.delete(cle, { ignoreVary: true });
  }
}

async function relire(adresse) {
  const gardee = await lue(await caches.open(PAGES), adresse);
  if (!gardee) return (await lue(caches, HORS_LIGNE)) ?? Response.error();
  const texte = await gardee.text();
  const dite = texte.replace(/<main\b[^>]*>/, (debut) => debut + annonce(gardee.headers.get("X-Garde-Le")));
  return new Response(dite, { headers: gardee.headers });
}

function annonce(le) {
  const quand = new Intl.DateTimeFormat("fr", { dateStyle: "long", timeStyle: "short" }).format(new Date(le));
  return `<div class="contenu sans-papier" role="status"><p class="alerte attention"><span>Sans réseau&nbsp;: voici la page
    telle que vous l’avez lue le ${quand}. <a href="${HORS_LIGNE}">Les pages gardées</a></span></p></div>`;
}

// A page kept from a former version of the site asks for files that have changed names.
async function fichier(chemin) {
  const nom = chemin.replace(EMPREINTE, "");
  const remplacant = SOCLE.find((autre) => autre.replace(EMPREINTE, "") === nom);
  return (remplacant && (await lue(caches, remplacant))) ?? Response.error();
}
