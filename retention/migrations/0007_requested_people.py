"""People named by a request about a house go with the request."""

from django.db import migrations

from retention import guarantees


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0006_management_end"),
        ("disclosures", "0006_house_requests"),
    ]

    operations = [migrations.RunSQL(guarantees.REQUESTED_ENDING, guarantees.REQUESTED_STAYS)]
