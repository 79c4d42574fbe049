"""Why an extract makes no map. Pure."""

from __future__ import annotations

from gancang.values import N_, Reason


class Why(Reason):
    """Refusals of this capability."""

    NO_FILE = "no_file", N_("There is no file {file}.")
    NOT_OSM = (
        "not_osm",
        N_("{file} cannot be read as an OpenStreetMap extract (.osm.pbf, .osm or .osm.gz): {said}"),
    )
    ELSEWHERE = (
        "elsewhere",
        N_(
            "{file} shows nothing of {region}, which lies between {south}, {west} and "
            "{north}, {east} (latitude, longitude). Take the extract of the right province."
        ),
    )
    NO_VILLAGE = (
        "no_village",
        N_(
            "{file} has roads near {region}, but none within {km} km of any of its villages. "
            "Take the extract of the right province."
        ),
    )
    NO_ROADS = (
        "no_roads",
        N_(
            "{file} draws a map, but holds no road near {region} for motorcycles and cars. "
            "Take the whole extract, not one of chosen things."
        ),
    )
    NOT_WRITTEN = (
        "not_written",
        N_(
            "The new map of {region} could not be written ({said}). The one in force stays. "
            "Make room on the disk and load it again."
        ),
    )
    UNDER_WAY = (
        "under_way",
        N_("Another map of {region} is being loaded just now. Wait until it is done."),
    )
    NOT_A_BOX = (
        "not_a_box",
        N_(
            "A box is west,south,east,north in degrees, such as 114.0,-8.7,114.6,-7.9; not {typed}."
        ),
    )
