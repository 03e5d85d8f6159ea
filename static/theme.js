// Light, dark, or as the device asks: read before the page is painted, kept on this device only once chosen.
// The key and its values are those of Django's administration, which follows the same choice.
const CLE = "theme";
const choisi = () => {
  try {
    return localStorage.getItem(CLE) ?? "auto";
  } catch {
    return "auto"; // the browser keeps nothing
  }
};

function appliquer(theme) {
  document.documentElement.dataset.theme = theme;
}

function choisir(theme) {
  try {
    if (theme === "auto") localStorage.removeItem(CLE);
    else localStorage.setItem(CLE, theme);
  } catch {
    // it holds for this page
  }
  appliquer(theme);
}

function montrerLeChoix() {
  const choix = document.getElementById("theme");
  if (!choix) return;
  choix.hidden = false;
  const cocher = (theme) => {
    const bouton = choix.querySelector(`[value="${theme}"]`);
    if (bouton) bouton.checked = true;
  };
  cocher(choisi());
  choix.addEventListener("change", (e) => choisir(e.target.value));
  addEventListener("storage", (e) => {
    if (e.key !== CLE) return;
    appliquer(choisi());
    cocher(choisi());
  });
}

appliquer(choisi());
addEventListener("DOMContentLoaded", montrerLeChoix);
