"""What `/fridge` costs in the usual way: the ORM for fifty rows and what belongs to them, the same template.

Used by `bench.fridge` alone, which starts the same server with these addresses.
"""

from datetime import UTC, datetime
from uuid import uuid4

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from contexts.fridge.application import households
from contexts.fridge.application.reading import PAGE, FridgePage, StoredItem
from contexts.fridge.domain.item_json import item_from_json
from contexts.fridge.models import Item, ItemName, Product, Recall
from contexts.fridge.web.shelf import Filters, shelf_of
from packytrace import urls


def plain_page(request: HttpRequest) -> HttpResponse:
    """The first fifty items with their products, names and recalls, the page from its template."""
    if not request.user.is_authenticated:
        raise Http404
    now = datetime.now(UTC)
    member = households.of(account_id=request.user.id, now=now)
    here = Item.objects.filter(household_id=member.household_id, status="here")
    rows = list(here.order_by(F("due_on").asc(nulls_last=True), "id")[:PAGE])
    gtins = {row.gtin for row in rows}
    products = Product.objects.in_bulk(gtins)
    names = ItemName.objects.in_bulk([row.id for row in rows])
    list(Recall.objects.filter(gtin__in=gtins, withdrawn=False))
    items = tuple(
        StoredItem(
            item=item_from_json(row.state),
            name=names[row.id].name if row.id in names else products[row.gtin].name,
            brand_name=products[row.gtin].brand_name if row.gtin in products else "",
            picture=products[row.gtin].picture or None if row.gtin in products else None,
            changed_at=row.changed_at,
            recalls=(),
        )
        for row in rows
    )
    page = FridgePage(
        items=items, first=(), wasted_share={}, recalled=(), next_cursor=None, total=here.count()
    )
    filters = Filters()
    context = {
        "shelf": shelf_of(page=page, member=member, filters=filters, now=now),
        "bar": None,
        "action": uuid4(),
        "here": filters.address(),
    }
    return render(request, "fridge/fridge.html", context)


urlpatterns = [path("plain/fridge", plain_page), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
