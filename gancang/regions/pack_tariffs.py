"""The keys of tariffs.toml: prices, what the law allows, and what fleets keep of a fare."""

from __future__ import annotations

from gancang.regions.pack_values import CLOCK, CODE, Key, day, one_of, text, tiers, whole, zones

SERVICES = ("passenger-motorcycle", "passenger-car", "parcel")
TARIFF = {
    "code": Key(CODE, "name by which programmes use it"),
    "from": Key(day, "first day on which it holds"),
    "until": Key(day, "last day on which it holds; left out: until the next one", needed=False),
    "base_rp": Key(whole(0, 10**7), "price that covers the first included_m metres"),
    "included_m": Key(whole(0, 10**6), "metres that the base price covers"),
    "per_km_rp": Key(whole(0, 10**6), "price of each further kilometre begun"),
    "steps": Key(
        tiers,
        "beyond the base, in rising order: up to so many metres the whole trip costs `rp`, or each "
        "kilometre begun of that step `per_km_rp`; beyond the last step `per_km_rp` above holds",
        needed=False,
    ),
    "zones": Key(
        zones,
        "flat prices: any trip to these districts or villages costs `rp`; a village's own price "
        "holds over its district's",
        needed=False,
    ),
    "minimum_rp": Key(whole(1, 10**7), "no trip costs less than this", needed=False),
    "ceiling_rp": Key(whole(1, 10**8), "no trip costs more than this", needed=False),
    "night_from": Key(CLOCK, "orders placed from then on pay `night_rp` more", needed=False),
    "night_until": Key(CLOCK, "until then; may be past midnight", needed=False),
    "night_rp": Key(whole(1, 10**6), "what an order placed at night pays more", needed=False),
    "service": Key(
        one_of(*SERVICES),
        "which [[legal_band]] it has to keep to; left out: none",
        needed=False,
    ),
    "outside_band": Key(
        text(200),
        "parcel: the decree by which it stands outside its legal band",
        needed=False,
    ),
    "decree": Key(text(200), "decree that set it"),
    "source": Key(text(300), "where the figures can be read"),
}
FURTHER = ("steps", "zones", "minimum_rp", "night_from", "night_until", "night_rp")
"""Keys that most tariffs do without; kept as they are written."""

LEGAL_BAND = {
    "service": Key(one_of(*SERVICES), "kind of service that the law speaks of"),
    "from": Key(day, "first day on which it holds"),
    "until": Key(day, "last day; left out: until the next one", needed=False),
    "per_km_min_rp": Key(whole(0, 10**6), "least price of a further kilometre"),
    "per_km_max_rp": Key(whole(0, 10**6), "highest price of a further kilometre"),
    "fare_min_rp": Key(whole(0, 10**7), "least fare of a trip of at most first_m metres"),
    "fare_max_rp": Key(whole(0, 10**7), "highest fare of such a trip"),
    "first_m": Key(whole(0, 10**6), "metres that the least and highest fare cover"),
    "decree": Key(text(200), "decree that set it"),
    "source": Key(text(300), "where it can be read"),
}
COMMISSION_CAP = {
    "service": Key(one_of(*SERVICES), "kind of service that the law speaks of"),
    "from": Key(day, "first day on which it holds"),
    "until": Key(day, "last day; left out: until the next one", needed=False),
    "commission_percent": Key(whole(0, 100), "most of a fare that whoever arranges rides may keep"),
    "support_percent": Key(
        whole(0, 100), "most that may go to the support of riders besides: insurance, facilities"
    ),
    "decree": Key(text(200), "decree that set it"),
    "source": Key(text(300), "where it can be read"),
}
COMMISSION = {
    "fleet": Key(CODE, "code of the fleet that keeps it"),
    "service": Key(one_of(*SERVICES), "for which kind of service"),
    "from": Key(day, "first day on which it holds"),
    "until": Key(day, "last day; left out: until the next one", needed=False),
    "commission_percent": Key(whole(0, 100), "part of a fare that the fleet keeps"),
    "support_percent": Key(
        whole(0, 100), "part that goes to the support of its riders; left out: 0", needed=False
    ),
    "decree": Key(text(200), "agreement that says so"),
}
