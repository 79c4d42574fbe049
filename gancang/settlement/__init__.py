"""What is owed, held, paid and proved: statements, payment batches, the bank's answers."""
