"""Surveys: what learners think of what they follow, anonymous to those who teach.

That an adviser answered (`SurveyParticipation`) and what was answered (`SurveyAnswer`) share nothing: no key, no
instant, no audit entry, no statement, no idempotency key (it would keep a hash of the words beside the account). What
is published is made of whole months and whole modules, five answers at least: see `rules.blocks`.

What order could tell. On SQLite the hidden `rowid` is drawn at random with each answer, so the file holds the answers
in no order. On PostgreSQL the application never reads `ctid` nor `xmin`, but they exist: whoever holds an
administrator’s account of the database, or a raw copy of it, could set the two tables side by side in the order of
writing. On both, a journal or two backups taken around one answer tell it. Such access belongs to the hosting alone.
"""
