"""The end of a management contract: the return of the registers and the certificate."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registers', '0004_hindered_people'),
        ('disclosures', '0006_house_requests'),
        ('retention', '0005_statistics'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ManagementEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ends_on', models.DateField(verbose_name='end of the management contract')),
                ('package_key', models.BigIntegerField(blank=True, null=True, verbose_name='disclosure of the registers')),
                ('handed_over_on', models.DateField(blank=True, null=True, verbose_name='handed over on')),
                ('handed_over_how', models.CharField(blank=True, max_length=300, verbose_name='how it was handed over')),
                ('handed_over_at', models.DateTimeField(blank=True, null=True)),
                ('received_on', models.DateField(blank=True, null=True, verbose_name='receipt confirmed on')),
                ('received_as', models.CharField(blank=True, max_length=300, verbose_name='document of the receipt')),
                ('received_at', models.DateTimeField(blank=True, null=True)),
                ('nothing_wanted_because', models.CharField(blank=True, max_length=300, verbose_name='why nothing is returned')),
                ('nothing_wanted_at', models.DateTimeField(blank=True, null=True)),
                ('held', models.JSONField(blank=True, default=dict, verbose_name='what was held')),
                ('people', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None, verbose_name='people then')),
                ('certificate', models.JSONField(blank=True, default=dict, verbose_name='facts of the certificate')),
                ('certified_at', models.DateTimeField(blank=True, null=True, verbose_name='certified at')),
                ('certified_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('handed_over_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('housing_company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='management_ends', to='registers.housingcompany', verbose_name='housing company')),
                ('nothing_wanted_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('received_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'end of a management contract',
                'verbose_name_plural': 'ends of management contracts',
                'ordering': ['-ends_on', '-id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('housing_company', 'ends_on'), name='one_end_of_a_contract'), models.CheckConstraint(condition=models.Q(models.Q(('handed_over_at__isnull', True), ('handed_over_by__isnull', True), ('handed_over_how', ''), ('handed_over_on__isnull', True), ('package_key__isnull', True)), models.Q(('handed_over_at__isnull', False), ('handed_over_by__isnull', False), ('handed_over_on__isnull', False), ('package_key__isnull', False), models.Q(('handed_over_how', ''), _negated=True)), _connector='OR'), name='handing_over_has_what_when_how_who'), models.CheckConstraint(condition=models.Q(models.Q(('received_as', ''), ('received_at__isnull', True), ('received_by__isnull', True), ('received_on__isnull', True)), models.Q(('handed_over_at__isnull', False), ('received_at__isnull', False), ('received_by__isnull', False), ('received_on__isnull', False), models.Q(('received_as', ''), _negated=True)), _connector='OR'), name='receipt_follows_handing_over'), models.CheckConstraint(condition=models.Q(models.Q(('nothing_wanted_at__isnull', True), ('nothing_wanted_because', ''), ('nothing_wanted_by__isnull', True)), models.Q(('handed_over_at__isnull', True), ('nothing_wanted_at__isnull', False), ('nothing_wanted_by__isnull', False), models.Q(('nothing_wanted_because', ''), _negated=True)), _connector='OR'), name='nothing_wanted_has_who_when_why', violation_error_message='The registers have been handed over already.'), models.CheckConstraint(condition=models.Q(models.Q(('certificate', {}), ('certified_at__isnull', True), ('certified_by__isnull', True)), models.Q(('certified_at__isnull', False), ('certified_by__isnull', False), ('people', []), models.Q(('handed_over_at__isnull', False), ('nothing_wanted_at__isnull', False), _connector='OR')), _connector='OR'), name='certificate_follows_the_return')],
            },
        ),
    ]
