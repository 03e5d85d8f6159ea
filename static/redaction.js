// Counts words as one writes, and warns before leaving a page with text that is not kept yet. Nothing needs it.
"use strict";
const redaction = document.getElementById("redaction");
if (redaction) {
  const compter = (zone, compte) => {
    const mots = zone.value.match(/[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
    compte.textContent = `${mots} mot${mots > 1 ? "s" : ""}`;
  };
  for (const zone of redaction.querySelectorAll(".redaction textarea")) {
    const compte = document.createElement("p");
    compte.className = "compte-mots petit discret";
    zone.after(compte);
    compter(zone, compte);
    zone.addEventListener("input", () => compter(zone, compte));
  }
  let aGarder = false;
  redaction.addEventListener("input", () => { aGarder = true; });
  redaction.addEventListener("submit", () => { aGarder = false; });
  window.addEventListener("beforeunload", (depart) => { if (aGarder) depart.preventDefault(); });
}
