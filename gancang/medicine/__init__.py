"""Medicine to the door: prescription in, pharmacist's release, hand-over at the door."""
