"""Kitchens and shops of the people: they join, show papers, are approved, inspected, open, busy."""
