"""A card that a person holds in the hand: a code to be scanned or typed, dead once it is lost."""
