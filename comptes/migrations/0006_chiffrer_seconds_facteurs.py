"""Encrypt the secrets of second factors already there; those who wrote them notice nothing."""

from django.db import migrations

from comptes.coffre import rechiffrer


def chiffrer(apps, schema_editor):
    rechiffrer(apps.get_model("mfa", "Authenticator").objects.all())


def dechiffrer(apps, schema_editor):
    rechiffrer(apps.get_model("mfa", "Authenticator").objects.all(), ecrire=str)


class Migration(migrations.Migration):
    dependencies = [("comptes", "0005_courriels_voulus"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(chiffrer, dechiffrer)]
