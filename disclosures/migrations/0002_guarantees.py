"""Append-only, with PostgreSQL's time; persons come with their record."""

from django.db import migrations

from disclosures import guarantees


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0001_initial"), ("consent", "0002_guarantees")]

    operations = [
        migrations.RunSQL(guarantees.APPEND_ONLY, guarantees.DROP_APPEND_ONLY),
        migrations.RunSQL(guarantees.WHOLE, guarantees.DROP_WHOLE),
    ]
