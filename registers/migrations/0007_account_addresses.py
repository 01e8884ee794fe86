"""Accounts of people outside the office follow the register's address; residents have some, too."""

from django.db import migrations, models

from registers import guarantees


class Migration(migrations.Migration):
    dependencies = [("registers", "0006_person_accounts")]

    operations = [
        migrations.AlterField(
            model_name="personaccount",
            name="invited_at",
            field=models.DateTimeField(null=True, verbose_name="invited at"),
        ),
        migrations.AddField(
            model_name="personaccount",
            name="seen_on",
            field=models.DateField(editable=False, null=True, verbose_name="own pages last seen on"),
        ),
        migrations.RunSQL(guarantees.ACCOUNT_ADDRESSES, guarantees.DROP_ACCOUNT_ADDRESSES),
    ]
