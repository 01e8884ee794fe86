"""Requests about the registers of a whole house, with the hindered people in a table of their own."""
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from disclosures import guarantees


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0002_guarantees'),
        ('disclosures', '0005_breaches'),
    ]

    operations = [
        migrations.CreateModel(
            name='RequestedPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_key', models.BigIntegerField(verbose_name='person')),
                ('hindrances', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), size=None, verbose_name='hindrances')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='time')),
            ],
            options={
                'verbose_name': 'person of a request',
                'verbose_name_plural': 'persons of requests',
                'default_permissions': (),
            },
        ),
        migrations.AlterModelOptions(
            name='disclosure',
            options={'default_permissions': (), 'ordering': ['-id'], 'permissions': [('view_disclosures', 'May read the log of disclosures'), ('disclose', 'May disclose personal data'), ('return_registers', 'May return the registers of a housing company'), ('verify_disclosures', 'May verify the log of disclosures')], 'verbose_name': 'disclosure', 'verbose_name_plural': 'disclosures'},
        ),
        migrations.AlterField(
            model_name='disclosure',
            name='kind',
            field=models.CharField(choices=[('board', 'board member'), ('maintenance', 'maintenance firm'), ('collection', 'collection agency'), ('anyone', 'anyone who asks for the share register'), ('entitled', 'shareholder or somebody with a proven right'), ('residents', 'the residents of the house (name board)'), ('authority', 'authority'), ('subject', 'the person concerned'), ('controller', 'the controller itself, for its accountability'), ('successor', 'next manager, or the housing company itself')], max_length=12, verbose_name="recipient's class"),
        ),
        migrations.AlterField(
            model_name='disclosurerequest',
            name='kind',
            field=models.CharField(choices=[('board', 'board member'), ('maintenance', 'maintenance firm'), ('collection', 'collection agency'), ('anyone', 'anyone who asks for the share register'), ('entitled', 'shareholder or somebody with a proven right'), ('residents', 'the residents of the house (name board)'), ('authority', 'authority'), ('subject', 'the person concerned'), ('controller', 'the controller itself, for its accountability'), ('successor', 'next manager, or the housing company itself')], max_length=12, verbose_name="recipient's class"),
        ),
        migrations.AlterField(
            model_name='disclosurerequest',
            name='person_key',
            field=models.BigIntegerField(null=True, verbose_name='person'),
        ),
        migrations.AddConstraint(
            model_name='disclosurerequest',
            constraint=models.CheckConstraint(condition=models.Q(('person_key__isnull', False), models.Q(('company_key__isnull', False), ('kind', 'successor')), _connector='XOR'), name='request_is_about_a_person_or_a_house'),
        ),
        migrations.AddField(
            model_name='requestedperson',
            name='request',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='disclosures.disclosurerequest'),
        ),
        migrations.AddIndex(
            model_name='requestedperson',
            index=models.Index(fields=['person_key'], name='requested_person'),
        ),
        migrations.AddConstraint(
            model_name='requestedperson',
            constraint=models.UniqueConstraint(fields=('request', 'person_key'), name='a_person_once_per_request'),
        ),
        migrations.RunSQL(guarantees.REQUESTED, guarantees.DROP_REQUESTED),
        migrations.RunSQL(guarantees.APPROVED_OF_A_HOUSE, guarantees.APPROVED_OF_ONE),
        migrations.RunSQL(guarantees.PRUNING_TOO, guarantees.PRUNING_BEFORE),
    ]
