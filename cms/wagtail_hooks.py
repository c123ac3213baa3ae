"""What Wagtail calls: each line names one function of `cms.hooks`."""

from wagtail import hooks

from cms.hooks import access, assets, checker, deletion, documents, editor, home, impact, menus, portable

hooks.register("before_delete_page", deletion.before_delete_page)
hooks.register("before_bulk_action", deletion.before_bulk_action)
hooks.register("before_serve_document", documents.before_serve_document)
hooks.register("construct_main_menu", menus.construct_main_menu)
hooks.register("construct_page_chooser_queryset", access.explorable)
hooks.register("construct_page_action_menu", menus.construct_page_action_menu)
hooks.register("construct_wagtail_userbar", checker.construct_wagtail_userbar)
hooks.register("insert_global_admin_css", assets.editor_css)
hooks.register("insert_editor_js", assets.editor_js)
hooks.register("register_admin_viewset", editor.page_viewsets)
hooks.register("construct_homepage_panels", home.construct_homepage_panels)
hooks.register("register_admin_urls", portable.register_admin_urls)
hooks.register("register_page_header_buttons", portable.buttons)
hooks.register("register_page_header_buttons", impact.buttons)
hooks.register("register_page_listing_more_buttons", impact.buttons)
hooks.register("register_page_listing_more_buttons", portable.buttons)
hooks.register("after_copy_page", portable.after_copy_page)
