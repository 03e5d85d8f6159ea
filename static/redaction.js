// What writing does with script: territories proposed, the draft kept, what is pasted, and words counted as one writes.
// Nothing needs it.
import "./suggestions.js";
import "./brouillon.js";
import "./collage.js";

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
