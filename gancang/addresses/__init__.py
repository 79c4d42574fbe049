"""Where an address lies: taking it apart, codes of places, candidates with a point and a source."""
