"""Answers to what happens elsewhere: files follow the entry they were put up for."""

from allmende.duplicates.actions import follows_merges
from allmende.files.models import Attachment

follows_merges(Attachment)
