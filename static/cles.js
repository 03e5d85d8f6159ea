// Access keys: shows the form only where the browser can use it, and says when a key did not answer. All but this is allauth’s.
import "./page.js";
import "./mfa/js/webauthn-json.js";
import "./mfa/js/webauthn.js";
import "./account/js/onload.js";

if (window.PublicKeyCredential) {
  const formulaire = document.getElementById("par-cle");
  const refus = document.getElementById("cle-refusee");
  formulaire.hidden = false;
  document.addEventListener("allauth.error", (evenement) => {
    evenement.preventDefault(); // it would go to the console, where nobody reads
    refus.hidden = false;
  });
}
