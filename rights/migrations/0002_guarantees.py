"""Logs that nothing changes, requests that go when their time has come."""

from django.db import migrations

from rights import guarantees


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_initial"), ("retention", "0007_requested_people")]

    operations = [migrations.RunSQL(guarantees.LOGS, guarantees.DROP_LOGS)]
