// Counts words as one writes. Nothing needs it.
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
}
