"""What was ticked off the shopping list."""

from django.db import models

from contexts.fridge.models.households import Household


class ShoppingTick(models.Model):
    """An item that asks for nothing to be bought any more."""

    item_id = models.UUIDField(primary_key=True)
    household = models.ForeignKey(Household, on_delete=models.CASCADE)
    ticked_at = models.DateTimeField()

    class Meta:
        db_table = "shopping_tick"

    def __str__(self) -> str:
        return f"Ticked off: {self.item_id}"
