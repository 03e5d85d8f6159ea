// Menus made of <details> close with Escape, and when one leaves them; panels too. What takes the focus is seen whole.
// What an address leads to is shown, though it be folded.
const menus = [...document.querySelectorAll(".taches details, .trois-points")];
const volets = [...document.querySelectorAll(".volet[popover]")];

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
  for (const volet of volets) if (volet.matches(":popover-open") && !volet.contains(e.target)) volet.hidePopover();
  if (e.target.closest(".sommaire")) e.target.scrollIntoView({ block: "nearest", inline: "nearest" });
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
