"""A gateway of our own on loopback, which speaks SNAP and misbehaves as real ones do."""
