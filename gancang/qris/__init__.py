"""Bills paid by QRIS: by a gateway that tells us, or to a shop's own code."""
