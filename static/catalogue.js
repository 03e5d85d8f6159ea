// What is ticked, sorted or named shows at once: the list, its counts and the address follow, in place.
// Without this script, or without network, the form sends the same.
import "./suggestions.js";

(() => {
  const formulaire = document.getElementById("recherche");
  const volet = document.getElementById("filtres");
  const lieu = document.getElementById("lieu");
  const resultats = document.getElementById("resultats");
  let demande;

  // What the form would send, without what says nothing: blanks, the order by default.
  const adresse = () => {
    const { tri } = formulaire.elements;
    const valeurs = [...new FormData(formulaire)].filter(([nom, valeur]) => valeur && !(nom === "tri" && !tri.selectedIndex));
    return `${formulaire.action}?${new URLSearchParams(valeurs)}`;
  };
  let montree = adresse();

  const remplacer = (region, nouvelle) => {
    if (region.contains(document.activeElement)) return; // the box or the order in use: it says already what was done
    const ouverts = [...region.querySelectorAll("details")].map((repli) => repli.open);
    region.replaceChildren(...nouvelle.childNodes);
    region.querySelectorAll("details").forEach((repli, rang) => { repli.open ||= ouverts[rang]; });
  };
  const montrer = (page) => {
    for (const region of document.querySelectorAll("[data-region]")) remplacer(region, page.getElementById(region.id));
    const saisi = page.getElementById("lieu");
    lieu.value = saisi.value;
    for (const attribut of ["aria-invalid", "aria-describedby"]) {
      if (saisi.hasAttribute(attribut)) lieu.setAttribute(attribut, saisi.getAttribute(attribut));
      else lieu.removeAttribute(attribut);
    }
    document.title = page.title;
  };
  const mettreAJour = async () => {
    const voulue = adresse();
    demande?.abort();
    demande = new AbortController();
    resultats.setAttribute("aria-busy", "true");
    try {
      const reponse = await fetch(voulue, { signal: demande.signal });
      const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
      montrer(page);
      history.replaceState(null, "", page.getElementById("resultats").dataset.adresse || voulue);
      montree = adresse();
      resultats.removeAttribute("aria-busy");
    } catch (erreur) {
      if (erreur.name !== "AbortError") formulaire.submit();
    }
  };

  addEventListener("change", ({ target }) => {
    if (target.form === formulaire && target.name !== "q") mettreAJour();
  });
  formulaire.addEventListener("submit", (evenement) => {
    demande?.abort();
    if (!evenement.submitter?.closest(".barre-bas") || adresse() !== montree) return;
    evenement.preventDefault(); // « Voir les n fiches »: they are there, behind the panel
    if (volet.matches(":popover-open")) volet.hidePopover();
    resultats.scrollIntoView();
    resultats.focus();
  });
})();
