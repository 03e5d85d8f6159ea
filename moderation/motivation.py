"""The statement of reasons of a removal (article 17 of the Digital Services Act): facts, ground, by whom, remedies."""

CLAUSES = {
    "sources": "la charte : des faits sourcés et datés",
    "mots": "la charte : on n’emprunte pas les phrases des autres",
    "personnes": "la charte : le respect des personnes",
    "publicite": "la charte : pas de publicité, pas de règlement de comptes",
    "loi": "la loi",
}
REMEDES = (
    "Qui a contribué à cette fiche peut contester cette mesure pendant six mois, depuis la page de sa contribution : "
    "quelqu’un d’autre la réexaminera. Un organe de règlement extrajudiciaire ou le juge peuvent aussi être saisis."
)


def exposer(*, faits: str, clause: str, precision: str = "", signale: bool) -> str:
    """Return the statement, as the page of the fiche and the e-mails say it; the page adds since when."""
    fondement = CLAUSES[clause] + (f" ({precision.strip()})" if precision.strip() else "")
    origine = "à la suite d’un signalement" if signale else "de sa propre initiative"
    return "\n\n".join(
        [
            faits.strip(),
            f"Fondement : {fondement}.",
            f"Cette mesure a été prise par une personne, {origine}, sans traitement automatisé.",
            REMEDES,
        ]
    )
