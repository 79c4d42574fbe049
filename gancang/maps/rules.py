"""Why an extract makes no map, and why roads cannot be closed. Pure."""

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
    NO_ROADS_LOADED = (
        "no_roads_loaded",
        N_("Roads can be closed only on a road map, and none is loaded yet (gancang load-map)."),
    )
    BEFORE_IT_BEGINS = (
        "before_it_begins",
        N_("The closure ends before it begins, or is over already."),
    )
    HOW_MANY_POINTS = (
        "how_many_points",
        N_(
            "A circle has one point, a way two, an area two opposite corners or up to 200 "
            "corners; here are {many}."
        ),
    )
    NOT_A_POINT = (
        "not_a_point",
        N_("“{typed}” is no point; type latitude and longitude, such as -8.2192, 114.3691."),
    )
    SWAPPED = (
        "swapped",
        N_("{lat}, {lon}: latitude and longitude look swapped; the latitude comes first."),
    )
    OUTSIDE = "outside", N_("{lat}, {lon} lies outside {region}.")
    NO_RADIUS = "no_radius", N_("How far around the point? Type metres, from 10 to 20000.")
    NOTHING_THERE = (
        "nothing_there",
        N_("No road of the map lies there, so nothing would be closed."),
    )


class Cause(Reason):
    """Why roads are closed."""

    VOLCANO = "volcano", N_("volcano")
    FLOOD = "flood", N_("flooded road")
    LANDSLIDE = "landslide", N_("landslide")
    BRIDGE = "bridge", N_("bridge out of use")
    WORKS = "works", N_("road works")
    EVENT = "event", N_("procession or event")
