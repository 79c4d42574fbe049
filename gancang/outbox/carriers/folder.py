"""In development: a file a letter."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from gancang.outbox.carriers.gateway import NotSent
from gancang.outbox.models import Letter


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of letters."""

    path: Path

    def keep(self, letter: Letter, text: str) -> None:
        """Put the letter into the folder, whole or not at all. Twice is one file."""
        told = json.dumps(
            {
                "kind": letter.kind,
                "subject": letter.subject,
                "channel": letter.channel,
                "to": letter.address,
                "body": text,
                "written_at": letter.created_at.isoformat(),
            },
            ensure_ascii=False,
            indent=1,
        )
        path = self.path / f"{letter.pk:08d}-{letter.kind}.json"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".part")
            opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(opened, "w") as file:
                file.write(told)
            draft.rename(path)
        except OSError as error:
            raise NotSent(f"folder of letters: {error.strerror}") from error
