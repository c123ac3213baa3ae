"""What Wagtail calls: each line names one function of `cms.hooks`."""

from wagtail import hooks

from cms.hooks import access, deletion, documents, menus

hooks.register("before_delete_page", deletion.before_delete_page)
hooks.register("before_bulk_action", deletion.before_bulk_action)
hooks.register("before_serve_document", documents.before_serve_document)
hooks.register("construct_main_menu", menus.construct_main_menu)
hooks.register("construct_page_chooser_queryset", access.explorable)
