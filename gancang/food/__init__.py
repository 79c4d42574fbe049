"""Food and goods that people order from a kitchen or shop, from the basket to the door."""
