/* What a decision will do, shown over the page instead of another page: one key to ask, one to confirm.
   Without this script, or when the server has something to say first, the form goes to the page as it would. */
(() => {
  const boite = document.createElement("dialog");
  boite.className = "confirmation";
  boite.setAttribute("aria-labelledby", "confirmation-t-confirmer");

  // Its names are its own: the page beneath has the same differences, by the same names.
  const renommer = (contenu) => {
    for (const attribut of ["id", "for", "aria-labelledby", "aria-describedby"]) {
      for (const porteur of contenu.querySelectorAll(`[${attribut}]`)) {
        const noms = porteur.getAttribute(attribut).split(" ").map((nom) => `confirmation-${nom}`);
        porteur.setAttribute(attribut, noms.join(" "));
      }
    }
    for (const lien of contenu.querySelectorAll("a[href^='#']")) {
      lien.setAttribute("href", `#confirmation-${lien.getAttribute("href").slice(1)}`);
    }
  };

  const demander = async (formulaire, bouton) => {
    const corps = new URLSearchParams(new FormData(formulaire, bouton));
    const reponse = await fetch(formulaire.getAttribute("action") || location.href, { method: "POST", body: corps });
    const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
    return reponse.ok ? page.querySelector("[data-confirmation]") : null;
  };

  document.addEventListener("submit", async (envoi) => {
    const bouton = envoi.submitter;
    if (!bouton?.matches("[data-a-confirmer]") || boite.open) return;
    envoi.preventDefault();
    const contenu = await demander(envoi.target, bouton).catch(() => null);
    if (!contenu) {
      bouton.removeAttribute("data-a-confirmer");
      envoi.target.requestSubmit(bouton);
      return;
    }
    renommer(contenu);
    boite.replaceChildren(document.adoptNode(contenu));
    if (!boite.isConnected) document.querySelector("main").append(boite);
    boite.showModal();
  });

  boite.addEventListener("click", (clic) => {
    if (!clic.target.closest("[name=revenir]")) return;
    clic.preventDefault();
    boite.close();
  });
})();
