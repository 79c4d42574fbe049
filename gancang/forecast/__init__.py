"""When budgets will be used up, who was told in time, and what would be if something changed."""
