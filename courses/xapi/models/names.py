"""Actors, verbs and activities, interned: a statement's row holds numbers, its text holds the words."""

from django.db import models

from courses.people.models import Organisation


class XapiActor(models.Model):
    """An agent or group, interned by its inverse functional identifier."""

    ifi = models.CharField(max_length=500, unique=True)

    class Meta:
        verbose_name = "acteur xAPI"

    def __str__(self) -> str:
        return self.ifi


class XapiVerb(models.Model):
    """A verb, interned by its IRI."""

    iri = models.CharField(max_length=500, unique=True)

    class Meta:
        verbose_name = "verbe xAPI"

    def __str__(self) -> str:
        return self.iri


class XapiActivity(models.Model):
    """An activity, interned by its IRI, with what this site itself says that it is (JSON text)."""

    iri = models.CharField(max_length=1000, unique=True)
    definition = models.TextField(default="{}")

    class Meta:
        verbose_name = "activité xAPI"

    def __str__(self) -> str:
        return self.iri


class ActivityDefinition(models.Model):
    """What the statements of one organisation say that an activity is, merged: others never read it."""

    activity = models.ForeignKey(XapiActivity, models.PROTECT, related_name="definitions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    definition = models.TextField()

    class Meta:
        verbose_name = "définition d’activité"
        constraints = [
            models.UniqueConstraint(fields=["activity", "organisation"], name="activity_definition_unique")
        ]
