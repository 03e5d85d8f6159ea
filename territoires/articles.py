"""What stands before a territory in a sentence: « le PETR du Pays de Bray », « l’Eure », « au Havre », « en Corse »."""

from territoires.models import Territoire

VOYELLES = frozenset("AEÉÎIOUYH")  # « l’Hérault », « l’Île-de-France »
# The other départements and régions are feminine.
MASCULINS = frozenset(
    "Bas-Rhin Calvados Cantal Cher Doubs Finistère Gard Gers Haut-Rhin Jura Loir-et-Cher Loiret Lot Lot-et-Garonne"
    " Maine-et-Loire Morbihan Nord Pas-de-Calais Puy-de-Dôme Rhône Tarn Tarn-et-Garonne Val-de-Marne Val-d'Oise Var"
    " Vaucluse".split()
) | {"Territoire de Belfort", "Grand Est", "Centre-Val de Loire"}
PLURIELS = frozenset(
    "Alpes-de-Haute-Provence Alpes-Maritimes Ardennes Bouches-du-Rhône Côtes-d'Armor Deux-Sèvres Hautes-Alpes"
    " Hautes-Pyrénées Hauts-de-Seine Landes Pyrénées-Atlantiques Pyrénées-Orientales Vosges Yvelines"
    " Hauts-de-France".split()
) | {"Pays de la Loire", "Terres australes et antarctiques françaises"}
SANS_ARTICLE = frozenset(
    "Paris Mayotte Saint-Pierre-et-Miquelon Saint-Barthélemy Saint-Martin Auvergne-Rhône-Alpes".split()
) | {"La Réunion", "Provence-Alpes-Côte d'Azur", "Wallis et Futuna"}
ILES = frozenset("Mayotte Saint-Pierre-et-Miquelon Saint-Barthélemy Saint-Martin".split()) | {"La Réunion"}
CONTRACTES = {"Le": "au", "Les": "aux"}
# Names of groupings that begin with what they are; the others (« Nantes Métropole ») are names of their own.
SORTES = {
    "PETR": "le ", "Pays": "le ", "Pôle": "le ", "CC": "la ", "CA": "la ", "CU": "la ", "Métropole": "la ",
    "Eurométropole": "l’",
}  # fmt: skip


def avec_article(territoire: Territoire) -> str:
    """Return the name of a territory as it stands in a sentence, after « sur » or « pour »."""
    nom = territoire.nom.replace("’", "'")
    match territoire.nature:
        case Territoire.Nature.DEPARTEMENT | Territoire.Nature.REGION:
            return f"{_article(nom)}{territoire.nom}"
        case Territoire.Nature.QPV:
            return f"le quartier {territoire.nom.removeprefix('Quartier ')}"
        case Territoire.Nature.EPCI | Territoire.Nature.PERIMETRE:
            sorte = nom.partition(" ")[0]
            if sorte in SORTES:
                return f"{SORTES[sorte]}{territoire.nom}"
            if territoire.sous_nature == Territoire.SousNature.EPT:
                return f"l’EPT {territoire.nom}"
            est_un_projet = territoire.nature == Territoire.Nature.PERIMETRE
            return f"le territoire {territoire.nom}" if est_un_projet else territoire.nom
    return territoire.nom


def la_ou(territoire: Territoire) -> str:
    """Return where one is: « à Rouen », « au Havre », « en Seine-Maritime », « dans l’Eure », « dans la CC de… »."""
    nom, nature = territoire.nom.replace("’", "'"), territoire.nature
    if nature == Territoire.Nature.COMMUNE:
        article, _, reste = territoire.nom.partition(" ")
        return f"{CONTRACTES[article]} {reste}" if article in CONTRACTES else f"à {territoire.nom}"
    est_feminin = nom not in MASCULINS | PLURIELS
    if nature == Territoire.Nature.REGION and est_feminin and nom not in ILES:
        return f"en {territoire.nom}"
    # « En Seine-Maritime », « en Ille-et-Vilaine », but « dans la Somme ».
    if nature == Territoire.Nature.DEPARTEMENT and est_feminin and "-" in nom and nom not in ILES:
        return f"en {territoire.nom}"
    dit = avec_article(territoire)
    return f"à {dit}" if dit == territoire.nom else f"dans {dit}"


def _article(nom: str) -> str:
    if nom in SANS_ARTICLE:
        return ""
    if nom in PLURIELS:
        return "les "
    if nom[0] in VOYELLES and not nom.startswith("Haut"):
        return "l’"
    return "le " if nom in MASCULINS else "la "
