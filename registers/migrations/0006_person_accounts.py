"""Accounts of people outside the office, which end with their person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registers import guarantees


class Migration(migrations.Migration):

    dependencies = [
        ('registers', '0005_portfolio'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invited_at', models.DateTimeField(verbose_name='invited at')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accounts', to='registers.person', verbose_name='person')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='person_account', to=settings.AUTH_USER_MODEL, verbose_name='user account')),
            ],
            options={
                'verbose_name': 'account of a person',
                'verbose_name_plural': 'accounts of people',
                'default_permissions': (),
            },
        ),
        migrations.RunSQL(guarantees.ACCOUNTS, guarantees.DROP_ACCOUNTS),
    ]
