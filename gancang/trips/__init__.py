"""Orders of one house that go in one trip: one rider, one door, one price."""
