"""The end of a month, of a year, and of a budget that a document changes."""
