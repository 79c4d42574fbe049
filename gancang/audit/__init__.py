"""What happened, who did it, when: append-only, chained per region."""
