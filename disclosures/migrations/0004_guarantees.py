"""Two approvals, changes seen for notices, and pruning behind a signed checkpoint."""

from django.db import migrations

from disclosures import guarantees


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0003_requests_notices_checkpoints")]

    operations = [
        migrations.RunSQL(guarantees.APPEND_ONLY_TOO, guarantees.DROP_APPEND_ONLY_TOO),
        migrations.RunSQL(guarantees.APPROVED_BY_TWO, guarantees.DROP_APPROVED_BY_TWO),
        migrations.RunSQL(guarantees.LATE_ONCE, migrations.RunSQL.noop),
        migrations.RunSQL(guarantees.CHANGES_SEEN, guarantees.DROP_CHANGES_SEEN),
        migrations.RunSQL(guarantees.PRUNING, guarantees.DROP_PRUNING),
        migrations.RunSQL(guarantees.UNLESS_PRUNED, guarantees.NEVER),
    ]
