"""Addresses of the board and of the rider's pages."""

from django.urls import path

from gancang.dispatch import (
    closing_pages,
    map_pages,
    operator_pages,
    pages,
    people_pages,
    rider_pages,
    way_pages,
)

app_name = "dispatch"
urlpatterns = [
    path("board", pages.board, name="board"),
    path("map", map_pages.board_map, name="board_map"),
    path("map.json", map_pages.board_things, name="board_things"),
    path("orders/<str:code>/assign", pages.by_hand, name="by_hand"),
    path("orders/<str:code>/cancel", pages.cancel, name="cancel"),
    path("orders/<str:code>/remedies", operator_pages.remedies, name="remedies"),
    path("orders/<str:code>/recall", operator_pages.recall, name="recall"),
    path("orders/<str:code>/back", operator_pages.stopped_back, name="stopped_back"),
    path("incidents/<int:number>/bag", operator_pages.bag_back, name="bag_back"),
    path("incidents/<int:number>/relieve", operator_pages.relieve, name="relieve"),
    path("incidents/<int:number>/tell", operator_pages.tell_later, name="tell_later"),
    path("orders/<str:code>/way", closing_pages.way, name="way"),
    path("closures", closing_pages.closures, name="closures"),
    path("closures/<int:number>/on", closing_pages.switch_on, name="switch_on"),
    path("same-person", people_pages.same_person, name="look_alikes"),
    path("same-person/<int:number>", people_pages.judge, name="judge"),
    path("people/<int:number>/deceased", people_pages.deceased, name="deceased"),
    path("people/<int:number>/alive", people_pages.alive, name="alive"),
    path("people/<int:number>/merge/<int:other>", people_pages.merge, name="merge"),
    path(
        "people/<int:number>/merges/<int:merge_number>/undo",
        people_pages.undo_merge,
        name="undo_merge",
    ),
    path("planning", pages.planning, name="planning"),
    path("planning/shadow", pages.try_in_shadow, name="try_in_shadow"),
    path("planning/adopt", pages.adopt_shadow, name="adopt_shadow"),
    path("planning/back", pages.go_back, name="go_back"),
    path("rider", rider_pages.home, name="rider"),
    path("rider/way", way_pages.way, name="my_way"),
    path("rider/way.json", way_pages.way_things, name="my_way_things"),
    path("rider/shift/start", rider_pages.start_shift, name="start_shift"),
    path("rider/shift/go-on", rider_pages.go_on, name="go_on"),
    path("rider/shift/end", rider_pages.end_shift, name="end_shift"),
    path("rider/break", rider_pages.take_break, name="take_break"),
    path("rider/break/end", rider_pages.come_back, name="come_back"),
    path("rider/offers/<int:number>", rider_pages.answer, name="answer"),
    path("rider/orders/<str:code>", rider_pages.stop, name="stop"),
    path("rider/orders/<str:code>/give-up", rider_pages.give_up, name="give_up"),
    path("rider/orders/<str:code>/fail", rider_pages.fail, name="fail"),
]
