"""What takes a letter out of the house. In development: a file a letter."""

import json
import os
from pathlib import Path

from gancang.outbox.models import Letter


class NotSent(Exception):
    """The carrier did not take the letter; it may do so later."""


def write_to_folder(letter: Letter, folder: Path) -> None:
    """Put the letter into `folder`, whole or not at all. The same letter twice is one file."""
    text = json.dumps(
        {
            "kind": letter.kind,
            "subject": letter.subject,
            "channel": letter.channel,
            "to": letter.address,
            "body": letter.body,
            "written_at": letter.created_at.isoformat(),
        },
        ensure_ascii=False,
        indent=1,
    )
    path = folder / f"{letter.pk:08d}-{letter.kind}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        draft.rename(path)
    except OSError as error:
        raise NotSent(f"folder of letters: {error.strerror}") from error
