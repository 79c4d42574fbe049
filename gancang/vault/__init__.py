"""Personal data at rest: sealed fields and the blind index that finds them again."""

from gancang.vault.fields import BlindIndexField, SealedField
from gancang.vault.seal import blind_index, blind_indexes, opened, sealed

__all__ = ["BlindIndexField", "SealedField", "blind_index", "blind_indexes", "opened", "sealed"]
