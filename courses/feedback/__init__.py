"""Surveys: what learners think of what they follow, anonymous to those who teach."""
