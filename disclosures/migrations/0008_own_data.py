"""Restricted people's own data may go to themselves when they ask."""

from django.db import migrations

from disclosures import guarantees


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0007_message_processors")]

    operations = [migrations.RunSQL(guarantees.APPROVED_OR_OWN, guarantees.APPROVED_OF_A_HOUSE)]
