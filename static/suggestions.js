// What a field may mean, proposed as one types: a combobox. Without this script the same form answers the same.
import "./page.js";

for (const cadre of document.querySelectorAll("[data-suggestions]")) {
  const champ = cadre.querySelector("input");
  const remplir = "remplir" in cadre.dataset; // the field takes the name chosen; otherwise one goes to its page
  const liste = document.createElement("div");
  const annonce = document.createElement("p");
  liste.className = "suggestions";
  liste.id = `${champ.id}-propositions`;
  liste.setAttribute("role", "listbox");
  liste.setAttribute("aria-label", "Propositions");
  liste.hidden = true;
  annonce.className = "lecteur";
  annonce.setAttribute("role", "status");
  cadre.append(liste, annonce);
  champ.setAttribute("role", "combobox");
  champ.setAttribute("aria-autocomplete", "list");
  champ.setAttribute("aria-controls", liste.id);
  champ.setAttribute("aria-expanded", "false");
  champ.autocomplete = "off";
  let attente, demande, montre = "", active = null;

  const options = () => [...liste.querySelectorAll("[role=option]")];
  const designer = (option) => {
    active?.setAttribute("aria-selected", "false");
    active = option;
    active?.setAttribute("aria-selected", "true");
    active?.scrollIntoView({ block: "nearest" });
    if (active) champ.setAttribute("aria-activedescendant", active.id);
    else champ.removeAttribute("aria-activedescendant");
  };
  const ouvrir = (ouverte) => {
    liste.hidden = !ouverte;
    champ.setAttribute("aria-expanded", String(ouverte));
    if (!ouverte) designer(null);
  };
  const fermer = () => { clearTimeout(attente); demande?.abort(); ouvrir(false); annonce.textContent = ""; };
  const choisir = (option) => {
    if (!remplir) { location.assign(option.href); return; }
    champ.value = option.dataset.nom;
    fermer();
    champ.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const chercher = async () => {
    demande?.abort();
    demande = new AbortController();
    const q = champ.value.trim();
    if (q.length < 2) { fermer(); return; }
    try {
      const adresse = `${cadre.dataset.suggestions}?${new URLSearchParams({ q })}`;
      const reponse = await fetch(adresse, { headers: { "HX-Request": "true" }, signal: demande.signal });
      if (!reponse.ok) return;
      designer(null);
      liste.innerHTML = await reponse.text();
      montre = q;
      const trouvees = options();
      trouvees.forEach((option, rang) => { option.id = `${liste.id}-${rang + 1}`; });
      liste.querySelectorAll("[role=group]").forEach((groupe, rang) => {
        const titre = groupe.firstElementChild;
        titre.id = `${liste.id}-groupe-${rang + 1}`;
        groupe.setAttribute("aria-labelledby", titre.id);
      });
      ouvrir(trouvees.length > 0);
      annonce.textContent = trouvees.length > 1 ? `${trouvees.length} propositions` : `${trouvees.length || "Aucune"} proposition`;
    } catch (erreur) {
      if (erreur.name !== "AbortError") fermer();
    }
  };

  champ.addEventListener("input", () => { clearTimeout(attente); attente = setTimeout(chercher, 150); });
  champ.addEventListener("keydown", (evenement) => {
    if (liste.hidden || evenement.isComposing) return;
    const toutes = options();
    const rang = toutes.indexOf(active);
    const pas = { ArrowDown: rang + 1, ArrowUp: rang < 0 ? toutes.length - 1 : rang - 1 }[evenement.key];
    if (evenement.key === "Escape") fermer(); // the first Escape closes the list, the next one empties the field
    else if (pas !== undefined) designer(toutes[pas] ?? null);
    else if (evenement.key === "Enter") {
      // Nothing designated: the first one, if its whole name or code is what is written now.
      const exacte = !remplir && montre === champ.value.trim() ? liste.querySelector("[data-exact]") : null;
      const choisie = active ?? (exacte === toutes[0] ? exacte : null);
      if (!choisie) return;
      choisir(choisie);
    } else return;
    evenement.preventDefault();
  });
  liste.addEventListener("mousedown", (evenement) => evenement.preventDefault()); // the field keeps the focus
  liste.addEventListener("click", (evenement) => {
    const option = evenement.target.closest("[role=option]");
    if (!option || evenement.ctrlKey || evenement.metaKey) return;
    evenement.preventDefault();
    choisir(option);
  });
  champ.addEventListener("blur", fermer);
}
