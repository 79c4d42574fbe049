"""Letters to people and partners: kept with the deed that causes them, sent after it commits."""
