"""What can go wrong in fridge, in its own words."""
