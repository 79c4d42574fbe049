"""Phone numbers, in the one way in which they are kept."""

import re


def normal_phone(typed: str) -> str:
    """+62 and the rest for what people type (0812-…, 62812…, +62 812 …); "" for nothing."""
    digits = re.sub(r"[\s().-]", "", typed)
    if digits.startswith("+62"):
        return digits
    if digits.startswith("62"):
        return f"+{digits}"
    return f"+62{digits[1:]}" if digits.startswith("0") else digits


def is_phone(phone: str) -> bool:
    """Whether a normalised number can be rung: +62, then 8 to 13 digits."""
    return re.fullmatch(r"\+62[1-9][0-9]{7,12}", phone) is not None
