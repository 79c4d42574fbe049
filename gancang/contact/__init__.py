"""Speaking with patients: what others do for them, what they answer, and who rings them."""
