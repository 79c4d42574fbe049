"""What warungs and shops sell: dishes, their options, how many are left, and where to find them."""
