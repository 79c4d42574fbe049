"""People who log in, the roles they hold and where, and the tokens of machines."""
