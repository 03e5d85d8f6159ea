/* Keyboard shortcuts of the desk: a letter presses the link or the button that announces it (aria-keyshortcuts).
   Everything is there without them; they can be turned off (WCAG 2.1.4). */
(() => {
  const CLE = "raccourcis";
  const reglage = document.querySelector("[data-raccourcis]");
  const actifs = () => {
    try { return localStorage.getItem(CLE) !== "non"; } catch { return true; }
  };
  if (reglage) {
    const case_ = reglage.querySelector("input");
    reglage.hidden = false;
    case_.checked = actifs();
    case_.addEventListener("change", () => {
      try { localStorage.setItem(CLE, case_.checked ? "oui" : "non"); } catch { /* private browsing: for this page only */ }
    });
  }
  document.addEventListener("keydown", (frappe) => {
    if (frappe.ctrlKey || frappe.metaKey || frappe.altKey || !/^[a-z]$/.test(frappe.key) || !actifs()) return;
    if (frappe.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")) return;
    const cible = document.querySelector(`[aria-keyshortcuts="${frappe.key}"]`);
    if (!cible) return;
    frappe.preventDefault();
    cible.click();
  });
})();
