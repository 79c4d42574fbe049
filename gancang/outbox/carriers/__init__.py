"""What takes a letter out of the house: a gateway, or in development a folder."""
