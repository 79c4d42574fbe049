"""What went wrong: each incident with what was done, who was told, and how it ended."""
