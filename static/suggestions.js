// Territories suggested as one types. Without this script the same form works: it leads to the results page.
"use strict";
for (const cadre of document.querySelectorAll("[data-suggestions]")) {
  const champ = cadre.querySelector("input");
  const liste = document.createElement("div");
  liste.className = "suggestions";
  liste.setAttribute("role", "region");
  liste.setAttribute("aria-label", "Territoires proposés");
  liste.setAttribute("aria-live", "polite");
  liste.hidden = true;
  cadre.append(liste);
  let attente, demande;
  const fermer = () => { clearTimeout(attente); demande?.abort(); liste.hidden = true; };
  const chercher = async () => {
    demande?.abort();
    demande = new AbortController();
    const q = champ.value.trim();
    if (q.length < 2) { fermer(); return; }
    try {
      const adresse = `${cadre.dataset.suggestions}?${new URLSearchParams({ q })}`;
      const reponse = await fetch(adresse, { headers: { "HX-Request": "true" }, signal: demande.signal });
      if (!reponse.ok) return;
      liste.innerHTML = await reponse.text();
      liste.hidden = !liste.querySelector("a");
    } catch (erreur) {
      if (erreur.name !== "AbortError") liste.hidden = true;
    }
  };
  champ.addEventListener("input", () => { clearTimeout(attente); attente = setTimeout(chercher, 150); });
  cadre.addEventListener("keydown", (evenement) => {
    const liens = [...liste.querySelectorAll("a")];
    const rang = liens.indexOf(document.activeElement);
    if (evenement.key === "Escape") {
      if (!liste.hidden) evenement.preventDefault(); // the first Escape closes the list, the next one empties the field
      fermer();
      champ.focus();
    }
    if (liste.hidden || !["ArrowDown", "ArrowUp"].includes(evenement.key)) return;
    evenement.preventDefault();
    const suivant = evenement.key === "ArrowDown" ? rang + 1 : rang - 1;
    (liens[suivant] ?? champ).focus();
  });
  // Leaving the field and its list closes it; a click in the list must not leave (some browsers give links no focus).
  liste.addEventListener("mousedown", (evenement) => evenement.preventDefault());
  cadre.addEventListener("focusout", (evenement) => { if (!cadre.contains(evenement.relatedTarget)) fermer(); });
}
