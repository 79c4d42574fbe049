"""The `gancang` command. Exit 0 done, 1 refused or found wrong, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gancang import backup
from gancang.addresses import command as outline_command
from gancang.dispatch import command as dispatch_command
from gancang.maps import command as map_command
from gancang.overview import command as book_command
from gancang.started import with_django


class Found(Exception):
    """Something is wrong and was said on one line."""


def main(argv: Sequence[str] | None = None) -> int:
    """The command's door; the answer is its exit code."""
    arguments = _parser().parse_args(argv)
    if arguments.var is not None:
        os.environ["GANCANG_VAR"] = str(Path(arguments.var).resolve())
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except Found as found:
        _complain(str(found))
        return 1
    except KeyboardInterrupt:
        return 130


def _complain(sentence: str) -> None:
    sys.stderr.write(f"gancang: {' '.join(sentence.split())}\n")


def _say(arguments: argparse.Namespace, found: object, lines: Sequence[str]) -> None:
    """Print the answer: one JSON document if asked for, else lines for people."""
    text = json.dumps(found, ensure_ascii=False) if arguments.json else "\n".join(lines)
    if text:
        sys.stdout.write(text + "\n")


@contextmanager
def _ready(arguments: argparse.Namespace, *, migrate: bool = True) -> Iterator[None]:
    """Django with its tables; refusals become one line on stderr."""
    del arguments
    with with_django(migrate=migrate):
        # These names exist only once Django is set up.
        from django.utils import translation  # noqa: PLC0415

        from gancang.values import Refused  # noqa: PLC0415
        from gancang.web.middleware import sentence_of  # noqa: PLC0415

        with translation.override("id"):
            try:
                yield
            except Refused as refusal:
                raise Found(sentence_of(refusal)) from refusal


def _serve(arguments: argparse.Namespace) -> int:
    os.environ["GANCANG_DEMO"] = "0"
    with _ready(arguments):
        from gancang.accounts.queries import has_any_admin  # noqa: PLC0415
        from gancang.accounts.setup import first_run_code  # noqa: PLC0415
        from gancang.live import serve  # noqa: PLC0415

        _collect_static()
        if not has_any_admin():
            sys.stderr.write(
                "gancang: nobody can log in yet. Open "
                f"http://{arguments.host}:{arguments.port}/masuk "
                f"and make the first admin with the code {first_run_code()}\n"
            )
        serve.run(arguments.host, arguments.port, arguments.workers)
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    os.environ["GANCANG_DEMO"] = "1"
    os.environ.setdefault("GANCANG_PUBLIC_URL", f"http://127.0.0.1:{arguments.port}")
    with _ready(arguments):
        from gancang.demo import play  # noqa: PLC0415

        _collect_static()
        play.run(
            port=arguments.port,
            pack=PACKS / arguments.pack,
            still=arguments.still,
            browser=not arguments.no_browser,
            prescriptions=arguments.prescriptions,
        )
    return 0


def _collect_static() -> None:
    from django.core.management import call_command  # noqa: PLC0415

    call_command("collectstatic", verbosity=0, interactive=False)


def _check_region(arguments: argparse.Namespace) -> int:
    from gancang.programmes.pack_holes import problems_in  # noqa: PLC0415
    from gancang.regions.pack import check_pack, read_pack  # noqa: PLC0415

    folder = Path(arguments.pack)
    problems = check_pack(folder) or list(problems_in(read_pack(folder)))
    found = [
        {"file": p.file, "line": p.line, "what": p.what, "instead": p.instead} for p in problems
    ]
    if arguments.json:
        _say(arguments, {"ok": not problems, "problems": found}, [])
    elif problems:
        sys.stderr.write("".join(f"{problem}\n" for problem in problems))
    else:
        sys.stdout.write("This pack is sound.\n")
    return 1 if problems else 0


def _load_region(arguments: argparse.Namespace) -> int:
    with _ready(arguments):
        from django.db import transaction  # noqa: PLC0415
        from django.utils import timezone  # noqa: PLC0415

        from gancang import packs  # noqa: PLC0415
        from gancang.regions.pack import BadPack  # noqa: PLC0415

        try:
            with transaction.atomic():
                said = packs.load(Path(arguments.pack), by="load-region", now=timezone.now())
        except BadPack as bad:
            raise Found(
                f"{bad.problems[0]} (run check-region for all {len(bad.problems)})"
            ) from bad
        _say(arguments, {"changed": said}, said or ["Nothing changed."])
    return 0


