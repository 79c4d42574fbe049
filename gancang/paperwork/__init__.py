"""What a pharmacy prints, and what it keys in after a day on paper."""
