from django.conf import settings
from django.db import migrations, models

import allmende.calendars.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="CalendarKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(default=allmende.calendars.models.new_word, max_length=40, unique=True)),
                ("person", models.OneToOneField(on_delete=models.deletion.CASCADE, related_name="calendar_key", to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
