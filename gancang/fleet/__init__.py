"""Those who carry, of any fleet: riders, their training, their shifts, where they are."""
