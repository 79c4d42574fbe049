"""How many letters wait, and which belong to a case."""

from gancang.outbox.models import Letter, State


def count_waiting() -> int:
    """Letters that have not left the house yet."""
    return Letter.objects.filter(state=State.WAITING).count()


def list_letters(region: str, subject: str) -> list[Letter]:
    """The letters about one subject, oldest first. Addresses and bodies stay sealed in lists."""
    rows = Letter.objects.filter(region_code=region, subject=subject).order_by("id")
    return list(rows.defer("address", "body"))
