"""Addresses of quizzes."""

from django.urls import path

from . import views

_QUIZ = "parcours/<uuid:registration>/questionnaire/<uuid:activity>/"

urlpatterns = [
    path(_QUIZ, views.quiz, name="quiz"),
    path(f"{_QUIZ}resultat/<uuid:attempt>/", views.quiz_result, name="quiz_result"),
]
