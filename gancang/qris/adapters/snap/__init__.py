"""SNAP, the national standard of Bank Indonesia, as any gateway that keeps to it speaks."""
