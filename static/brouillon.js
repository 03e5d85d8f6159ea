/* Keeps a text as it is typed: posts the draft five seconds after the last key, at most fifteen after the first, and
   when the page goes out of sight. Says that it is kept once the server has answered, and when it is not. */
for (const formulaire of document.querySelectorAll("form[data-brouillon]")) {
  const APRES = 5_000, AU_PLUS = 15_000, CORPS_MAX = 60_000; // milliseconds; a browser sends no more from a page that goes
  const etat = document.querySelector("[data-etat-brouillon]");
  const affichage = formulaire.elements.namedItem("affichage");
  const lire = () => {
    const champs = new FormData(formulaire);
    champs.delete("affichage");
    return new URLSearchParams(champs).toString();
  };
  let garde = lire(), depuis = 0, attente, enCours = null, envoye = false;

  const dire = (texte, sorte) => {
    etat.dataset.etatBrouillon = sorte;
    if (etat.textContent !== texte) etat.textContent = texte;
  };
  const poster = async (texte) => {
    const corps = new URLSearchParams(`${texte}&brouillon=1`);
    corps.set("affichage", affichage.value);
    const keepalive = document.hidden && texte.length < CORPS_MAX;
    try {
      const reponse = await fetch(location.href, { method: "POST", body: corps, headers: { "HX-Request": "true" }, keepalive });
      if (!reponse.ok) {
        dire("Pas enregistré : gardez une copie de votre texte, ou envoyez-le.", "perdu");
        return;
      }
      const recu = await reponse.json();
      affichage.value = recu.affichage;
      garde = texte;
      dire(recu.dit, "garde");
    } catch {
      dire("Pas enregistré : le serveur ne répond pas. Nouvel essai dans quelques secondes.", "perdu");
      attente = setTimeout(enregistrer, AU_PLUS);
    }
  };
  const enregistrer = async () => {
    clearTimeout(attente);
    const texte = lire();
    if (envoye || enCours || texte === garde) return;
    depuis = 0;
    enCours = poster(texte);
    await enCours;
    enCours = null;
    if (garde === texte && lire() !== garde) programmer();
  };
  const programmer = () => {
    depuis ||= Date.now();
    clearTimeout(attente);
    attente = setTimeout(enregistrer, Math.max(0, Math.min(APRES, depuis + AU_PLUS - Date.now())));
  };

  dire("Votre texte s’enregistre en brouillon pendant que vous écrivez.", "pret");
  formulaire.addEventListener("input", programmer);
  document.addEventListener("visibilitychange", () => { if (document.hidden) enregistrer(); });
  addEventListener("pagehide", enregistrer);
  addEventListener("pageshow", () => { envoye = false; });
  addEventListener("beforeunload", (depart) => { if (!envoye && lire() !== garde) depart.preventDefault(); });
  formulaire.addEventListener("submit", (envoi) => {
    envoye = true;
    clearTimeout(attente);
    if (!enCours) return;
    envoi.preventDefault(); // the draft is on its way: what it answers goes with the text
    enCours.finally(() => formulaire.requestSubmit(envoi.submitter));
  });
}
