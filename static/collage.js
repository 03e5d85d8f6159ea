/* Pastes what was copied from a document, a spreadsheet or a page as the Markdown of our texts: lists, tables, links,
   bold, headings. Without this script the words alone are pasted, and the server knows bullets and cells. */
(() => {
  const STRUCTURE = "li, table, a[href], h1, h2, h3, h4, h5, h6, b, strong, i, em, br, [data-style*='mso-list'], p + p";
  const BLOCS = "address, article, aside, blockquote, div, dl, footer, header, h1, h2, h3, h4, h5, h6, main, ol, p, section, table, tr, ul";
  const HTML_MAX = 500_000; // characters
  const net = (texte) => texte.replace(/[^\S\u00a0\u202f]+/g, " ");

  function entourer(texte, signe) {
    const [, avant, mots, apres] = texte.match(/^(\s*)([^]*?)(\s*)$/);
    return mots && !mots.includes("\n") ? `${avant}${signe}${mots}${signe}${apres}` : texte;
  }

  function enLigne(noeud) {
    if (noeud.nodeType === Node.TEXT_NODE) return net(noeud.data);
    if (noeud.nodeType !== Node.ELEMENT_NODE || noeud.matches("script, style, title, [data-style*='mso-list:Ignore' i]")) return "";
    if (noeud.matches("br")) return "\n";
    const texte = [...noeud.childNodes].map(enLigne).join("");
    if (noeud.matches("a[href]") && /^(https?:|mailto:)/i.test(noeud.getAttribute("href"))) {
      const adresse = noeud.getAttribute("href").replace(/[\s()]/g, encodeURIComponent).replaceAll("(", "%28").replaceAll(")", "%29");
      const mots = texte.replace(/[[\]]|\n/g, " ").trim();
      return !mots || mots === noeud.getAttribute("href") ? adresse : `[${mots}](${adresse})`;
    }
    const style = noeud.getAttribute("data-style") ?? "";
    const gras = /font-weight:\s*(bold|[6-9]00)/i.test(style) || (noeud.matches("b, strong") && !/font-weight:\s*(normal|400)/i.test(style));
    if (gras) return entourer(texte, "**");
    if (noeud.matches("i, em") || /font-style:\s*italic/i.test(style)) return entourer(texte, "*");
    return texte;
  }

  const enUneLigne = (noeud) => enLigne(noeud).replace(/\s*\n\s*/g, " ").trim();

  function enTableau(table) {
    const rangees = [...table.rows].map((rangee) => [...rangee.cells].flatMap((cellule) => [
      enUneLigne(cellule).replaceAll("|", "\\|"), ...Array(Math.min(cellule.colSpan, 30) - 1).fill(""),
    ])).filter((cellules) => cellules.some(Boolean));
    const largeur = Math.max(0, ...rangees.map((cellules) => cellules.length));
    if (largeur < 2 || rangees.length < 2) return rangees.map((cellules) => cellules.join(" ").trim()).join("\n\n");
    const [tete, ...corps] = rangees.map((cellules) => `| ${[...cellules, ...Array(largeur - cellules.length).fill("")].join(" | ")} |`);
    return [tete, `|${" --- |".repeat(largeur)}`, ...corps].join("\n");
  }

  function enListe(liste, retrait = "") {
    const lignes = [];
    let rang = liste.start ?? 1;
    for (const element of liste.children) {
      if (element.matches("ul, ol")) { lignes.push(enListe(element, `${retrait}  `)); continue; } // as Word writes it
      const marque = liste.matches("ol") ? `${rang++}. ` : "- ";
      const dedans = [...element.childNodes].filter((noeud) => !(noeud instanceof Element && noeud.matches("ul, ol")));
      lignes.push(retrait + marque + dedans.map(enLigne).join(" ").replace(/\s+/g, " ").trim());
      for (const sousListe of element.querySelectorAll(":scope > ul, :scope > ol")) {
        lignes.push(enListe(sousListe, retrait + " ".repeat(marque.length)));
      }
    }
    return lignes.join("\n");
  }

  function puceDeWord(paragraphe) {
    const niveau = Number(/mso-list:[^;]*level(\d)/i.exec(paragraphe.getAttribute("data-style") ?? "")?.[1] ?? 0);
    if (!niveau) return null;
    const signe = paragraphe.querySelector("[data-style*='mso-list:Ignore' i]")?.textContent.trim() ?? "";
    return "  ".repeat(niveau - 1) + (/^\w{1,3}[.)]/.test(signe) ? "1. " : "- ") + enUneLigne(paragraphe);
  }

  function enBlocs(racine) {
    const blocs = []; // of text and whether it goes on with the one before, as the items of a list do
    let courant = "";
    const finir = () => { if (courant.trim()) blocs.push([courant.trim(), false]); courant = ""; };
    for (const noeud of racine.childNodes) {
      const bloc = noeud instanceof Element && (noeud.matches(BLOCS) || noeud.querySelector(BLOCS));
      if (!bloc) { courant += enLigne(noeud); continue; }
      finir();
      const puce = puceDeWord(noeud);
      if (puce) blocs.push([puce, Boolean(noeud.previousElementSibling && puceDeWord(noeud.previousElementSibling))]);
      else if (noeud.matches("table")) blocs.push([enTableau(noeud), false]);
      else if (noeud.matches("ul, ol")) blocs.push([enListe(noeud), false]);
      else if (/^H[1-6]$/.test(noeud.tagName)) blocs.push([`### ${enUneLigne(noeud)}`, false]);
      else blocs.push(...enBlocs(noeud));
    }
    finir();
    return blocs.filter(([texte]) => texte.trim());
  }

  function enMarkdown(html) {
    // Styles are read, never applied: the policy of the page would complain of each.
    const sansStyle = html.replace(/<[a-z][^<>]*>/gi, (balise) => balise.replace(/\sstyle\s*=/gi, " data-style="));
    const page = new DOMParser().parseFromString(sansStyle, "text/html");
    if (!page.body.querySelector(STRUCTURE)) return "";
    return enBlocs(page.body).map(([texte, suite], rang) => (rang && !suite ? "\n\n" : rang ? "\n" : "") + texte).join("");
  }

  for (const zone of document.querySelectorAll("form[data-brouillon] textarea")) {
    zone.addEventListener("paste", (collage) => {
      const html = collage.clipboardData.getData("text/html");
      const texte = html && html.length <= HTML_MAX ? enMarkdown(html) : "";
      if (!texte) return;
      collage.preventDefault();
      if (document.execCommand("insertText", false, texte)) return; // « Undo » knows it
      zone.setRangeText(texte, zone.selectionStart, zone.selectionEnd, "end");
      zone.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();
