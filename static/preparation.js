// The page of a file being made looks again by itself, for two minutes, and says when it is ready.
import "./page.js";

const place = document.getElementById("preparation");
let essais = 60;

async function regarder() {
  const page = await fetch(location.href).then((reponse) => reponse.text()).catch(() => ""); // no network: look again
  const neuve = new DOMParser().parseFromString(page, "text/html").getElementById("preparation");
  if (neuve && neuve.textContent !== place.textContent) {
    place.dataset.etat = neuve.dataset.etat;
    place.replaceChildren(...neuve.childNodes);
  }
  if (place.dataset.etat === "attendu" && --essais) setTimeout(regarder, 2000);
}
if (place?.dataset.etat === "attendu") setTimeout(regarder, 1000);
