"""A base where every text that can be published tries to become code: each field its own, all of them somewhere."""

from itertools import cycle

from dispositifs.models import Absence
from fiches.gabarits import GABARITS, Nature
from fiches.models import Organisme, Repere, Sigle
from francais.caracteres import INVERSEURS
from territoires.models import Indicateur, Territoire
from tests import factories
from tests.securite.vecteurs import HTML, VECTEURS

FICHES = 5


def construire() -> list[str]:
    """Publish the fiches and return the addresses of the pages where their words are shown."""
    publiables = [v for v in VECTEURS if not INVERSEURS.search(v)]  # the forms refuse the others
    suite = cycle(publiables)
    court = cycle([v for v in publiables if v in HTML and len(v) <= 60])

    def texte(longueur: int = 300) -> str:
        """The next vector, cut where the field would be: a cut one is one more vector. Never blank."""
        return next(suite).replace("\n", " ")[:longueur].strip()

    region = factories.territoire("region", "93", nom=texte(200))
    lieux = [
        factories.territoire("departement", "13", nom=texte(200), dans=[region]),
        factories.territoire("epci", "200000001", nom=texte(200), dans=[region], autres_noms=[texte(200)]),
    ]
    communes = [
        factories.territoire("commune", f"1300{n}", nom=texte(200), dans=[region, *lieux], departements=["13"])
        for n in range(4)
    ]
    adresses = ["/", "/fiches/", "/dispositifs/", "/actions/", "/dispositifs-locaux/", "/carte/", "/sigles/"]
    adresses += ["/organismes/", "/dispositifs/echeancier/", "/territoires/", "/contribuer/", "/nulle/part/"]
    for slug in ("asv", "cls"):  # those that the table of coverage follows
        factories.fiche_dispositif(slug=slug, titre=texte(150), sigle=next(court)[:20])
    for n in range(FICHES):
        sur = [communes[n % len(communes)]]
        commun = {"sources": [_source(texte), _source(texte)], "chiffres": [_chiffre(texte)]}
        dispositif = factories.fiche_dispositif(
            **_textes(Nature.DISPOSITIF, texte),
            **commun,
            sigle=next(court)[:20],
            autres_noms=[texte(150)],
            echelle=texte(200),
            territoire_cible=texte(200),
            porteur_type=texte(200),
            cadre_legal=texte(),
            sur=sur,
        )
        lien = {"dispositif": ["asv", "cls", dispositif.slug][n % 3], "sur": sur}
        local = factories.fiche_locale(
            **_textes(Nature.LOCAL, texte), **commun, **lien, porteur=texte(200), fin="2030-01-01"
        )
        action = factories.fiche_action(**_textes(Nature.ACTION, texte), **commun, **lien, periode=texte(150))
        Sigle.objects.create(
            sigle=f"ARS{n}", developpe=texte(200), definition=texte(), source=texte(), fiche=dispositif
        )
        Repere.objects.create(sujet=texte(140) + str(n), texte=texte(), source=texte())
        Organisme.objects.create(nom=texte(190) + str(n), type=texte(100), role=texte(), source=texte())
        factories.contact(sur[0], organisme=texte(140) + str(n), source=texte(200))
        adresses += [f.get_absolute_url() for f in (dispositif, local, action)]
        adresses += [f"{local.get_absolute_url()}signaler/", f"{action.get_absolute_url()}proposer/"]
        adresses.append(f"/dispositifs/comparer/?d={dispositif.slug}&d=asv")
    adresses.append(
        "/dossier/?q=a" + "".join(f"&f={fiche.get_absolute_url()}" for fiche in (dispositif, local, action))
    )
    adresses += [f"{lieu.get_absolute_url()}note/" for lieu in (region, communes[0])]
    for lieu in [region, *lieux, *communes]:
        _completer(lieu, texte)
        adresses.append(lieu.get_absolute_url())
        adresses.append(f"/territoires/chercher/?q={lieu.code}")
    adresses += [f"{lieu.get_absolute_url()}couverture/?niveau=commune" for lieu in lieux]
    return adresses


def _textes(nature: Nature, texte) -> dict:
    sections = {section.cle: f"{texte(5_000)} [^1] ARS1" for section in GABARITS[nature]}
    return {"titre": texte(150), "resume": texte(), "sections": sections}


def _source(texte) -> dict:
    return {
        "titre": texte(),
        "organisation": texte(200),
        "repere": texte(200),
        "date": "2025",
        "url": "https://exemple.fr/?a='><script>alert(1)</script>&b=\"onclick=alert(1)",
    }


def _chiffre(texte) -> dict:
    return {
        "libelle": texte(200),
        "valeur": 3,
        "qualificatif": texte(20),
        "unite": texte(60),
        "annee": 2025,
        "precision_annee": "exacte",
        "source": 1,
        "note": texte(),
    }


def _completer(lieu: Territoire, texte) -> None:
    Indicateur.objects.create(
        territoire=lieu,
        libelle=texte(200),
        valeur=1,
        unite=texte(60),
        annee=2025,
        precision_annee="exacte",
        source=texte(),
        note=texte(),
    )
    cls = factories.Dispositif.objects.get(slug="cls")
    Absence.objects.create(
        dispositif=cls, territoire=lieu, constatee_le="2025-01-01", precision=texte(200), source=texte()
    )
