"""Addresses of the fridge. Every id in one is checked against the household of whoever is signed in."""

from django.urls import URLPattern, path

from contexts.fridge.web import (
    adding,
    calendar,
    doing,
    household_api,
    household_pages,
    item_page,
    items_api,
    pages,
    transfer_api,
    transfer_pages,
)

app_name = "fridge"
urlpatterns: list[URLPattern] = [
    path("fridge", pages.fridge, name="fridge"),
    path("fridge/add", adding.add, name="add"),
    path("fridge/bulk", doing.bulk, name="bulk"),
    path("fridge/items/<uuid:item_id>", item_page.item, name="item"),
    path("fridge/items/<uuid:item_id>/<slug:verb>", doing.act, name="act"),
    path("fridge/actions/<uuid:action_id>/undo", doing.undo, name="undo"),
    path("fridge/household", household_pages.household, name="household"),
    path("fridge/household/about", household_pages.describe, name="describe"),
    path("fridge/household/me", household_pages.introduce, name="introduce"),
    path("fridge/household/invite", household_pages.invite, name="invite"),
    path("fridge/household/invitations/<uuid:invitation_id>/revoke", household_pages.revoke, name="revoke"),
    path("fridge/household/join/<str:token>", household_pages.join, name="join"),
    path("fridge/household/members/<uuid:reference>/owner", household_pages.hand_over, name="hand_over"),
    path(
        "fridge/household/members/<uuid:reference>/remove",
        household_pages.remove_member,
        name="remove_member",
    ),
    path("fridge/household/places", household_pages.add_place, name="add_place"),
    path("fridge/household/places/<uuid:place_id>/rename", household_pages.rename_place, name="rename_place"),
    path("fridge/household/places/<uuid:place_id>/remove", household_pages.remove_place, name="remove_place"),
    path("fridge/household/leave", household_pages.leave, name="leave"),
    path("fridge/household/dissolve", household_pages.dissolve, name="dissolve"),
    path("api/v1/me/households", household_api.Households.as_view(), name="households_api"),
    path("api/v1/me/households/join", household_api.Join.as_view(), name="join_api"),
    path(
        "api/v1/me/households/<uuid:household_id>",
        household_api.OneHousehold.as_view(),
        name="household_api",
    ),
    path("api/v1/me/households/<uuid:household_id>/leave", household_api.Leave.as_view(), name="leave_api"),
    path("api/v1/me/households/<uuid:household_id>/owner", household_api.Owner.as_view(), name="owner_api"),
    path(
        "api/v1/me/households/<uuid:household_id>/members/<uuid:reference>",
        household_api.OneMember.as_view(),
        name="member_api",
    ),
    path(
        "api/v1/me/households/<uuid:household_id>/invitations",
        household_api.Invitations.as_view(),
        name="invitations_api",
    ),
    path(
        "api/v1/me/households/<uuid:household_id>/invitations/<uuid:invitation_id>",
        household_api.OneInvitation.as_view(),
        name="invitation_api",
    ),
    path(
        "api/v1/me/households/<uuid:household_id>/places", household_api.Places.as_view(), name="places_api"
    ),
    path(
        "api/v1/me/households/<uuid:household_id>/places/<uuid:place_id>",
        household_api.OnePlace.as_view(),
        name="place_api",
    ),
    path("fridge/import", transfer_pages.import_page, name="import"),
    path("fridge/import/confirm", transfer_pages.import_confirm, name="import_confirm"),
    path("fridge/import/forget", transfer_pages.import_forget, name="import_forget"),
    path("fridge/import/broken.csv", transfer_pages.import_broken, name="import_broken"),
    path("fridge/export.csv", transfer_pages.export_csv, name="export_csv"),
    path("fridge/export.json", transfer_pages.export_json, name="export_json"),
    path("fridge/calendar", calendar.calendar_page, name="calendar"),
    path("fridge/calendar/revoke", calendar.calendar_revoke, name="calendar_revoke"),
    path("calendars/<str:secret>.ics", calendar.feed, name="calendar_feed"),
    path("api/v1/me/fridge/items", items_api.Items.as_view(), name="items_api"),
    path("api/v1/me/fridge/items/<uuid:item_id>", items_api.OneItem.as_view(), name="item_api"),
    path(
        "api/v1/me/fridge/items/<uuid:item_id>/history",
        items_api.ItemHistory.as_view(),
        name="item_history_api",
    ),
    path(
        "api/v1/me/fridge/items/<uuid:item_id>/<slug:verb>",
        items_api.ItemAction.as_view(),
        name="item_action_api",
    ),
    path("api/v1/me/fridge/actions", items_api.Actions.as_view(), name="actions_api"),
    path("api/v1/me/fridge/actions/<uuid:action_id>/undo", items_api.Undoing.as_view(), name="undo_api"),
    path("api/v1/me/fridge/export", transfer_api.Export.as_view(), name="export_api"),
    path("api/v1/me/fridge/import", transfer_api.Import.as_view(), name="import_api"),
    path(
        "api/v1/me/fridge/import/confirm",
        transfer_api.ImportConfirmation.as_view(),
        name="import_confirm_api",
    ),
    path("api/v1/me/fridge/import/broken", transfer_api.BrokenRows.as_view(), name="broken_rows_api"),
    path("api/v1/me/fridge/calendar", calendar.Calendar.as_view(), name="calendar_api"),
]