def _create_admin(arguments: argparse.Namespace) -> int:
    import getpass  # noqa: PLC0415

    password = os.environ.get("GANCANG_ADMIN_PASSWORD") or getpass.getpass("Password: ")
    with _ready(arguments):
        from django.utils import timezone  # noqa: PLC0415

        from gancang.accounts.actions import Newcomer, add_person  # noqa: PLC0415
        from gancang.accounts.models import Role  # noqa: PLC0415
        from gancang.regions.queries import get_region  # noqa: PLC0415

        newcomer = Newcomer(
            username=arguments.username,
            full_name=arguments.name or arguments.username,
            password=password,
            role=Role.ADMIN,
        )
        region = get_region(arguments.region)
        add_person(newcomer, region=region, by="create-admin", now=timezone.now())
        told = {"username": newcomer.username, "region": region.code}
        _say(arguments, told, [f"{newcomer.username} can log in as admin of {region.name}."])
    return 0


def _import(arguments: argparse.Namespace) -> int:
    with _ready(arguments):
        from django.utils import timezone  # noqa: PLC0415

        from gancang.medicine.importing import run_import  # noqa: PLC0415
        from gancang.regions.queries import get_region  # noqa: PLC0415

        report = run_import(
            Path(arguments.file),
            region=get_region(arguments.region),
            origin_code=arguments.origin,
            dry_run=arguments.dry_run,
            by="import-prescriptions",
            now=timezone.now(),
        )
        if report.ok or arguments.json:
            _say(arguments, report.to_json(), report.lines())
        else:
            sys.stderr.write("".join(f"{line}\n" for line in report.lines()))
    return 0 if report.ok else 1


def _dispatch(arguments: argparse.Namespace) -> int:
    with _ready(arguments):
        from django.utils import timezone  # noqa: PLC0415

        from gancang.dispatch.ticking import tick  # noqa: PLC0415
        from gancang.incidents.actions import note_late  # noqa: PLC0415
        from gancang.regions.queries import get_region  # noqa: PLC0415

        region = get_region(arguments.region)
        outcome = tick(region, now=timezone.now())
        note_late(region, now=timezone.now())
        found = {
            "considered": outcome.considered,
            "assigned": outcome.assigned,
            "unserved": [{"order": code, "reason": why} for code, why in outcome.unserved],
            "seconds": round(outcome.seconds, 3),
        }
        lines = [f"{outcome.assigned} of {outcome.considered} orders offered"]
        lines += [f"{code}: {why}" for code, why in outcome.unserved]
        _say(arguments, found, lines)
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    with _ready(arguments):
        from gancang.overview.verify import verify  # noqa: PLC0415
        from gancang.regions.queries import get_region, list_regions  # noqa: PLC0415

        copies = []
        if arguments.seals:
            from gancang.inspection.seals import read_copies  # noqa: PLC0415

            copies = read_copies(arguments.seals)
        regions = [get_region(arguments.region)] if arguments.region else list_regions()
        if copies and len(regions) > 1:
            raise Found("seals are one region's: name it with --region")
        finding = verify(regions, copies=copies)
        found = {
            "ok": not finding.problems,
            "events": finding.events,
            "entries": finding.entries,
            "problems": finding.problems,
        }
        lines = [f"{finding.events} events and {finding.entries} entries recomputed"]
        _say(arguments, found, lines)
        if finding.problems:
            raise Found(finding.problems[0])
    return 0


def _why(arguments: argparse.Namespace) -> int:
    with _ready(arguments):
        from gancang.fulfilment import queries as cases  # noqa: PLC0415
        from gancang.orders.queries import find_by_code  # noqa: PLC0415
        from gancang.overview.story import lines_of_offers, story_of  # noqa: PLC0415

        order = find_by_code(arguments.order)
        if order is None and (case := cases.find_by_code(arguments.order)):
            told = cases.story_of(case)
            _say(arguments, told, [f"{each['at'][:19]}  {each['kind']}" for each in told["events"]])
            return 0
        if order is None:
            raise Found(f"there is no order {arguments.order}")
        story = story_of(order)
        lines = [
            f"{story['order']}: {story['state']}, {story['eligibility']['sentence']}",
            *([story["price"]["rule"]] if story["price"]["rule"] else []),
            *(f"{event['at'][:19]}  {event['kind']}  {event['by']}" for event in story["events"]),
            *lines_of_offers(story),
        ]
        _say(arguments, story, lines)
    return 0


