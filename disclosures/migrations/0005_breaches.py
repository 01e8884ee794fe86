"""Personal data breaches, and what keeps them and follow-up rows in order."""
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from disclosures import breach_guarantees


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0004_guarantees'),
        ('registers', '0002_guarantees'),
    ]

    operations = [
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='time')),
                ('user_key', models.BigIntegerField(editable=False, null=True, verbose_name='user')),
                ('user_email', models.EmailField(blank=True, editable=False, max_length=254, verbose_name="user's email")),
                ('program', models.CharField(blank=True, editable=False, max_length=60, verbose_name='program')),
                ('title', models.CharField(help_text='Write no names and no personal identity codes.', max_length=120, verbose_name='in a few words')),
                ('aware_at', models.DateTimeField(verbose_name='when the office became aware of it')),
                ('nature', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('confidentiality', 'somebody saw or got data without a right (confidentiality)'), ('integrity', 'data was changed without a right or by accident (integrity)'), ('availability', 'data was lost or out of reach (availability)')], max_length=16), size=None, verbose_name='nature of the breach')),
                ('language', models.CharField(choices=[('fi', 'Finnish'), ('sv', 'Swedish'), ('en', 'English')], default='fi', max_length=2, verbose_name='language of these texts')),
                ('what_happened', models.TextField(help_text='Write no names and no personal identity codes.', max_length=4000, verbose_name='what happened')),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('identity', 'Identity'), ('contact', 'Contact details'), ('identity_code', 'Personal identity code'), ('residence', 'Residence'), ('ownership', 'Ownership'), ('financial', 'Charges and payments'), ('communication', 'Communication'), ('feedback', 'Feedback'), ('marketing', 'Marketing'), ('access_control', 'Access control'), ('case', 'Cases'), ('account', 'User accounts'), ('usage', 'Use of the system')], max_length=20), size=None, verbose_name='categories of data')),
                ('persons', models.PositiveIntegerField(blank=True, null=True, verbose_name='number of persons, approximately')),
                ('records', models.PositiveIntegerField(blank=True, null=True, verbose_name='number of records, approximately')),
                ('consequences', models.TextField(blank=True, help_text='Write no names and no personal identity codes.', max_length=4000, verbose_name='likely consequences')),
                ('measures', models.TextField(blank=True, help_text='Write no names and no personal identity codes.', max_length=4000, verbose_name='measures taken or planned')),
                ('risk', models.CharField(choices=[('unassessed', 'not assessed yet'), ('none', 'unlikely to be a risk to persons'), ('risk', 'a risk to persons'), ('high', 'a high risk to persons')], default='unassessed', max_length=10, verbose_name='risk to the persons')),
                ('controller_told_at', models.DateTimeField(blank=True, null=True, verbose_name='the controller was told')),
                ('authority_notified_at', models.DateTimeField(blank=True, null=True, verbose_name='the authority was notified')),
                ('authority_reference', models.CharField(blank=True, max_length=100, verbose_name="the authority's reference")),
                ('authority_not_because', models.TextField(blank=True, max_length=2000, verbose_name='why the authority is not notified')),
                ('late_because', models.TextField(blank=True, max_length=2000, verbose_name='why it was notified after 72 hours')),
                ('persons_notified_at', models.DateTimeField(blank=True, null=True, verbose_name='the persons were told')),
                ('persons_how', models.CharField(blank=True, max_length=300, verbose_name='how the persons were told')),
                ('persons_not_because', models.TextField(blank=True, max_length=2000, verbose_name='why the persons are not told')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('closed_by', models.EmailField(blank=True, max_length=254, verbose_name='closed by')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='breaches', to='registers.controller', verbose_name='whose breach (controller)')),
                ('housing_company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='breaches', to='registers.housingcompany', verbose_name='housing company')),
            ],
            options={
                'verbose_name': 'personal data breach',
                'verbose_name_plural': 'personal data breaches',
                'ordering': ['-id'],
                'permissions': [('handle_breaches', 'May handle personal data breaches'), ('report_breach', 'May report personal data breaches')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='BreachDisclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('breach', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='disclosures.breach', verbose_name='breach')),
                ('disclosure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='breach_links', to='disclosures.disclosure', verbose_name='disclosure')),
            ],
            options={
                'verbose_name': 'disclosure of a breach',
                'verbose_name_plural': 'disclosures of breaches',
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='breach',
            name='disclosures',
            field=models.ManyToManyField(related_name='breaches', through='disclosures.BreachDisclosure', to='disclosures.disclosure', verbose_name='disclosures'),
        ),
        migrations.AddConstraint(
            model_name='breachdisclosure',
            constraint=models.UniqueConstraint(fields=('breach', 'disclosure'), name='a_disclosure_once_per_breach', violation_error_message='This disclosure belongs to the breach already.'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('user_email', ''), _negated=True), models.Q(('program', ''), _negated=True), _connector='OR'), name='breach_names_its_maker'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(('nature__len__gt', 0), ('categories__len__gt', 0)), name='breach_says_nature_and_categories'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('controller_told_at__isnull', True), ('controller_told_at__gte', models.F('aware_at')), _connector='OR'), models.Q(('authority_notified_at__isnull', True), ('authority_notified_at__gte', models.F('aware_at')), _connector='OR'), models.Q(('persons_notified_at__isnull', True), ('persons_notified_at__gte', models.F('aware_at')), _connector='OR'), models.Q(('closed_at__isnull', True), ('closed_at__gte', models.F('aware_at')), _connector='OR')), name='breach_steps_come_after_becoming_aware', violation_error_message='This is before the office became aware of the breach.'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(('authority_notified_at__isnull', True), ('authority_notified_at__lte', models.Func(models.F('aware_at'), output_field=models.DateTimeField(), template="%(expressions)s + interval '72 hours'")), models.Q(('late_because', ''), _negated=True), _connector='OR'), name='late_notification_says_why', violation_error_message='More than 72 hours have passed: say why the notification is late (Art. 33(1)).'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('persons_how', ''), ('persons_notified_at__isnull', True)), models.Q(('persons_notified_at__isnull', False), models.Q(('persons_how', ''), _negated=True)), _connector='OR'), name='telling_persons_says_how', violation_error_message='Say when and how the persons were told.'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by', '')), models.Q(('closed_at__isnull', False), models.Q(('closed_by', ''), _negated=True)), _connector='OR'), name='closed_breach_names_who_closed_it'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), models.Q(models.Q(('risk', 'unassessed'), _negated=True), models.Q(('consequences', ''), _negated=True), models.Q(('measures', ''), _negated=True)), _connector='OR'), name='closed_breach_is_assessed', violation_error_message='Assess the breach first: consequences, measures and risk.'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('authority_notified_at__isnull', False), models.Q(('risk', 'none'), models.Q(('authority_not_because', ''), _negated=True)), _connector='OR'), name='closed_breach_went_to_the_authority', violation_error_message='The authority must be notified, or it is said why there is no risk.'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), models.Q(('risk', 'high'), _negated=True), ('persons_notified_at__isnull', False), models.Q(('persons_not_because', ''), _negated=True), _connector='OR'), name='closed_breach_of_high_risk_went_to_persons', violation_error_message='The risk is high: tell the persons, or say why not (Art. 34(3)).'),
        ),
        migrations.RunSQL(breach_guarantees.FOLLOWING, breach_guarantees.DROP_FOLLOWING),
        migrations.RunSQL(breach_guarantees.CLOSED, breach_guarantees.DROP_CLOSED),
        migrations.RunSQL(breach_guarantees.TIMES, breach_guarantees.DROP_TIMES),
    ]
