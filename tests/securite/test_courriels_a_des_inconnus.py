"""Before an address is proved, an e-mail holds no word of who typed it: the site is nobody's relay."""

import pytest
from django.test import Client

from contributions.models import Dossier, Proposition, Signalement
from contributions.signaler.forms import PROPRES, FormulaireSignalement
from contributions.verbes import propositions, signalements
from courriels.models import Courriel, Preuve
from tests.comptes.preuves import entrer
from tests.contributions.papier import Papier, ouvrir, signaler
from tests.contributions.suivi.lecture import poster
from tests.factories import fiche_dispositif, moderatrice, personne

pytestmark = pytest.mark.django_db
MOT = "zqmarque"
VICTIME = f"{MOT}+{MOT}@ailleurs.example"
PHRASE = f"URGENT {MOT} réglez sur https://{MOT}.example/ avant ce soir"


@pytest.fixture
def fiche():
    return fiche_dispositif(
        slug="asv", titre="Atelier santé ville", sections={"description": "Une démarche.[^1]", "cout": "Peu."}
    )


def marquer(papier: Papier, **justes: str) -> Papier:
    """Write the sentence wherever the form takes one."""
    libres = {nom for nom in papier.noms if nom.startswith("section-") or nom in ("titre", "resume", "echelle")}
    tapes = dict.fromkeys([*libres, "credit_nom", "credit_role"], f"URGENT {MOT} réglez avant ce soir")
    return papier.remplir(**tapes).signer(**{"pourquoi": PHRASE, "credit": "nom", "courriel": VICTIME, **justes})


def verifier(attendus: int) -> None:
    """Look at everything that goes to an address nobody proved."""
    ecrits = Courriel.objects.exclude(preuve=Preuve.FAITE)
    assert ecrits.count() == attendus
    for courriel in ecrits:
        assert MOT not in f"{courriel.objet}\n{courriel.corps}".lower(), courriel.corps


def test_une_proposition_sur_une_fiche(client, fiche):
    papier = marquer(ouvrir(client, "/dispositifs/asv/proposer/"))
    assert papier.envoyer().status_code == 303
    verifier(1)
    courriel = Courriel.objects.get()
    assert "Atelier santé ville" in courriel.objet and "Coût" in courriel.corps
    assert (
        MOT in client.get(Proposition.objects.get().get_absolute_url()).text
    )  # the page has the words, after the click


def test_une_proposition_reprise_et_renvoyee_a_une_autre_adresse(client, fiche):
    marquer(ouvrir(client, "/dispositifs/asv/proposer/")).envoyer()
    reprise = ouvrir(client, f"{Proposition.objects.get().get_absolute_url()}modifier/")
    assert marquer(reprise, courriel=f"{MOT}@autre.example", credit="pseudonyme").envoyer().status_code == 303
    verifier(2)


def test_une_nouvelle_fiche(client):
    papier = ouvrir(client, "/contribuer/nouvelle-fiche/dispositif/?titre=X&verifiee=1").presser(ajouter="sources")
    reponse = marquer(papier, categorie="demarche").remplir(**{"sources-0-titre": PHRASE}).envoyer()
    assert reponse.status_code == 303, reponse.text
    assert MOT in Proposition.objects.get().titre
    verifier(1)


@pytest.mark.parametrize("categorie", Dossier.Categorie.values)
def test_un_signalement_et_tout_ce_qui_le_suit(client, fiche, categorie):
    saisis = {
        nom: PHRASE
        for nom, champ in FormulaireSignalement.base_fields.items()
        if type(champ).__name__ in ("CharField", "ChampTexte")
    }
    saisis |= {"courriel": VICTIME, "categorie": categorie, "bonne_foi": "on", "qualite": "titulaire des droits"}
    fiche_dispositif(slug="autre", titre=f"Autre {MOT}")
    saisis |= {"doublon": f"https://{MOT}.example/dispositifs/autre/", "site_web": "", "cible": "", "source": ""}
    saisis.pop("ouvert")
    assert signaler(client, "/dispositifs/asv/signaler/", **saisis).status_code == 303
    recu = Signalement.objects.get()
    for verbe in ("ecrire", "contester", "crediter"):
        poster(client, recu, verbe, message=PHRASE, contestation=PHRASE, nom=PHRASE)
    signalements.classer(recu.dossier, par=moderatrice(), motif="inexact", explication="C’est juste.")
    poster(client, Signalement.objects.get(), "contester", contestation=PHRASE)
    verifier(3)
    assert Courriel.objects.filter(objet__startswith="Votre recours").exists()


def test_toutes_les_questions_d_un_signalement_sont_posees():
    assert set(PROPRES) <= set(FormulaireSignalement.base_fields)


def test_se_connecter_et_s_inscrire():
    for chemin, suite in (
        ("/comptes/connexion/", "/comptes/code/"),
        ("/comptes/inscription/", "/comptes/confirmation/"),
    ):
        navigateur = Client()
        assert navigateur.post(chemin, {"email": VICTIME, "nom_affiche": PHRASE, "next": f"/{MOT}/"}).status_code == 302
        navigateur.post(suite, {"action": "resend"})
    verifier(3)


def test_changer_d_adresse(client):
    entrer(client, personne())
    type(personne()).objects.update(nom_affiche=PHRASE[:100])
    client.post("/comptes/adresse/", {"email": VICTIME, "action_add": "1"})
    verifier(1)


def test_une_adresse_confirmee_puis_changee_ne_recoit_rien(client, fiche):
    """Confirmed once, a proposition keeps its address: whatever is posted, nobody else is written to."""
    marquer(ouvrir(client, "/dispositifs/asv/proposer/"), courriel="vraie@exemple.fr").envoyer()
    propositions.confirmer(Proposition.objects.get())
    reprise = ouvrir(client, f"{Proposition.objects.get().get_absolute_url()}modifier/")
    marquer(reprise, courriel=VICTIME).remplir(**{"section-cout": f"Autre {MOT}"}).envoyer()
    assert set(Courriel.objects.values_list("destinataire", flat=True)) == {"vraie@exemple.fr"}


GABARITS_SANS_PREUVE = [
    "comptes/code_d_inscription",
    "comptes/code_de_confirmation",
    "comptes/code_de_connexion",
    "comptes/compte_existant",
    "comptes/compte_inconnu",
    "contributions/proposition_a_confirmer",
    "contributions/signalement_recu",
]
DES_MOTS = ("pourquoi", "texte", "titre }", "adresse }", "nom", "par }", "passage", "precisions")


@pytest.mark.parametrize("gabarit", GABARITS_SANS_PREUVE)
def test_leurs_gabarits_ne_citent_rien_de_ce_qu_on_tape(settings, gabarit):
    texte = (settings.BASE_DIR / "templates" / "courriels" / f"{gabarit}.txt").read_text(encoding="utf-8")
    cites = texte.replace("fiche.titre }", "").split("{{ ")[1:]
    assert not [cite for cite in cites for mot in DES_MOTS if mot in cite.partition("}}")[0] + "}"]
