"""« Que pensez-vous de ce module ? » : the learner’s opinion, once while it goes on and once when it is done."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from courses.api import (
    AlreadyAnsweredError,
    Questionnaire,
    Role,
    answer_survey,
    has_answered,
    moment_of,
    signed_in,
    surveys,
)
from courses.models import Enrolment, ModuleProgress
from courses.shared import clock
from courses.shared.policy import policy

from .views import path_url

COMMENT_LENGTH = 2_000


class SurveyForm(forms.Form):
    """One mark for each question, and a free comment."""

    def __init__(self, questionnaire: Questionnaire, *given: Any) -> None:
        super().__init__(*given)
        scale = [(str(mark), f"{mark}, {word}") for mark, word in enumerate(surveys().scale, 1)]
        for question in questionnaire.questions:
            self.fields[question.code] = forms.ChoiceField(
                label=question.text,
                choices=scale,
                widget=forms.RadioSelect,
                error_messages={
                    "required": "Choisissez une note de 1 à 5.",
                    "invalid_choice": "Choisissez une note de 1 à 5.",
                },
            )
        self.fields["comment"] = forms.CharField(
            label=questionnaire.comment,
            required=False,
            max_length=COMMENT_LENGTH,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text="Votre commentaire sera lu tel quel\u00a0: n’écrivez rien qui vous désigne ou désigne quelqu’un.",
        )
        self.codes = [question.code for question in questionnaire.questions]

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[code] for code in self.codes]

    @property
    def marks(self) -> dict[str, int]:
        return {code: int(self.cleaned_data[code]) for code in self.codes}


@policy("cms.survey", roles=[Role.ADVISER])
def survey(request: HttpRequest, registration: UUID, module: UUID) -> HttpResponse:
    """The form, or why there is none; then thanks.

    No key is kept of this form: it would tie a hash of the answer to the account. The participation, once for each
    module and moment, makes the second sending of a form harmless.
    """
    user = signed_in(request)
    own = Enrolment.objects.visible_to(user).known().filter(adviser__user=user)
    enrolment = get_object_or_404(own.select_related("adviser", "path"), registration=registration)
    progress = ModuleProgress.objects.filter(enrolment=enrolment, module__public_id=module)
    followed = progress.select_related("module").first()
    if followed is None:
        raise Http404
    moment = moment_of(followed)
    answered = moment is not None and has_answered(enrolment.adviser, followed.module, moment)
    form = SurveyForm(surveys().current, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and moment is None:
        status = 409
    elif request.method == "POST" and not answered:
        if form.is_valid():
            return _take(request, enrolment, followed, moment, form)
        status = 422
    context = {
        "enrolment": enrolment,
        "module": followed.module,
        "moment": moment,
        "answered": answered,
        "form": form,
        "scale": surveys().scale,
        "threshold": surveys().threshold,
        "path_url": path_url(enrolment),
        "breadcrumb": [(enrolment.path.title, path_url(enrolment)), ("Mon avis", "")],
    }
    return render(request, "cms/player/survey.html", context, status=status)


def _take(
    request: HttpRequest, enrolment: Enrolment, followed: ModuleProgress, moment: Any, form: SurveyForm
) -> HttpResponse:
    try:
        answer_survey(
            adviser=enrolment.adviser,
            module=followed.module,
            moment=moment,
            marks=form.marks,
            comment=form.cleaned_data["comment"],
            at=clock.now(),
        )
    except AlreadyAnsweredError as error:
        messages.info(request, error.message)
    return redirect("survey", enrolment.registration, followed.module.public_id)


# Acts once by its own table: see above.
survey.idempotent = True
