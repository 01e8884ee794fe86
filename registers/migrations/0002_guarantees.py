"""What PostgreSQL holds beyond Django's constraints: same company, fractions of one, an append-only log."""

from django.db import migrations

from registers import guarantees


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]

    operations = [
        migrations.RunSQL(guarantees.SAME_COMPANY, guarantees.DROP_SAME_COMPANY),
        migrations.RunSQL(guarantees.FRACTIONS, guarantees.DROP_FRACTIONS),
        migrations.RunSQL(guarantees.APPEND_ONLY, guarantees.DROP_APPEND_ONLY),
    ]
