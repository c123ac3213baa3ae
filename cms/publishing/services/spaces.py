"""The branch of an organisation, its groups, its collection and its workflow."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.pages.models import CataloguePage, OrganisationPage
from cms.publishing.models import NationalApproval
from courses import api as courses
from courses.models import TrainingOrganisation, User
from courses.shared import clock

# Authors write and submit; managers also publish.
WRITING = ["add_page", "change_page"]
PUBLISHING = [*WRITING, "publish_page"]
# A page that has pages below it is deleted, when a draft, by the nation’s editors alone.
NATIONAL = [*PUBLISHING, "bulk_delete_page"]
MEDIA_RIGHTS = [
    "add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document",
]  # fmt: skip
NATIONAL_GROUP = "Contenus : national"
NATIONAL_TASK = "Accord de l’ANCT"


@transaction.atomic
def open_space(organisation: TrainingOrganisation, *, actor: User | None = None) -> OrganisationPage:
    """The branch of an organisation, with all that it needs: found, completed, or made once."""
    TrainingOrganisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    page = OrganisationPage.objects.filter(organisation=organisation).first()
    if page is None:
        page = _new(organisation)
        if actor is not None:
            courses.audit.record("content.space.open", actor=actor, target=page, at=clock.now())
    if page.managers_id is None:
        _give_managers(page)
    if page.workflow_id is None:
        _give_workflow(page)
    return page


@transaction.atomic
def national_group() -> Group:
    """Those who see every branch."""
    group, created = Group.objects.get_or_create(name=NATIONAL_GROUP)
    if created:
        _grant(group, Page.get_first_root_node(), Collection.get_first_root_node(), NATIONAL)
    return group


def _new(organisation: TrainingOrganisation) -> OrganisationPage:
    group = Group.objects.create(name=f"Contenus : {organisation.public_id}")
    collection = Collection.get_first_root_node().add_child(name=organisation.name[:255])
    page = OrganisationPage(
        title=organisation.name, organisation=organisation, collection=collection, group=group, live=True
    )
    CataloguePage.objects.get().add_child(instance=page)
    _grant(group, page, collection, WRITING)
    return page


def _give_managers(page: OrganisationPage) -> None:
    """Those who publish; authors no longer do."""
    page.managers = Group.objects.create(name=f"Contenus, publication : {page.organisation.public_id}")
    page.save(update_fields=["managers"])
    _grant(page.managers, page, page.collection, PUBLISHING)
    GroupPagePermission.objects.filter(
        group=page.group, page__path__startswith=page.path, permission__codename="publish_page"
    ).delete()


def _give_workflow(page: OrganisationPage) -> None:
    """« Organisme → ANCT »: its managers first, then the agency when the path is national."""
    name = page.organisation.name
    workflow = Workflow.objects.create(name=f"{name[:240]} → ANCT")
    own = GroupApprovalTask.objects.create(name=f"Accord de l’organisme ({name[:200]})")
    own.groups.add(page.managers)
    for rank, task in enumerate((own, _national_task())):
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=rank)
    WorkflowPage.objects.create(workflow=workflow, page=page.page_ptr)
    page.workflow = workflow
    page.save(update_fields=["workflow"])


def _national_task() -> NationalApproval:
    task, created = NationalApproval.objects.get_or_create(name=NATIONAL_TASK)
    if created:
        task.groups.add(national_group())
    return task


def _grant(group: Group, page: Page, collection: Collection, page_rights: list[str]) -> None:
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    for codename in page_rights:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.create(group=group, page_id=page.pk, permission=permission)
    for codename in MEDIA_RIGHTS:
        permission = Permission.objects.get(
            content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename=codename
        )
        GroupCollectionPermission.objects.create(group=group, collection=collection, permission=permission)
