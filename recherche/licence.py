"""Under which licence what the public reads may be taken away (page « Mentions légales »)."""

NOM = "Licence Ouverte 2.0"
ADRESSE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
