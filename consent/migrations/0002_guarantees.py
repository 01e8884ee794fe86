"""Append-only tables, and versions that are whole when they are made."""

from django.db import migrations

from consent import guarantees


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial"), ("registers", "0002_guarantees")]

    operations = [
        migrations.RunSQL(guarantees.APPEND_ONLY, guarantees.DROP_APPEND_ONLY),
        migrations.RunSQL(guarantees.OWN_TIME, guarantees.DROP_OWN_TIME),
        migrations.RunSQL(guarantees.WHOLE_VERSIONS, guarantees.DROP_WHOLE_VERSIONS),
        migrations.RunSQL(guarantees.BASES, guarantees.DROP_BASES),
    ]
