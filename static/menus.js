// Menus made of <details> close with Escape, and when one leaves them; the panel of the navigation too.
// What an address leads to is shown, though it be folded.
const menus = [...document.querySelectorAll(".taches details, .trois-points")];
const panneau = document.getElementById("menu");

function fermerSauf(dedans) {
  for (const menu of menus) if (!menu.contains(dedans)) menu.open = false;
}

addEventListener("keydown", (e) => {
  const menu = e.key === "Escape" && menus.find((m) => m.open && m.contains(document.activeElement));
  if (!menu) return;
  e.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
});
addEventListener("focusin", (e) => {
  fermerSauf(e.target);
  if (panneau?.matches(":popover-open") && !panneau.contains(e.target)) panneau.hidePopover();
});
addEventListener("pointerdown", (e) => fermerSauf(e.target));

function montrerLaCible() {
  const cible = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const replie = cible?.closest("details:not([open])");
  if (!replie) return;
  replie.open = true;
  cible.scrollIntoView();
}
addEventListener("hashchange", montrerLaCible);
montrerLaCible();
