"""Personal data at rest: sealed fields and the blind index that finds them again."""

from gancang.vault.fields import SealedField
from gancang.vault.seal import blind_index, opened, sealed

__all__ = ["SealedField", "blind_index", "opened", "sealed"]
