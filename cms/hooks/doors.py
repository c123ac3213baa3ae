"""Every address of the editor, and what it may name: an address that is not here does not open to organisations."""

from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What an argument names."""

    PAGE = "page"
    IMAGE = "image"
    DOCUMENT = "document"
    REVISION = "revision"
    TASK_STATE = "task state"
    WORKFLOW_STATE = "workflow state"
    TASK = "task"
    UPLOAD = "upload"
    COLLECTION = "collection"
    # Read by the view itself, which keeps to the person’s own.
    SAFE = "safe"


@dataclass(frozen=True)
class Door:
    """The arguments of an address, those of its path first, then those of its query or form."""

    path: dict[str, Kind] = field(default_factory=dict)
    asked: dict[str, Kind] = field(default_factory=dict)


PAGE, IMAGE, DOCUMENT = Kind.PAGE, Kind.IMAGE, Kind.DOCUMENT
_PAGE_ID = {"page_id": PAGE}
_PARENT = {"parent_page_id": PAGE}
_MOVED = {"page_to_move_id": PAGE}
_TYPE = {"content_type_app_name": Kind.SAFE, "content_type_model_name": Kind.SAFE}
_TASK_STATE = {**_PAGE_ID, "action_name": Kind.SAFE, "task_state_id": Kind.TASK_STATE}
_COMPARED = {"pk": PAGE, "revision_id_a": Kind.REVISION, "revision_id_b": Kind.REVISION}
_CHOSEN = {"target_pages[]": PAGE, "target_pages": PAGE, "parent_page_id": PAGE}
_LISTED = {"id": PAGE}
_FILTERED = {"collection_id": Kind.COLLECTION}
_TREES = ("child_of", "descendant_of", "ancestor_of", "translation_of", "destination_page_id")
_TREE = dict.fromkeys(_TREES, PAGE)


def _pages() -> dict[str, Door]:
    plain = (
        "usage", "edit", "preview_on_edit", "view_draft", "delete", "unpublish", "convert_alias", "lock", "unlock",
        "revisions_index", "workflow_history", "history", "history_results", "confirm_workflow_cancellation",
    )  # fmt: skip
    doors = {name: Door(_PAGE_ID) for name in plain} | {
        "add": Door({**_TYPE, **_PARENT}),
        "preview_on_add": Door({**_TYPE, **_PARENT}),
        "add_subpage": Door(_PARENT),
        "choose_parent": Door({"app_label": Kind.SAFE, "model_name": Kind.SAFE}, {"parent_page": PAGE}),
        "search": Door(asked=_LISTED),
        "search_results": Door(asked=_LISTED),
        "move": Door(_MOVED, {"new_parent_page": PAGE}),
        "move_confirm": Door({**_MOVED, "destination_id": PAGE}),
        "set_page_position": Door(_MOVED),
        "copy": Door(_PAGE_ID, {"new_parent_page": PAGE}),
        "workflow_action": Door(_TASK_STATE),
        "collect_workflow_action_data": Door(_TASK_STATE),
        "workflow_preview": Door({**_PAGE_ID, "task_id": Kind.TASK}),
        "revisions_view": Door({**_PAGE_ID, "revision_id": Kind.REVISION}),
        "revisions_revert": Door({**_PAGE_ID, "revision_id": Kind.REVISION}),
        "revisions_unschedule": Door({**_PAGE_ID, "revision_id": Kind.REVISION}),
        "revisions_compare": Door(_COMPARED),
        "workflow_history_detail": Door({**_PAGE_ID, "workflow_state_id": Kind.WORKFLOW_STATE}),
    }
    return {f"wagtailadmin_pages:{name}": door for name, door in doors.items()}


def _images() -> dict[str, Door]:
    one = {"image_id": IMAGE}
    doors = {
        "wagtailimages:index": Door(asked=_FILTERED),
        "wagtailimages:index_results": Door(asked=_FILTERED),
        "wagtailimages:preview": Door({**one, "filter_spec": Kind.SAFE}),
        "wagtailimages:add": Door(),
        "wagtailimages:add_multiple": Door(),
        "wagtailimages:create_multiple_from_uploaded_image": Door({"uploaded_file_id": Kind.UPLOAD}),
        "wagtailimages:delete_upload_multiple": Door({"uploaded_file_id": Kind.UPLOAD}),
        "wagtailimages_chooser:choose": Door(asked=_FILTERED),
        "wagtailimages_chooser:choose_results": Door(asked=_FILTERED),
        "wagtailimages_chooser:chosen": Door({"pk": IMAGE}),
        "wagtailimages_chooser:chosen_multiple": Door(asked={"id": IMAGE}),
        "wagtailimages_chooser:create": Door(),
        "wagtailimages_chooser:select_format": Door(one),
    }
    names = ("edit", "delete", "image_usage", "edit_multiple", "delete_multiple")
    return doors | {f"wagtailimages:{name}": Door(one) for name in names}


def _documents() -> dict[str, Door]:
    doors = {
        "wagtaildocs:index": Door(asked=_FILTERED),
        "wagtaildocs:index_results": Door(asked=_FILTERED),
        "wagtaildocs:add": Door(),
        "wagtaildocs:add_multiple": Door(),
        "wagtaildocs:create_multiple_from_uploaded_document": Door({"uploaded_file_id": Kind.UPLOAD}),
        "wagtaildocs:delete_upload_multiple": Door({"uploaded_file_id": Kind.UPLOAD}),
        "wagtaildocs_chooser:choose": Door(asked=_FILTERED),
        "wagtaildocs_chooser:choose_results": Door(asked=_FILTERED),
        "wagtaildocs_chooser:chosen": Door({"pk": DOCUMENT}),
        "wagtaildocs_chooser:chosen_multiple": Door(asked={"id": DOCUMENT}),
        "wagtaildocs_chooser:create": Door(),
    }
    for name, key in (
        ("edit", "document_id"), ("delete", "document_id"), ("document_usage", "document_id"),
        ("edit_multiple", "doc_id"), ("delete_multiple", "doc_id"),
    ):  # fmt: skip
        doors[f"wagtaildocs:{name}"] = Door({key: DOCUMENT})
    return doors


# Open to authors and managers, for what is theirs. Pages of the explorer, choosers, media, and their own account.
DOORS: dict[str, Door] = {
    "wagtailadmin_home": Door(),
    "wagtailadmin_path_export": Door(_PAGE_ID),
    "wagtailadmin_path_import": Door(_PARENT),
    "wagtailadmin_explore_root": Door(),
    "wagtailadmin_explore": Door(_PARENT),
    "wagtailadmin_explore_results": Door(_PARENT),
    "wagtailadmin_choose_page": Door(asked=_CHOSEN),
    "wagtailadmin_choose_page_child": Door(_PARENT, _CHOSEN),
    "wagtailadmin_choose_page_search": Door(asked=_CHOSEN),
    "wagtailadmin_choose_page_chosen_multiple": Door(asked=_LISTED),
    "wagtailadmin_choose_page_external_link": Door(asked=_CHOSEN),
    "wagtailadmin_choose_page_email_link": Door(asked=_CHOSEN),
    "wagtailadmin_choose_page_phone_link": Door(asked=_CHOSEN),
    "wagtailadmin_choose_page_anchor_link": Door(asked=_CHOSEN),
    "wagtailadmin_api:pages:listing": Door(asked=_TREE),
    "wagtailadmin_api:pages:detail": Door({"pk": PAGE}, _TREE),
    "wagtailadmin_api:pages:find": Door(asked={**_TREE, "id": PAGE}),
    "wagtailadmin_api:pages:action": Door({"pk": PAGE, "action_name": Kind.SAFE}, _TREE),
    # What it names depends on its model: see `access`.
    "wagtail_bulk_action": Door({"app_label": Kind.SAFE, "model_name": Kind.SAFE, "action": Kind.SAFE}),
    "wagtailadmin_editing_sessions:ping": Door(
        {"app_label": Kind.SAFE, "model_name": Kind.SAFE, "object_id": Kind.SAFE, "session_id": Kind.SAFE}
    ),
    # These four read or write what belongs to the person alone.
    "wagtailadmin_editing_sessions:release": Door({"session_id": Kind.SAFE}),
    "wagtailadmin_account": Door(),
    "wagtailadmin_dismissibles": Door(),
    "wagtailadmin_logout": Door(),
    "wagtailadmin_block_preview": Door(),
    "wagtailadmin_sprite": Door(),
    "wagtailadmin_javascript_catalog": Door(),
    # Who would gain and who would lose by publishing a path.
    "path_impact": Door(_PAGE_ID),
    **_pages(),
    **_images(),
    **_documents(),
}  # fmt: skip

# Opens to nobody: an error made on purpose, and what other applications would bring.
SHUT = frozenset({"wagtailadmin_error_test", "wagtailembeds:chooser", "wagtailembeds:chooser_upload"})
