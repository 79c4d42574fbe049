"""Every key of a region pack, declared once: what it is, whether it must be there, what it means.

`region_packs/README.md` documents the same keys; a test compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.regions.pack_facts import FACT
from gancang.regions.pack_measuring import SUCCESS
from gancang.regions.pack_menus import DISH, ORDER
from gancang.regions.pack_money import (
    ACCOUNT_CODE,
    BANK_ACCOUNT,
    BANK_FILE,
    GOODS,
    MONEY,
    YEAR_END,
)
from gancang.regions.pack_papers import PAPER, POSITIONS
from gancang.regions.pack_programmes import (
    AGREEMENT,
    AMOUNT,
    CLAUSE,
    FALLBACK,
    FUNDER,
    MEAL,
    PROGRAMME,
)
from gancang.regions.pack_shops import SHOP_PAPER, SHOPS
from gancang.regions.pack_tariffs import COMMISSION, COMMISSION_CAP, LEGAL_BAND, TARIFF
from gancang.regions.pack_values import (
    CLOCK,
    CODE,
    PHONE,
    Key,
    bounds,
    clocks,
    day,
    levels,
    number,
    one_of,
    roles,
    shares,
    text,
    texts,
    weekdays,
    whole,
    yes_or_no,
)
from gancang.regions.pack_vouchers import VOUCHER
from gancang.regions.pack_watching import RECHECK, ROTATION
from gancang.regions.pack_writing import WRITING

if TYPE_CHECKING:
    from collections.abc import Mapping

REGION = {
    "code": Key(text(20, r"\d\d\.\d\d", "99.01"), "official code of the regency (Kemendagri)"),
    "slug": Key(CODE, "short name for commands and addresses; the folder is named like it"),
    "name": Key(text(120), "name as people write it"),
    "province": Key(text(120), "province"),
    "timezone": Key(one_of("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"), "IANA time zone"),
    "languages": Key(texts, "languages that people speak, the commonest first"),
    "phone": Key(PHONE, "number that helps everybody, shown on every page"),
    "emergency_phone": Key(PHONE, "number for emergencies"),
    "bounds": Key(
        bounds,
        "box in which every point of the pack must lie: west, south, east, north in degrees",
    ),
    "source": Key(text(300), "where these figures come from"),
}
TRAVEL = {
    "speed_kmh": Key(number(5, 80), "mean motorcycle speed on the road, stops at lights included"),
    "start_s": Key(whole(0, 1800), "seconds to get going and to arrive, once a trip"),
    "detour": Key(number(1, 4), "road metres per straight metre in the lowland"),
    "mountain_detour": Key(number(1, 4), "road metres per straight metre in mountain districts"),
    "mountain_districts": Key(texts, "codes of the districts where mountain_detour holds"),
    "source": Key(text(300), "where these figures come from"),
}
ACCESS = {
    "second_factor_roles": Key(roles, "roles that come in only with a second factor"),
    "grace_days": Key(whole(0, 90), "days in which a new member may still do without"),
    "decree": Key(text(200), "rule that set it, or who decided"),
}
FUND = {
    "code": Key(CODE, "name by which programmes and budgets use it"),
    "name": Key(text(120), "name as the treasurer writes it"),
    "owner": Key(text(120), "whose money it is"),
}
BUDGET = {
    "fund": Key(CODE, "code of the fund"),
    "programme": Key(CODE, "code of the programme that may use it"),
    "year": Key(whole(2000, 2100), "budget year"),
    "amount_rp": Key(whole(1), "granted for the year, in whole rupiah"),
    "decree": Key(text(200), "decree or letter that granted it"),
}
POLICY = {
    "name": Key(CODE, "name by which programmes and pages call it; may stand again, dated later"),
    "title": Key(text(120), "name as the operator reads it"),
    "from": Key(day, "first day on which it holds"),
    "until": Key(day, "last day; left out: open end", needed=False),
    "levels": Key(levels, "what a good plan is: terms in strict order, weighed within a level"),
    "iterations": Key(whole(0, 10**6), "rounds of improvement of one plan, at most"),
    "no_gain": Key(whole(1, 10**6), "it stops after so many rounds without a better plan"),
    "think_s_max": Key(number(0.05, 30), "it stops after so many seconds"),
    "shares": Key(
        shares, "published shares of fleets: fleet, least_percent, most_percent", needed=False
    ),
    "share_days": Key(
        whole(1, 31), "days over which shares are counted; left out: 7", needed=False
    ),
    "commit_minutes": Key(
        whole(0, 240),
        "an offer is made at most so many minutes before its rider leaves; left out: at once",
        needed=False,
    ),
    "decree": Key(text(200), "rule that set it, or who chose it and why"),
}
DESK = {
    "finished_minutes": Key(whole(1, 600), "minutes in which finished medicine is to be ready"),
    "compounded_minutes": Key(whole(1, 600), "minutes in which mixed medicine is to be ready"),
    "second_person": Key(
        yes_or_no, "where two pharmacists are at work, the final check is the other one's"
    ),
    "pause_seconds": Key(
        whole(0, 3600), "after so many seconds one may check oneself what one has prepared"
    ),
    "source": Key(text(300), "where these rules can be read"),
}
MEDICINE_CLASS = {
    "code": Key(CODE, "name of the class; may stand again, dated later"),
    "title": Key(text(120), "name as clerks and pharmacists read it"),
    "from": Key(day, "first day on which it holds"),
    "until": Key(day, "last day on which it holds; left out: until the next one", needed=False),
    "travels": Key(
        one_of("yes", "no", "never"),
        "`no`: fetched at the counter, unless the responsible pharmacist overrules it; "
        "`never`: overruled by nobody",
    ),
    "urgent": Key(
        yes_or_no, "needed at once: no delivery is offered; left out: false", needed=False
    ),
    "cold_minutes": Key(
        whole(5, 1440), "minutes outside the cold at most; left out: no cold chain", needed=False
    ),
    "training_class": Key(CODE, "further training that a rider needs", needed=False),
    "names": Key(texts, "words of a medicine's name that put it into the class"),
    "except_names": Key(texts, "words that keep it out all the same", needed=False),
    "rule": Key(text(200), "decree and article; every refusal names it"),
    "source": Key(text(300), "where the rule can be read"),
}
PHARMACY = {
    "organisation": Key(CODE, "code of the hospital; one that has no row is always open"),
    "weekdays": Key(weekdays, "days on which it is open from `opens` to `closes`"),
    "opens": Key(CLOCK, "when it opens"),
    "closes": Key(CLOCK, "when it closes"),
    "cut_off": Key(CLOCK, "prescriptions that come later are made ready on its next open day"),
    "holidays": Key(yes_or_no, "true: open on days off too; left out: closed then", needed=False),
}
WAY_KINDS = ("direct", "round", "relay", "post", "visit")
WAY = {
    "code": Key(CODE, "name of the way"),
    "kind": Key(one_of(*WAY_KINDS), "direct ride, round, relay to a counter, post, staff visit"),
    "title": Key(text(120), "name as people read it"),
    "from_organisations": Key(
        texts, "codes of the hospitals it starts from; left out: any", needed=False
    ),
    "areas": Key(
        texts, "codes of the districts and villages it serves; left out: all", needed=False
    ),
    "programmes": Key(
        texts, "codes of the programmes that may use it; left out: any", needed=False
    ),
    "carriers": Key(texts, "codes of the fleets that go; left out: the programme's", needed=False),
    "counters": Key(
        texts, "relay: codes of the counters; left out: the nearest puskesmas", needed=False
    ),
    "up_to_m": Key(whole(1, 10**6), "metres by road at most; left out: any", needed=False),
    "weekdays": Key(weekdays, "days on which it goes; left out: all", needed=False),
    "holidays": Key(yes_or_no, "true: it goes on days off too; left out: not then", needed=False),
    "departs": Key(
        clocks, "times of departure (all kinds but direct, which goes at once)", needed=False
    ),
    "cut_off_minutes": Key(
        whole(0, 1440), "placed so long before the departure at least; left out: 0", needed=False
    ),
    "minutes": Key(
        whole(10, 1440),
        "from the departure to its last door; direct, left out: what the programme promises",
        needed=False,
    ),
    "days": Key(whole(1, 30), "post: working days under way", needed=False),
    "price_rp": Key(
        whole(0, 10**7), "flat price of one order; left out: the tariff by distance", needed=False
    ),
    "stops": Key(whole(1, 100), "round, relay: orders that usually share its price", needed=False),
    "stop_rp": Key(
        whole(0, 10**6), "round, relay: paid for each door after the first", needed=False
    ),
    "decree": Key(text(200), "rule that set it, or who agreed to it"),
}
LETTERS = {
    "quiet_from": Key(CLOCK, "from then on only urgent letters leave; the rest waits for morning"),
    "quiet_until": Key(CLOCK, "until then; the same time twice: never quiet"),
    "urgent": Key(
        texts, "kinds of letters that leave at night too, see `kind` below", needed=False
    ),
}
GREETING = {
    "language": Key(text(20), "one of the region's `languages`"),
    "text": Key(text(30), "what stands before a letter in it, where that costs no further message"),
    "source": Key(text(200), "who speaks it and checked the words"),
}
# What letters there are, and what a text of a region's own may name in braces.
LETTER_KINDS = {
    "order.placed": ("hospital", "code", "link"),
    "order.placed_to_pay": ("hospital", "price", "code", "link"),
    "order.placed_visit": ("hospital", "code", "link"),
    "order.confirm": ("hospital", "address", "link"),
    "order.collected": ("rider", "link"),
    "order.delivered": ("phone",),
    "order.failed": ("phone",),
    "order.cancelled": ("hospital", "phone"),
}
LETTER = {
    "kind": Key(one_of(*LETTER_KINDS), f"one of {', '.join(LETTER_KINDS)}"),
    "language": Key(text(20), "one of the region's `languages`"),
    "text": Key(
        text(300),
        "the words; in braces: "
        + "; ".join(f"{kind}: {', '.join(names)}" for kind, names in LETTER_KINDS.items()),
    ),
}
DISTRICTS = {
    "code": Key(text(20, r"\d\d\.\d\d\.\d\d", "99.01.01"), "official code"),
    "name": Key(text(120), "name of the kecamatan"),
    "population": Key(text(9, r"\d+", "52210"), "people", needed=False),
    "population_note": Key(text(200), "source, and whether it is an estimate", needed=False),
    "neighbours": Key(
        text(300, r"[\d.]+( [\d.]+)*", "99.01.01 99.01.02"),
        "codes of the districts that a road leads into without passing through a third",
        needed=False,
    ),
}
VILLAGES = {
    "code": Key(text(20, r"\d\d\.\d\d\.\d\d\.\d{4}", "99.01.01.2001"), "official code"),
    "name": Key(text(120), "name"),
    "kind": Key(one_of("desa", "kelurahan"), "desa or kelurahan"),
    "postcode": Key(text(5, r"\d{5}", "68488"), "postcode", needed=False),
    "lat": Key(text(20, r"-?\d+(\.\d+)?", "-8.49471"), "latitude of a point that stands for it"),
    "lon": Key(text(20, r"-?\d+(\.\d+)?", "113.90111"), "longitude of that point"),
    "population": Key(text(9, r"\d+", "6120"), "people", needed=False),
    "population_is_estimate": Key(one_of("yes", "no"), "yes where it was not counted"),
}
ORGANISATIONS = {
    "code": Key(CODE, "name by which programmes and people use it"),
    "kind": Key(
        one_of("hospital", "puskesmas", "fleet", "office", "shop", "kitchen"), "what it does"
    ),
    "name": Key(text(120), "name on its door"),
    "address": Key(text(200), "address", needed=False),
    "village": Key(text(20, r"\d\d\.\d\d\.\d\d\.\d{4}", "99.01.16.1010"), "code of its village"),
    "lat": Key(text(20, r"-?\d+(\.\d+)?", "-8.2094"), "latitude"),
    "lon": Key(text(20, r"-?\d+(\.\d+)?", "114.36813"), "longitude"),
    "precision": Key(one_of("point", "village", "estimate"), "how exact the point is"),
    "accuracy_m": Key(text(9, r"\d+", "461"), "how far off it may be, in metres", needed=False),
    "phone": Key(PHONE, "number that patients and riders ring", needed=False),
    "source": Key(text(200), "where this comes from"),
}
HOLIDAYS = {
    "on": Key(text(10, r"\d{4}-\d\d-\d\d", "2026-08-17"), "day"),
    "name": Key(text(120), "name of the day"),
    "source": Key(text(200), "decree or list"),
}

# file -> table -> keys. A table in a file of one table has the name ""; [[x]] is a list "x".
TOML: Mapping[str, Mapping[str, Mapping[str, Key]]] = {
    "region.toml": {"region": REGION, "travel": TRAVEL},
    "access.toml": {"access": ACCESS},
    "fleet.toml": {"paper": PAPER, "positions": POSITIONS},
    "menus.toml": {"order": ORDER, "dish": DISH},
    "shops.toml": {"shops": SHOPS, "shop_paper": SHOP_PAPER},
    "tariffs.toml": {
        "tariff": TARIFF,
        "legal_band": LEGAL_BAND,
        "commission_cap": COMMISSION_CAP,
        "commission": COMMISSION,
    },
    "facts.toml": {"fact": FACT},
    "funds.toml": {"fund": FUND, "budget": BUDGET, "recheck": RECHECK, "rotation": ROTATION},
    "money.toml": {
        "money": MONEY,
        "bank_account": BANK_ACCOUNT,
        "bank_file": BANK_FILE,
        "account_code": ACCOUNT_CODE,
        "year_end": YEAR_END,
        "goods": GOODS,
    },
    "dispatch.toml": {"policy": POLICY},
    "medicines.toml": {"desk": DESK, "medicine_class": MEDICINE_CLASS},
    "reach.toml": {"pharmacy": PHARMACY, "way": WAY},
    "letters.toml": {"letters": LETTERS, "greeting": GREETING, "letter": LETTER},
    "programmes/*.toml": {
        "": PROGRAMME,
        "agreement": AGREEMENT,
        "clause": CLAUSE,
        "funder": FUNDER,
        "amount": AMOUNT,
        "meal": MEAL,
        "voucher": VOUCHER,
        "success": SUCCESS,
        "letter": WRITING,
        "fallback": FALLBACK,
    },
}
CSV: Mapping[str, Mapping[str, Key]] = {
    "districts.csv": DISTRICTS,
    "villages.csv": VILLAGES,
    "organisations.csv": ORGANISATIONS,
    "holidays.csv": HOLIDAYS,
}
LISTS = {
    "tariff",
    "legal_band",
    "commission_cap",
    "commission",
    "medicine_class",
    "fact",
    "fund",
    "budget",
    "bank_account",
    "account_code",
    "year_end",
    "goods",
    "policy",
    "paper",
    "shop_paper",
    "order",
    "dish",
    "pharmacy",
    "way",
    "greeting",
    "letter",
    "agreement",
    "clause",
    "funder",
    "amount",
    "meal",
    "voucher",
    "success",
    "fallback",
}
MAY_BE_MISSING = {
    "money.toml",
    "access.toml",
    "fleet.toml",
    "shops.toml",
    "menus.toml",
    "dispatch.toml",
    "reach.toml",
    "letters.toml",
    "facts.toml",
}
MAY_BE_EMPTY = {
    "order",
    "dish",
    "fallback",
    "shop_paper",
    "letter",
    "account_code",
    "year_end",
    "goods",
    "bank_account",
    "bank_file",
    "funder",
    "amount",
    "meal",
    "voucher",
    "success",
    "positions",
    "recheck",
    "rotation",
    "legal_band",
    "commission_cap",
    "commission",
}
COLUMNS_LEFT_OUT = {"neighbours"}
"""Columns that older packs do without."""
