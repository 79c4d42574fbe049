"""Complaints about what was brought or taken: decided with a reason, and the money put right."""
