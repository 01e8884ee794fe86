"""PostgreSQL's own role for the portal. The role itself stays when this is taken back: other databases may use it."""

from django.db import migrations

from portal import guarantees


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0006_person_accounts"),
        ("consent", "0002_guarantees"),
        ("disclosures", "0006_house_requests"),
    ]

    operations = [
        migrations.RunSQL(guarantees.MAKE_ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(guarantees.FUNCTIONS, guarantees.DROP_FUNCTIONS),
        migrations.RunSQL(guarantees.grants(), guarantees.no_grants()),
    ]
