"""The ways out of the append-only logs: records whose period has ended, texts whose person has gone."""

from django.db import migrations

from retention import guarantees


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0003_records"),
        ("consent", "0002_guarantees"),
        ("disclosures", "0005_breaches"),
        ("registers", "0004_hindered_people"),
    ]

    operations = [
        migrations.RunSQL(guarantees.RECORDS_END, guarantees.DROP_RECORDS_END),
        migrations.RunSQL(guarantees.ONLY_EMPTIES, guarantees.DROP_ONLY_EMPTIES),
        migrations.RunSQL(guarantees.ENDING, guarantees.NOT_ENDING),
        migrations.RunSQL(guarantees.BREACHES, guarantees.BREACHES_BY_YEARS),
    ]
