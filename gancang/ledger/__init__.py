"""Public money: funds, budgets, and a double-entry book that nobody edits."""
