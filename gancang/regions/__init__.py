"""Places: regions and what a pack tells of them."""
