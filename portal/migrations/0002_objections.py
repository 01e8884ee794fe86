"""Whoever has objected to the purpose of a look, and was upheld, is named in no look."""

from django.db import migrations

from portal import guarantees


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_role")]

    operations = [migrations.RunSQL(guarantees.PEOPLE, migrations.RunSQL.noop)]
