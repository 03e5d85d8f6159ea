"""Our own template of a table, to fill in: names of columns that we surely read, an example, codes of territories."""

from io import BytesIO

from django.http import Http404, HttpResponse
from xlsxwriter import Workbook

from contributions.tableau.colonnes import EXEMPLE
from francais.tableur import XLSX, reponse_csv
from territoires.models import Territoire

NOM = "tableau-a-remplir"
COLONNES = (
    ("Dispositif", "CLS"),
    ("Nom", f"{EXEMPLE}Contrat local de santé de la ville"),
    ("Porteur", "Ville, ou intercommunalité"),
    ("Territoires", "commune:76540 | commune:76575"),
    ("Génération", "2"),
    ("État", "signé"),
    ("Date de signature", "sept. 2023"),
    ("Début", "01/10/2023"),
    ("Fin", "2028"),
    ("Constaté le", "03/2026"),
    ("Adresse de la source", "https://www.exemple.fr/deliberation.pdf"),
)
ETATS = "actif, signé, adopté, en projet ou terminé"


def reponse(forme: str, departement: str) -> HttpResponse:
    """Return the template, `csv` or `xlsx`; with a sheet of the codes of this département, if it is one."""
    noms, exemple = zip(*COLONNES, strict=True)
    if forme == "csv":
        return reponse_csv(NOM, [noms, exemple])
    if forme != "xlsx":
        raise Http404
    contenu = BytesIO()
    with Workbook(contenu, {"in_memory": True, "strings_to_urls": False}) as classeur:
        gras = classeur.add_format({"bold": True})
        feuille = classeur.add_worksheet("Dispositifs")
        texte = classeur.add_format({"num_format": "@"})  # what is typed stays as it is typed: 01053, 09/2021
        feuille.set_column(0, len(COLONNES) - 1, 26, texte)
        for place, (nom, dit) in enumerate(COLONNES):
            feuille.write_string(0, place, nom, gras)
            feuille.write_string(1, place, dit)
        feuille.data_validation(1, 5, 5_000, 5, {"validate": "list", "source": ETATS.replace(" ou ", ", ").split(", ")})
        feuille.freeze_panes(1, 0)
        if departement:
            _codes(classeur, departement)
    telechargement = HttpResponse(contenu.getvalue(), content_type=XLSX)
    telechargement["Content-Disposition"] = f'attachment; filename="{NOM}.xlsx"'
    return telechargement


def _codes(classeur: Workbook, departement: str) -> None:
    """Write the territories of a département: what to write in the column « Territoires », and their names."""
    lieu = Territoire.objects.designes_par([f"departement:{departement.upper()}"]).first()
    if lieu is None:
        raise Http404
    feuille = classeur.add_worksheet(f"Codes {lieu.code}")
    feuille.set_column(0, 1, 40)
    feuille.write_row(0, 0, ["À écrire", lieu.nom], classeur.add_format({"bold": True}))
    siens = Territoire.objects.contenus_dans(lieu).filter(fin=None, nature__in=("commune", "epci", "qpv"))
    for rang, territoire in enumerate(siens.order_by("nature", "nom"), 1):
        feuille.write_row(rang, 0, [territoire.designation, territoire.nom_complet])
    feuille.freeze_panes(1, 0)
