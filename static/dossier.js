// A dossier gathered from fiche to fiche: what it holds is its address (panorama/dossier.py), remembered in this tab.
// Without this script, or where the browser remembers nothing, each link leads to a dossier of its own.
const PAGE = "/dossier/";
const AU_PLUS = 20;

const nom = (fiche) => fiche.replace(/^\/|\/$/g, "");
const demandees = (adresse) => new URL(adresse).searchParams.getAll("f").map(nom);
const adresse = (fiches) => (fiches.length ? `${PAGE}?${fiches.map((fiche) => `f=${encodeURI(fiche)}`).join("&")}` : PAGE);
const reunies = () => JSON.parse(sessionStorage.getItem("dossier") ?? "[]");
const garder = (fiches) => sessionStorage.setItem("dossier", JSON.stringify(fiches));

// What leads to a dossier leads to the one under way, with what it asked for; only its own page takes fiches off.
function poursuivre() {
  const ajout = document.querySelector("[data-dossier]");
  const liens = [...document.querySelectorAll(`a[href="${PAGE}"], a[href^="${PAGE}?f="]`)].map((lien) => [lien, demandees(lien.href)]);
  const [celle] = ajout ? demandees(ajout.href) : [];

  const montrer = () => {
    const fiches = reunies();
    const n = `${fiches.length} fiche${fiches.length > 1 ? "s" : ""}`;
    for (const [lien, siennes] of liens) lien.href = adresse([...new Set([...fiches, ...siennes])]);
    if (!ajout) return;
    const mots = !fiches.length ? "Ajouter à un dossier" : `${fiches.includes(celle) ? "Voir" : "Ajouter à"} votre dossier (${n})`;
    ajout.querySelector("span").textContent = mots;
  };
  const ajouter = (evenement) => {
    const fiches = reunies();
    if (fiches.includes(celle) || fiches.length >= AU_PLUS) return; // its page shows it, or says that it is full
    evenement.preventDefault();
    garder([...fiches, celle]);
    montrer();
    ajout.nextElementSibling.textContent = "Fiche ajoutée à votre dossier.";
  };

  montrer();
  addEventListener("pageshow", montrer); // back from the dossier
  ajout?.addEventListener("click", ajouter);
  addEventListener("formdata", ({ target, formData }) => {
    if (target.id !== "en-dossier") return;
    const cochees = formData.getAll("f").map(nom);
    formData.delete("f");
    for (const fiche of new Set([...reunies(), ...cochees])) formData.append("f", fiche);
  });
}

try {
  if (location.pathname === PAGE) garder(demandees(location.href));
  else if (!location.pathname.startsWith(PAGE)) poursuivre();
} catch {
  // The browser remembers nothing.
}