def _rotate_keys(arguments: argparse.Namespace) -> int:
    var = Path(os.environ.get("GANCANG_VAR", "var")).resolve()
    with _ready(arguments):
        from django.utils import timezone  # noqa: PLC0415

        from gancang import rotation  # noqa: PLC0415

        deed = rotation.forget_old_keys if arguments.forget_old else rotation.rotate
        told = deed(var, size=arguments.batch, tell=_complain, now=timezone.now())
        _say(arguments, told.to_json(), told.lines())
        if told.is_blocked:
            raise Found(f"{told.left} rows still need an old key; call rotate-keys first")
    return 0


def _told(
    deed: Callable[[argparse.Namespace], tuple[object, Sequence[str]]],
) -> Callable[[argparse.Namespace], int]:
    """A command that does a capability's deed with Django set up, and says what came of it."""

    def command(arguments: argparse.Namespace) -> int:
        with _ready(arguments):
            told, lines = deed(arguments)
            _say(arguments, told, lines)
        return 0

    return command


PACKS = Path(__file__).resolve().parent.parent / "region_packs"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gancang", description="Medicine to the door, and more.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[..., int], says: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=says, description=says)
        added.set_defaults(command=command)
        added.add_argument("--var", metavar="DIR", help="folder for data (default: var)")
        added.add_argument("--json", action="store_true", help="print one JSON document")
        return added

    _add_servers(add)
    _add_regions(add)
    _add_work(add)
    _add_books(add)
    backup.add_commands(add, backup.Shell(_ready, _say))
    for each in (map_command, dispatch_command, outline_command, book_command):
        each.add_command(lambda name, deed, says: add(name, _told(deed), says))
    return parser


Add = Callable[[str, Callable[..., int], str], argparse.ArgumentParser]


def _add_servers(add: Add) -> None:
    demo = add("demo", _demo, "a demonstration day, served at once")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--no-browser", action="store_true", help="do not open a browser")
    still = "nobody acts but you: no rider is at work but whom you play"
    demo.add_argument("--still", action="store_true", help=still)
    prescriptions = "how many prescriptions the day has"
    demo.add_argument("--prescriptions", type=int, default=60, help=prescriptions)
    demo.add_argument("--pack", default="banyuwangi", help="which of region_packs/ to show")
    serve = add("serve", _serve, "web, live gateway and jobs in one command")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=1)


def _add_regions(add: Add) -> None:
    load = add("load-region", _load_region, "load or update a region pack")
    load.add_argument("pack", metavar="PACK_DIR")
    check = add("check-region", _check_region, "say all that is wrong in a pack")
    check.add_argument("pack", metavar="PACK_DIR")
    rotate = add("rotate-keys", _rotate_keys, "seal everything anew with a new key")
    rotate.add_argument("--batch", type=int, default=500, help="rows in one transaction")
    rotate.add_argument("--forget-old", action="store_true", help="take the old keys away")
    admin = add("create-admin", _create_admin, "make somebody who can administer a region")
    admin.add_argument("username")
    admin.add_argument("--name", help="full name")
    admin.add_argument("--region", required=True, metavar="CODE")


def _add_work(add: Add) -> None:
    importing = add("import-prescriptions", _import, "take in a file of prescriptions")
    importing.add_argument("file", metavar="FILE.csv")
    importing.add_argument("--region", required=True, metavar="CODE")
    importing.add_argument("--origin", metavar="ORG", help="the hospital, if there are several")
    importing.add_argument("--dry-run", action="store_true", help="only say what would happen")
    dispatch = add("dispatch", _dispatch, "one planning tick")
    dispatch.add_argument("--once", action="store_true", required=True)
    dispatch.add_argument("--region", required=True, metavar="CODE")


def _add_books(add: Add) -> None:
    verify = add("verify", _verify, "recompute the audit chain and the ledger")
    verify.add_argument("--region", metavar="CODE")
    verify.add_argument(
        "--seals",
        type=Path,
        metavar="FILE.csv",
        help="copies of daily seals that were kept elsewhere",
    )
    why = add("why", _why, "the whole story of one order")
    why.add_argument("order", metavar="ORDER")


if __name__ == "__main__":
    sys.exit(main())
