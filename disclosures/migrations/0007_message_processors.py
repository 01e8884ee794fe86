"""Processors of messages and post are a class of recipients of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('disclosures', '0006_house_requests'),
    ]

    operations = [
        migrations.AlterField(
            model_name='disclosure',
            name='kind',
            field=models.CharField(choices=[('board', 'board member'), ('maintenance', 'maintenance firm'), ('collection', 'collection agency'), ('anyone', 'anyone who asks for the share register'), ('entitled', 'shareholder or somebody with a proven right'), ('residents', 'the residents of the house (name board)'), ('authority', 'authority'), ('subject', 'the person concerned'), ('controller', 'the controller itself, for its accountability'), ('successor', 'next manager, or the housing company itself'), ('messages', 'processor of messages or post')], max_length=12, verbose_name="recipient's class"),
        ),
        migrations.AlterField(
            model_name='disclosurerequest',
            name='kind',
            field=models.CharField(choices=[('board', 'board member'), ('maintenance', 'maintenance firm'), ('collection', 'collection agency'), ('anyone', 'anyone who asks for the share register'), ('entitled', 'shareholder or somebody with a proven right'), ('residents', 'the residents of the house (name board)'), ('authority', 'authority'), ('subject', 'the person concerned'), ('controller', 'the controller itself, for its accountability'), ('successor', 'next manager, or the housing company itself'), ('messages', 'processor of messages or post')], max_length=12, verbose_name="recipient's class"),
        ),
    ]
