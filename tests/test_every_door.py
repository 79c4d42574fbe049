"""Every address, knocked at by everybody: who gets in, to whose things, and what he hears.

The table below is the promise. An address without a row fails, and so does a row without one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gancang.accounts.actions import Newcomer, add_person, make_token
from gancang.accounts.invitations import make_link
from gancang.accounts.models import OwnLink, Role, User
from gancang.cash.actions import Counted, Paid, hand_in, take_payment
from gancang.cash.models import Deposit, PassedOn, Payment, WriteOff
from gancang.contact.models import PatientMessage
from gancang.contact.receiving import say_wrong
from gancang.dispatch.models import Offer
from gancang.fleet.actions import enlist
from gancang.incidents.actions import Report, ask_to_ring, report
from gancang.incidents.models import Incident, Lateness, ShiftNote
from gancang.medicine.models import Owed
from gancang.orders.links import track_token
from gancang.orders.models import Order
from gancang.outbox.models import Letter
from gancang.reach.models import Closure
from gancang.regions.models import Organisation, Region, Village
from gancang.values import Money
from tests.cast import PACK, PASSWORD, Cast, client_of, load_pack, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.http import HttpResponse

# `stranger` has no log-in and `machine` the token of the first hospital; the others are roles.
VISITORS = [
    "stranger",
    "machine",
    "clerk",
    "pharmacist",
    "rider",
    "village_clerk",
    "operator",
    "treasurer",
    "auditor",
    "admin",
]
MEMBERS = VISITORS[2:]

# Who gets in hears `done`, a status; `log-in` is a way to /masuk. Whoever may come but not to
# this thing hears 404, as if it were not there. Everybody else hears 403; strangers are sent to
# log in, and the API tells all of them 401. ANY is GET and POST alike; a POST sends an empty form.
TABLE = """
address                    | call | done   | own                                  | of another house  | of another region
home                       | ANY  | 200    | stranger machine                     |                   |
home                       | ANY  | 302    | members                              |                   |
login                      | GET  | 200    | all                                  |                   |
login                      | POST | 400    | all                                  |                   |
log_in_code                | ANY  | log-in | all                                  |                   |
forgotten_password         | GET  | 200    | all                                  |                   |
forgotten_password         | POST | 400    | all                                  |                   |
logout                     | GET  | 405    | all                                  |                   |
logout                     | POST | 302    | all                                  |                   |
language                   | GET  | 405    | all                                  |                   |
language                   | POST | 302    | all                                  |                   |
track                      | ANY  | 200    | all                                  | all               | all
track_cancel               | GET  | 405    | all                                  | all               | all
track_cancel               | POST | 302    | all                                  | all               | all
accounts:first_run         | ANY  | log-in | all                                  |                   |
accounts:choose_membership | GET  | 405    | all                                  |                   |
accounts:choose_membership | POST | 302    | all                                  |                   |
accounts:own_password      | GET  | 200    | members                              |                   |
accounts:own_password      | POST | 400    | members                              |                   |
accounts:second_factor     | GET  | 200    | members                              |                   |
accounts:second_factor     | POST | 400    | members                              |                   |
accounts:confirm_factor    | GET  | 405    | members                              |                   |
accounts:confirm_factor    | POST | 400    | members                              |                   |
accounts:new_recovery_codes | GET | 405    | members                              |                   |
accounts:new_recovery_codes | POST | 400   | members                              |                   |
accounts:drop_factor       | GET  | 405    | members                              |                   |
accounts:drop_factor       | POST | 400    | members                              |                   |
accounts:set_password      | GET  | 200    | all                                  | all               | all
accounts:set_password      | POST | 400    | all                                  | all               | all
accounts:end_sign_in       | GET  | 405    | members                              | members           | members
accounts:end_sign_in       | POST | 302    | members                              | members           | members
accounts:sign_out_elsewhere | GET | 405    | members                              |                   |
accounts:sign_out_elsewhere | POST | 302   | members                              |                   |
accounts:people            | GET  | 200    | admin                                |                   |
accounts:people            | POST | 400    | admin                                |                   |
accounts:person            | ANY  | 200    | admin                                | admin             | none
accounts:give_role         | GET  | 405    | admin                                | admin             | admin
accounts:give_role         | POST | 400    | admin                                | admin             | none
accounts:take_role         | GET  | 405    | admin                                | admin             | admin
accounts:take_role         | POST | 302    | admin                                | admin             | none
accounts:switch_person     | GET  | 405    | admin                                | admin             | admin
accounts:switch_person     | POST | 302    | admin                                | admin             | none
accounts:new_password      | GET  | 405    | admin                                | admin             | admin
accounts:new_password      | POST | 200    | admin                                | admin             | none
accounts:sign_out_person   | GET  | 405    | admin                                | admin             | admin
accounts:sign_out_person   | POST | 302    | admin                                | admin             | none
accounts:send_link         | GET  | 405    | admin                                | admin             | admin
accounts:send_link         | POST | 200    | admin                                | admin             | none
accounts:change_phone      | GET  | 405    | admin                                | admin             | admin
accounts:change_phone      | POST | 302    | admin                                | admin             | none
accounts:take_factor       | GET  | 405    | admin                                | admin             | admin
accounts:take_factor       | POST | 400    | admin                                | admin             | none
accounts:tokens            | GET  | 200    | admin                                |                   |
accounts:tokens            | POST | 400    | admin                                |                   |
accounts:revoke_token      | GET  | 405    | admin                                | admin             | admin
accounts:revoke_token      | POST | 302    | admin                                | admin             | none
maps:ground                | GET  | 200    | all                                  | all               | all
maps:ground                | POST | 405    | all                                  | all               | all
medicine:new               | GET  | 200    | clerk pharmacist                     |                   |
medicine:new               | POST | 400    | clerk pharmacist                     |                   |
medicine:queue             | ANY  | 200    | pharmacist                           |                   |
medicine:list              | ANY  | 200    | clerk pharmacist operator admin      |                   |
medicine:detail            | ANY  | 200    | clerk pharmacist operator admin      | operator admin    | none
medicine:owed              | ANY  | 200    | clerk pharmacist                     |                   |
medicine:close_owed        | GET  | 405    | clerk pharmacist                     | clerk pharmacist  | clerk pharmacist
medicine:close_owed        | POST | 302    | clerk pharmacist                     | none              | none            
medicine:review            | GET  | 405    | pharmacist                           | pharmacist        | pharmacist
medicine:review            | POST | 400    | pharmacist                           | none              | none
medicine:prepare           | GET  | 405    | pharmacist                           | pharmacist        | pharmacist
medicine:prepare           | POST | 400    | pharmacist                           | none              | none
medicine:fetch_all         | GET  | 405    | pharmacist                           | pharmacist        | pharmacist
medicine:fetch_all         | POST | 302    | pharmacist                           | none              | none
medicine:release           | GET  | 405    | pharmacist                           | pharmacist        | pharmacist
medicine:release           | POST | 400    | pharmacist                           | none              | none
medicine:many              | ANY  | 200    | clerk pharmacist                     |                   |
medicine:join              | GET  | 405    | clerk pharmacist operator            | clerk pharmacist operator | clerk pharmacist operator
medicine:join              | POST | 409    | clerk pharmacist operator            | operator          | none
medicine:part              | GET  | 405    | clerk pharmacist operator            | clerk pharmacist operator | clerk pharmacist operator
medicine:part              | POST | 302    | clerk pharmacist operator            | operator          | none
medicine:take_back         | GET  | 405    | pharmacist                           | pharmacist        | pharmacist
medicine:take_back         | POST | 409    | pharmacist                           | none              | none
medicine:worker            | ANY  | 200    | rider                                |                   |
medicine:device_events     | GET  | 405    | rider                                |                   |
medicine:device_events     | POST | 400    | rider                                |                   |
medicine:refused_events    | ANY  | 200    | rider operator                       |                   |
medicine:at_counter        | ANY  | 200    | clerk                                |                   |
medicine:take_in           | ANY  | 404    | clerk                                | none              | none
medicine:bring_on          | ANY  | 404    | clerk                                | none              | none
medicine:send_back         | ANY  | 404    | clerk                                | none              | none
medicine:parcels           | ANY  | 200    | clerk pharmacist                     |                   |
medicine:post              | GET  | 200    | clerk pharmacist                     | none              | none
medicine:post              | POST | 400    | clerk pharmacist                     | none              | none
medicine:arrived           | GET  | 200    | clerk pharmacist                     | none              | none
medicine:arrived           | POST | 400    | clerk pharmacist                     | none              | none
medicine:post_failed       | GET  | 200    | clerk pharmacist                     | none              | none
medicine:post_failed       | POST | 400    | clerk pharmacist                     | none              | none
medicine:returns           | ANY  | 200    | pharmacist                           |                   |
medicine:dispose           | GET  | 200    | pharmacist                           | none              | none
medicine:dispose           | POST | 400    | pharmacist                           | none              | none
medicine:photo             | ANY  | 404    | pharmacist operator admin            | operator admin    | none
medicine:hand_over         | GET  | 404    | clerk                                | none              | none
medicine:hand_over         | POST | 404    | clerk                                | none              | none
medicine:hand_over         | GET  | 200    | rider                                | none              | none
medicine:hand_over         | POST | 400    | rider                                | none              | none
contact:search             | GET  | 200    | village_clerk                        |                   |
contact:search             | POST | 400    | village_clerk                        |                   |
contact:order              | ANY  | 200    | village_clerk                        | village_clerk     | none
repeats:ending             | ANY  | 200    | clerk pharmacist                     |                   |
repeats:drop               | GET  | 405    | clerk pharmacist                     | clerk pharmacist  | clerk pharmacist
repeats:drop               | POST | 409    | clerk pharmacist                     | none              | none
figures:figures            | ANY  | 200    | pharmacist operator treasurer auditor admin |            |
figures:rows               | ANY  | 200    | pharmacist operator treasurer auditor admin |            |
figures:counter            | GET  | 200    | pharmacist clerk operator treasurer auditor admin |            |
figures:counter            | POST | 400    | pharmacist clerk                     |                   |
figures:counter_csv        | ANY  | 200    | pharmacist clerk operator treasurer auditor admin |            |
figures:csv                | ANY  | 200    | pharmacist operator treasurer auditor admin |            |
figures:xlsx               | ANY  | 200    | pharmacist operator treasurer auditor admin |            |
paperwork:downtime         | ANY  | 200    | clerk pharmacist                     |                   |
paperwork:day_list         | ANY  | 200    | clerk pharmacist                     |                   |
paperwork:blank_list       | ANY  | 200    | clerk pharmacist                     |                   |
paperwork:all_labels       | ANY  | 200    | clerk pharmacist                     |                   |
paperwork:labels           | ANY  | 200    | clerk pharmacist                     | none              | none
paperwork:print_labels     | GET  | 405    | clerk pharmacist                     | clerk pharmacist  | clerk pharmacist
paperwork:print_labels     | POST | 409    | clerk pharmacist                     | none              | none
paperwork:on_paper         | GET  | 200    | clerk pharmacist                     | none              | none
paperwork:on_paper         | POST | 400    | clerk pharmacist                     | none              | none
track_confirm              | ANY  | 302    | all                                  | all               | all
track_tomorrow             | GET  | 405    | all                                  | all               | all
track_tomorrow             | POST | 302    | all                                  | all               | all
contact:search             | GET  | 200    | clerk pharmacist village_clerk operator admin |          |
contact:search             | POST | 400    | clerk pharmacist village_clerk operator admin |          |
contact:order              | ANY  | 200    | clerk pharmacist village_clerk operator admin | village_clerk operator admin | none
contact:on_behalf          | GET  | 405    | clerk pharmacist village_clerk operator admin | clerk pharmacist village_clerk operator admin | clerk pharmacist village_clerk operator admin
contact:on_behalf          | POST | 400    | clerk pharmacist village_clerk operator admin | village_clerk operator admin | none
contact:correct            | GET  | 200    | clerk pharmacist village_clerk operator admin | village_clerk operator admin | none
contact:correct            | POST | 400    | clerk pharmacist village_clerk operator admin | village_clerk operator admin | none
contact:language           | GET  | 405    | clerk pharmacist village_clerk operator admin | clerk pharmacist village_clerk operator admin | clerk pharmacist village_clerk operator admin
contact:language           | POST | 302    | clerk pharmacist village_clerk operator admin | village_clerk operator admin | none
contact:slip               | ANY  | 200    | clerk pharmacist village_clerk operator admin | village_clerk operator admin | none
contact:confirmations      | ANY  | 200    | clerk pharmacist operator admin      |                   |
contact:confirm            | GET  | 405    | clerk pharmacist operator admin      | clerk pharmacist operator admin | clerk pharmacist operator admin
contact:confirm            | POST | 302    | clerk pharmacist operator admin      | operator admin    | none
contact:letters            | ANY  | 200    | operator admin                       |                   |
contact:letter             | ANY  | 200    | operator admin                       | operator admin    | none
contact:end_letter         | GET  | 405    | operator admin                       | operator admin    | operator admin
contact:end_letter         | POST | 409    | operator admin                       | operator admin    | none
contact:messages           | ANY  | 200    | pharmacist operator admin            |                   |
contact:message            | GET  | 200    | pharmacist operator admin            | operator admin    | none
contact:message            | POST | 400    | pharmacist operator admin            | operator admin    | none
contact:sms                | GET  | 405    | all                                  |                   |
contact:sms                | POST | 403    | all                                  |                   |
contact:whatsapp           | ANY  | 403    | all                                  |                   |
dispatch:board             | ANY  | 200    | operator admin                       |                   |
dispatch:board_map         | ANY  | 200    | operator admin                       |                   |
dispatch:board_things      | ANY  | 200    | operator admin                       |                   |
dispatch:by_hand           | GET  | 200    | operator admin                       | operator admin    | none
dispatch:by_hand           | POST | 400    | operator admin                       | operator admin    | none
dispatch:cancel            | GET  | 200    | clerk pharmacist operator admin      | operator admin    | none
dispatch:cancel            | POST | 400    | clerk pharmacist operator admin      | operator admin    | none
dispatch:remedies          | GET  | 200    | operator admin                       | operator admin    | none
dispatch:remedies          | POST | 400    | operator admin                       | operator admin    | none
dispatch:recall            | GET  | 200    | pharmacist operator admin            | operator admin    | none
dispatch:recall            | POST | 400    | pharmacist operator admin            | operator admin    | none
dispatch:stopped_back      | GET  | 405    | pharmacist                           | pharmacist        | pharmacist
dispatch:stopped_back      | POST | 302    | pharmacist                           | none              | none
dispatch:bag_back          | GET  | 405    | pharmacist                           | pharmacist        | pharmacist
dispatch:bag_back          | POST | 400    | pharmacist                           | none              | none
dispatch:relieve           | GET  | 405    | operator admin                       | operator admin    | operator admin
dispatch:relieve           | POST | 302    | operator admin                       | operator admin    | none
dispatch:tell_later        | GET  | 405    | pharmacist operator admin            | pharmacist operator admin | pharmacist operator admin
dispatch:tell_later        | POST | 302    | pharmacist operator admin            | operator admin    | none
dispatch:way               | GET  | 200    | operator admin                       | operator admin    | none
dispatch:way               | POST | 400    | operator admin                       | operator admin    | none
dispatch:closures          | GET  | 200    | operator admin                       |                   |
dispatch:closures          | POST | 400    | operator admin                       |                   |
dispatch:switch_on         | GET  | 405    | operator admin                       | operator admin    | operator admin
dispatch:switch_on         | POST | 302    | operator admin                       | operator admin    | none
dispatch:planning          | ANY  | 200    | operator admin                       |                   |
dispatch:try_in_shadow     | GET  | 405    | admin                                |                   |
dispatch:try_in_shadow     | POST | 400    | admin                                |                   |
dispatch:adopt_shadow      | GET  | 405    | admin                                |                   |
dispatch:adopt_shadow      | POST | 409    | admin                                |                   |
dispatch:go_back           | GET  | 405    | admin                                |                   |
dispatch:go_back           | POST | 409    | admin                                |                   |
dispatch:rider             | ANY  | 200    | rider                                |                   |
dispatch:start_shift       | GET  | 405    | rider                                |                   |
dispatch:start_shift       | POST | 302    | rider                                |                   |
dispatch:end_shift         | GET  | 405    | rider                                |                   |
dispatch:end_shift         | POST | 409    | rider                                |                   |
dispatch:answer            | GET  | 405    | rider                                | rider             | rider
dispatch:answer            | POST | 302    | rider                                | none              | none
dispatch:stop              | GET  | 200    | rider                                | none              | none
dispatch:stop              | POST | 400    | rider                                | none              | none
dispatch:give_up           | GET  | 405    | rider                                | rider             | rider
dispatch:give_up           | POST | 302    | rider                                | none              | none
dispatch:fail              | GET  | 200    | rider                                | none              | none
dispatch:fail              | POST | 400    | rider                                | none              | none
reach:where                | ANY  | 200    | clerk pharmacist operator admin      |                   |
fleet:riders               | ANY  | 200    | operator admin                       |                   |
fleet:new_rider            | GET  | 200    | operator admin                       |                   |
fleet:new_rider            | POST | 400    | operator admin                       |                   |
fleet:rider                | ANY  | 200    | operator admin                       | operator admin    | none
fleet:change_rider         | GET  | 200    | operator admin                       | operator admin    | none
fleet:change_rider         | POST | 400    | operator admin                       | operator admin    | none
fleet:train                | GET  | 405    | operator admin                       | operator admin    | operator admin
fleet:train                | POST | 400    | operator admin                       | operator admin    | none
residents:search           | ANY  | 200    | clerk pharmacist operator admin      |                   |
residents:villages         | ANY  | 200    | clerk pharmacist operator admin      |                   |
residents:person           | ANY  | 200    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:show_numbers     | GET  | 405    | clerk pharmacist operator admin      | clerk pharmacist operator admin | clerk pharmacist operator admin
residents:show_numbers     | POST | 200    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:correct          | GET  | 200    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:correct          | POST | 400    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:add_phone        | GET  | 405    | clerk pharmacist operator admin      | clerk pharmacist operator admin | clerk pharmacist operator admin
residents:add_phone        | POST | 400    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:change_phone     | GET  | 405    | clerk pharmacist operator admin      | clerk pharmacist operator admin | clerk pharmacist operator admin
residents:change_phone     | POST | 302    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:represent        | GET  | 405    | clerk pharmacist operator admin      | clerk pharmacist operator admin | clerk pharmacist operator admin
residents:represent        | POST | 400    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:end_representative | GET | 405   | clerk pharmacist operator admin      | clerk pharmacist operator admin | clerk pharmacist operator admin
residents:end_representative | POST | 302  | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:deceased         | GET  | 200    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:deceased         | POST | 400    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:alive            | GET  | 405    | clerk pharmacist operator admin      | clerk pharmacist operator admin | clerk pharmacist operator admin
residents:alive            | POST | 302    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:merge            | GET  | 200    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:merge            | POST | 400    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:undo_merge       | GET  | 405    | clerk pharmacist operator admin      | clerk pharmacist operator admin | clerk pharmacist operator admin
residents:undo_merge       | POST | 302    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:readings         | ANY  | 200    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
medicine:visits            | ANY  | 200    | pharmacist                           |                   |
medicine:visit             | GET  | 200    | pharmacist                           | none              | none
medicine:visit             | POST | 400    | pharmacist                           | none              | none
medicine:take_on           | GET  | 405    | pharmacist                           | pharmacist        | pharmacist
medicine:take_on           | POST | 409    | pharmacist                           | none              | none
medicine:not_met           | GET  | 405    | pharmacist                           | pharmacist        | pharmacist
medicine:not_met           | POST | 400    | pharmacist                           | none              | none
cash:holders               | ANY  | 200    | clerk operator treasurer auditor admin |                 |
cash:mine                  | ANY  | 200    | rider                                |                   |
cash:holder                | ANY  | 200    | clerk operator treasurer auditor admin | clerk operator treasurer auditor admin | none
cash:hand_in               | GET  | 405    | clerk operator treasurer             | clerk operator treasurer | clerk operator treasurer
cash:hand_in               | POST | 400    | clerk operator treasurer             | clerk operator treasurer | none
cash:deposit               | ANY  | 200    | clerk rider operator treasurer auditor admin | clerk operator treasurer auditor admin | none
cash:follow_up             | GET  | 405    | clerk operator treasurer             | clerk operator treasurer | clerk operator treasurer
cash:follow_up             | POST | 302    | clerk operator treasurer             | clerk operator treasurer | none
cash:write_off             | GET  | 405    | treasurer                            | treasurer         | treasurer
cash:write_off             | POST | 302    | treasurer                            | treasurer         | none
cash:decide                | GET  | 405    | treasurer admin                      | treasurer admin   | treasurer admin
cash:decide                | POST | 302    | treasurer admin                      | treasurer admin   | none
cash:tills                 | ANY  | 200    | clerk operator treasurer auditor admin |                 |
cash:pass_on               | GET  | 405    | clerk treasurer                      |                   |
cash:pass_on               | POST | 400    | clerk treasurer                      |                   |
cash:passed_on             | ANY  | 200    | clerk operator treasurer auditor admin | operator treasurer auditor admin | none
cash:qris                  | GET  | 200    | operator treasurer                   |                   |
cash:qris                  | POST | 400    | operator treasurer                   |                   |
cash:payment               | ANY  | 200    | clerk rider operator treasurer auditor admin | operator treasurer auditor admin | none
fleet:plan                 | GET  | 200    | operator admin                       |                   |
fleet:plan                 | POST | 400    | operator admin                       |                   |
fleet:copy_week            | GET  | 405    | operator admin                       |                   |
fleet:copy_week            | POST | 302    | operator admin                       |                   |
fleet:rider_plan           | GET  | 200    | operator admin                       | operator admin    | none
fleet:rider_plan           | POST | 302    | operator admin                       | operator admin    | none
dispatch:take_break        | GET  | 405    | rider                                |                   |
dispatch:take_break        | POST | 302    | rider                                |                   |
dispatch:come_back         | GET  | 405    | rider                                |                   |
dispatch:come_back         | POST | 302    | rider                                |                   |
fleet:papers               | GET  | 200    | operator admin                       | operator admin    | none
fleet:papers               | POST | 400    | operator admin                       | operator admin    | none
fleet:endings              | ANY  | 200    | operator admin                       |                   |
fleet:endings_csv          | ANY  | 200    | operator admin                       |                   |
fleet:mine                 | ANY  | 200    | rider                                |                   |
incidents:log              | ANY  | 200    | pharmacist operator auditor admin    |                   |
incidents:new              | GET  | 200    | pharmacist operator admin            |                   |
incidents:new              | POST | 400    | pharmacist operator admin            |                   |
incidents:incident         | ANY  | 200    | pharmacist operator auditor admin    | operator auditor admin | none
incidents:note             | GET  | 405    | pharmacist operator admin            | pharmacist operator admin | pharmacist operator admin
incidents:note             | POST | 400    | pharmacist operator admin            | operator admin    | none
incidents:close            | GET  | 405    | pharmacist operator admin            | pharmacist operator admin | pharmacist operator admin
incidents:close            | POST | 400    | pharmacist operator admin            | operator admin    | none
incidents:see              | GET  | 405    | pharmacist operator admin            | pharmacist operator admin | pharmacist operator admin
incidents:see              | POST | 302    | pharmacist operator admin            | operator admin    | none
incidents:see_late         | GET  | 405    | operator admin                       | operator admin    | operator admin
incidents:see_late         | POST | 302    | operator admin                       | operator admin    | none
incidents:call_for_help    | GET  | 405    | rider                                |                   |
incidents:call_for_help    | POST | 302    | rider                                |                   |
incidents:rang             | GET  | 405    | pharmacist operator admin            | pharmacist operator admin | pharmacist operator admin
incidents:rang             | POST | 302    | pharmacist operator admin            | operator admin    | none
incidents:read             | GET  | 405    | rider                                | rider             | rider
incidents:read             | POST | 302    | rider                                | none              | none
overview:case              | ANY  | 200    | clerk pharmacist operator treasurer auditor admin | operator treasurer auditor admin | none
overview:leave             | GET  | 200    | admin                                | admin             | none
overview:leave             | POST | 400    | admin                                | admin             | none
watch:notes                | ANY  | 200    | operator auditor admin               |                   |
watch:new_note             | GET  | 200    | operator admin                       |                   |
watch:new_note             | POST | 400    | operator admin                       |                   |
watch:note                 | ANY  | 200    | operator auditor admin               | operator auditor admin | none
watch:take_over            | GET  | 405    | operator admin                       | operator admin    | operator admin
watch:take_over            | POST | 302    | operator admin                       | operator admin    | none
watch:replay               | ANY  | 200    | operator auditor admin               |                   |
watch:open_then            | ANY  | 200    | operator auditor admin               |                   |
watch:alarms               | ANY  | 200    | operator auditor admin               |                   |
watch:alarms_csv           | ANY  | 200    | operator auditor admin               |                   |
overview:book              | ANY  | 200    | treasurer auditor admin              |                   |
overview:statement         | ANY  | 200    | treasurer auditor admin              |                   |
overview:statement_csv     | ANY  | 200    | treasurer auditor admin              |                   |
overview:budgets           | ANY  | 200    | treasurer auditor admin              |                   |
overview:events            | ANY  | 200    | auditor admin                        |                   |
overview:readings          | ANY  | 200    | auditor admin                        |                   |
api:openapi-json           | ANY  | 200    | all                                  |                   |
api:openapi-view           | ANY  | 200    | all                                  |                   |
api:api-root               | GET  | 404    | all                                  |                   |
api:place_prescription     | GET  | 405    | all                                  |                   |
api:place_prescription     | POST | 422    | machine                              |                   |
api:get_prescription       | GET  | 200    | machine                              | none              | none
api:get_prescription       | POST | 405    | all                                  | all               | all
"""  # noqa: E501 - a table is read across
WHOSE = ("own", "of another house", "of another region")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what these visitors hear, by whose thing it is."""

    done: str
    let_in: dict[str, set[str]]


def read_table() -> dict[tuple[str, str], list[Row]]:
    """The rows by address and call."""
    found: dict[tuple[str, str], list[Row]] = {}
    for line in TABLE.strip().splitlines()[1:]:
        address, call, done, *who = (cell.strip() for cell in line.split("|"))
        groups = {"all": VISITORS, "members": MEMBERS, "none": []}
        let_in = {
            whose: set(groups.get(cell, cell.split()))
            for whose, cell in zip(WHOSE, who, strict=True)
            if cell
        }
        for method in ("GET", "POST") if call == "ANY" else (call,):
            found.setdefault((address, method), []).append(Row(done, let_in))
    return found


def addresses(resolver: Any = None, space: str = "") -> Iterator[tuple[str, str]]:
    """The name and the pattern of every address, through all includes."""
    for found in (resolver or get_resolver()).url_patterns:
        if isinstance(found, URLResolver):
            inner = f"{space}{found.namespace}:" if found.namespace else space
            yield from addresses(found, inner)
        else:
            assert isinstance(found, URLPattern)
            yield f"{space}{found.name}", str(found.pattern)


def test_every_address_has_its_rows_and_every_row_its_address() -> None:
    there = dict(addresses())
    rows = {address for address, _call in read_table()}
    assert rows == set(there), "a new address needs a row in TABLE; a row needs its address"
    assert not [name for name in there if not name or name.endswith(("None", ":"))]
    missing = [n for n in there for call in ("GET", "POST") if (n, call) not in read_table()]
    assert missing == ["api:api-root"], "each address says what it answers to GET and to POST"


@dataclass(frozen=True, slots=True)
class Things:
    """What addresses may name, of one house in one region."""

    order: Order
    clerk: User
    rider: User
    organisation: Organisation
    admin: User  # of the region that gave the token

    def arguments(self) -> dict[str, dict[str, object]]:
        """The things as parts of an address, by the address's name or by its parts."""
        code: dict[str, object] = {"code": self.order.code}
        username: dict[str, object] = {"username": self.clerk.username}
        membership = self.clerk.memberships.get().pk
        token, _text = make_token(
            "apotek", organisation=self.organisation, by=self.admin, now=datetime.now(UTC)
        )
        link = make_link(self.clerk, OwnLink.Kind.RESET, now=datetime.now(UTC))
        letter: dict[str, object] = {"number": letter_about(self.order).pk}
        return {
            **of_resident(self.order.resident_id),
            "code": code,
            "region": {"region": self.order.region.code},
            "username": username,
            "accounts:take_role": {**username, "number": membership},
            "accounts:revoke_token": {"number": token.pk},
            "accounts:end_sign_in": {"number": 123},  # one's own, or nothing happens
            "accounts:set_password": {"token": link.rpartition("/")[2]},
            "dispatch:answer": {"number": offer_of(self.order, self.rider).pk},
            "fleet": {"number": self.rider.rider.pk},
            "contact:letter": letter,
            "contact:end_letter": letter,
            "contact:message": {"number": message_about(self.order).pk},
            **of_cash(self.order, self.rider),
            "incidents": {"number": (incident := incident_of(self.order, self.rider)).pk},
            "watch": {"number": note_of(self.order.region).pk},
            "incidents:rang": {"number": incident.calls.get().pk},
            "incidents:see_late": {"number": lateness_of(self.order).pk},
            "dispatch:bag_back": {"number": incident.pk},
            "dispatch:relieve": {"number": incident.pk},
            "dispatch:tell_later": {"number": incident.pk},
            "dispatch:switch_on": {"number": closure_of(self.order, self.rider).pk},
            "medicine:close_owed": {"number": owed_of(self.order).pk},
            "token": {"token": track_token(self.order.code)},
            "api:get_prescription": {"number": self.order.prescription.number},
        }


def of_cash(order: Order, rider: User) -> dict[str, dict[str, object]]:
    """A patient's payment, its rider and what he handed in, as parts of addresses."""
    fleet, now = order.fleet, datetime.now(UTC)
    assert fleet is not None
    if not Payment.objects.filter(order=order).exists():
        order.patient_pays_rp = 1_000
        take_payment(order, Paid(how="cash"), by=rider, now=now)
        told = Counted(seen=Money(1_000), counted=Money(600), note="hilang")
        hand_in(rider, fleet, told, till=fleet, by=rider, now=now)
    deposit = Deposit.objects.get(rider=rider)
    return {
        "cash": {"username": rider.username},
        "cash:deposit": {"number": deposit.pk},
        "cash:follow_up": {"number": deposit.shortfall.pk},
        "cash:write_off": {"number": deposit.shortfall.pk},
        "cash:decide": {"number": asked_of(deposit, rider).pk},
        "cash:passed_on": {"number": passed_of(order, rider).pk},
    }


def asked_of(deposit: Deposit, by: User) -> WriteOff:
    """Somebody asks that what is missing is written off."""
    told = {"amount_rp": 1, "reason": "hilang", "asked_by": by, "asked_at": deposit.at}
    return WriteOff.objects.get_or_create(shortfall=deposit.shortfall, defaults=told)[0]


def passed_of(order: Order, by: User) -> PassedOn:
    """The house's till has passed something on to the fleet."""
    told = {"region": order.region, "amount_rp": 1, "reference": "TRF", "by": by}
    pair = {"till": order.origin, "fleet": order.fleet}
    defaults = {**told, "at": order.placed_at}
    return PassedOn.objects.get_or_create(**pair, defaults=defaults)[0]


def closure_of(order: Order, by: User) -> Closure:
    """A way that is switched off in an order's region: one that no story goes by."""
    now = datetime.now(UTC)
    told = {"because": "flood", "since": now, "by": by, "made_at": now}
    return Closure.objects.get_or_create(region=order.region, way="nowhere", defaults=told)[0]


def owed_of(order: Order) -> Owed:
    """Something that the pharmacy owes the patient of an order."""
    item = order.prescription.lines.order_by("line")[0]
    told = {"origin": order.origin, "since": order.placed_at}
    return Owed.objects.get_or_create(item=item, defaults=told)[0]


def of_resident(number: int) -> dict[str, dict[str, object]]:
    """A resident as part of an address, alone and with his phones, representatives, merges."""
    one: dict[str, object] = {"number": number}
    return {
        "residents": one,
        "residents:change_phone": {**one, "phone": 987654},
        "residents:end_representative": {**one, "representative": 987654},
        "residents:merge": {**one, "other": number},
        "residents:undo_merge": {**one, "merge_number": 987654},
    }


NOWHERE: dict[str, dict[str, object]] = {
    **of_resident(987654),
    "region": {"region": "99.99"},
    "code": {"code": "XX-9999-9999"},
    "username": {"username": "nobody-here"},
    "accounts:take_role": {"username": "nobody-here", "number": 987654},
    "accounts:revoke_token": {"number": 987654},
    "accounts:end_sign_in": {"number": 987654},
    "accounts:set_password": {"token": "forged"},
    "dispatch:answer": {"number": 987654},
    "fleet": {"number": 987654},
    "contact:letter": {"number": 987654},
    "contact:end_letter": {"number": 987654},
    "contact:message": {"number": 987654},
    "cash": {"username": "nobody-here"},
    "cash:deposit": {"number": 987654},
    "cash:follow_up": {"number": 987654},
    "cash:write_off": {"number": 987654},
    "cash:decide": {"number": 987654},
    "cash:passed_on": {"number": 987654},
    "incidents": {"number": 987654},
    "watch": {"number": 987654},
    "incidents:rang": {"number": 987654},
    "incidents:see_late": {"number": 987654},
    "dispatch:bag_back": {"number": 987654},
    "dispatch:relieve": {"number": 987654},
    "dispatch:tell_later": {"number": 987654},
    "dispatch:switch_on": {"number": 987654},
    "medicine:close_owed": {"number": 987654},
    "token": {"token": "XX-9999-9999:forged"},
    "api:get_prescription": {"number": "R-9999"},
}


def pick(arguments: dict[str, dict[str, object]], address: str, pattern: str) -> dict[str, object]:
    """What of `arguments` this address names; nothing if it names nothing."""
    parts = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
    if not parts:
        return {}
    for key in (address, address.partition(":")[0], parts[0]):
        if key in arguments and set(arguments[key]) == set(parts):
            return arguments[key]
    raise AssertionError(f"{address} names {parts}: say in Things what that is")


def letter_about(order: Order) -> Letter:
    """The first letter of the order."""
    return Letter.objects.filter(subject=order.code).order_by("pk")[0]


def message_about(order: Order) -> PatientMessage:
    """Something the patient wrote on his page."""
    return say_wrong(order, "Pindah rumah.", now=datetime.now(UTC))


def offer_of(order: Order, rider: User) -> Offer:
    """An open offer of the order to the rider."""
    now = datetime.now(UTC)
    assert order.fleet is not None
    return Offer.objects.create(
        order=order,
        rider=rider,
        fleet=order.fleet,
        made_at=now,
        expires_at=now + timedelta(minutes=5),
        pay_rp=10_000,
        distance_m=1_000,
    )


def incident_of(order: Order, rider: User) -> Incident:
    """A recall of the order, which its rider has, with the patient still to be rung."""
    told = Report(
        kind="recall",
        what_happened="Kantong tertukar",
        happened_at=(now := datetime.now(UTC)),
        order=order,
        rider=rider.rider,
    )
    incident = report(told, region=order.region, by="tests", now=now)
    ask_to_ring(incident, [order])
    return incident


def note_of(region: Region) -> ShiftNote:
    """What an operator handed over to the next."""
    now = datetime.now(UTC)
    return ShiftNote.objects.create(
        region=region, written_at=now, written_by="tests", left_open={}, words="Tidak ada."
    )


def lateness_of(order: Order) -> Lateness:
    """The alarm that the order is late."""
    return Lateness.objects.create(order=order, at=datetime.now(UTC), promise_at=order.promise_at)


def carried(order: Order, rider: User) -> Order:
    """The order, on its way to be fetched by the rider, whichever fleet the programme prefers."""
    fleet = rider.memberships.get().organisation
    Order.objects.filter(pk=order.pk).update(
        state="assigned", carrier=rider, fleet=fleet, bag_code=f"B{order.code}", bags=1
    )
    order.refresh_from_db()
    return order


def enlisted(user: User, organisation: Organisation) -> User:
    """A rider on the list of his fleet."""
    now = datetime.now(UTC)
    enlist(user, organisation=organisation, vehicle="motor", plate="", by="tests", now=now)
    return user


@pytest.fixture
def things(cast: Cast) -> dict[str, Things]:
    """One of each of our house, of the other house here, and of a house in another region."""
    enlisted(cast.rider, cast.fleet)
    enlisted(cast.other_rider, cast.other_fleet)
    other = replace(cast, clerk=cast.other_pharmacist)
    abroad = cast_abroad(cast)
    enlisted(abroad.rider, abroad.fleet)
    ours = carried(place(cast), cast.rider)
    theirs = carried(place(other, number="R-2", nik=""), cast.other_rider)
    foreign = carried(place(abroad, number="R-3", nik=""), abroad.rider)
    return {
        "own": Things(ours, cast.clerk, cast.rider, cast.hospital, cast.admin),
        "of another house": Things(
            theirs, cast.other_pharmacist, cast.other_rider, cast.other_hospital, cast.admin
        ),
        "of another region": Things(
            foreign, abroad.clerk, abroad.rider, abroad.hospital, abroad.admin
        ),
    }


def cast_abroad(cast: Cast) -> Cast:
    """The few people that the stories need in the region of the other pack."""
    folder = next(p for p in sorted(PACK.parent.iterdir()) if p.is_dir() and p != PACK)
    region = load_pack(folder)
    hospital = Organisation.objects.filter(region=region, kind="hospital").order_by("code")[0]
    fleet = Organisation.objects.filter(region=region, kind="fleet").order_by("code")[0]

    def hire(role: Role, organisation: Organisation | None) -> User:
        newcomer = Newcomer(
            username=f"abroad-{role.value}",
            full_name="Made",
            password=PASSWORD,
            role=role,
            organisation=organisation,
        )
        return add_person(newcomer, region=region, by="tests", now=datetime.now(UTC))

    return replace(
        cast,
        region=region,
        hospital=hospital,
        fleet=fleet,
        village=Village.objects.filter(region=region).order_by("code")[0],
        clerk=hire(Role.COUNTER_CLERK, hospital),
        rider=hire(Role.RIDER, fleet),
        admin=hire(Role.ADMIN, None),
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody knocks at an address."""

    visitor: str
    method: str
    address: str
    whose: str
    url: str

    def __str__(self) -> str:
        return f"{self.visitor}: {self.method} {self.address}, {self.whose}"


class Street:
    """The visitors, and how each of them knocks."""

    def __init__(self, cast: Cast) -> None:
        self.users: dict[str, User] = {role: getattr(cast, role) for role in MEMBERS}
        _token, text = make_token(
            "SIMRS", organisation=cast.hospital, by=cast.admin, now=datetime.now(UTC)
        )
        self.token = {"Authorization": f"Bearer {text}", "Idempotency-Key": "every-door-1"}

    def knock(self, visit: Visit) -> HttpResponse:
        """The answer; whatever the visit changed is taken back."""
        with transaction.atomic():
            user = self.users.get(visit.visitor)
            client = client_of(user) if user else Client()
            send = client.get if visit.method == "GET" else client.post
            told: dict[str, Any] = {"data": {"csrfmiddlewaretoken": "as a browser does"}}
            if visit.address.startswith("api:") and visit.method == "POST":
                told = {"data": {}, "content_type": "application/json"}
            headers = self.token if visit.visitor == "machine" else None
            answer = send(visit.url, headers=headers, **(told if visit.method == "POST" else {}))
            transaction.set_rollback(True)
        return answer  # type: ignore[return-value]  # the test client's own kind of response


def expected(visit: Visit, rows: Sequence[Row]) -> str:
    """What the table says that the visitor hears."""
    for row in rows:
        if visit.visitor in row.let_in[visit.whose]:
            return row.done
    if any(visit.visitor in row.let_in["own"] for row in rows):
        return "404"
    if visit.address.startswith("api:"):
        return "401"
    return "log-in" if visit.visitor in ("stranger", "machine") else "403"


def heard(answer: HttpResponse) -> str:
    """The status, or `log-in` for a way to /masuk."""
    way_in = answer.status_code == 302 and answer["Location"].startswith(reverse("login"))
    return "log-in" if way_in else str(answer.status_code)


def test_everybody_gets_in_where_the_table_says_and_nowhere_else(
    cast: Cast, things: dict[str, Things]
) -> None:
    street, table, patterns = Street(cast), read_table(), dict(addresses())
    arguments = {whose: thing.arguments() for whose, thing in things.items()}
    wrong = []
    for (address, method), rows in table.items():
        for whose in rows[0].let_in:
            url = reverse(address, kwargs=pick(arguments[whose], address, patterns[address]))
            for visitor in VISITORS:
                visit = Visit(visitor, method, address, whose, url)
                wanted, answered = expected(visit, rows), heard(street.knock(visit))
                if wanted != answered:
                    wrong.append(f"{visit}: {answered} instead of {wanted}")
    assert not wrong, "\n".join(wrong)


def test_addresses_with_things_are_knocked_at_with_the_things_of_others_too() -> None:
    for address, pattern in addresses():
        wanted = set(WHOSE) if "<" in pattern and "path:unmatched" not in pattern else {"own"}
        for method in ("GET", "POST"):
            for row in read_table().get((address, method), []):
                assert set(row.let_in) == wanted, (address, method)


def test_what_belongs_to_others_answers_just_like_what_never_was(
    cast: Cast, things: dict[str, Things]
) -> None:
    street, table, patterns = Street(cast), read_table(), dict(addresses())
    foreign = things["of another region"].arguments()
    seen = 0
    for (address, method), rows in table.items():
        there = pick(foreign, address, patterns[address])
        if not there:
            continue
        nowhere = pick(NOWHERE, address, patterns[address])
        for visitor in VISITORS:
            url = reverse(address, kwargs=there)
            visit = Visit(visitor, method, address, "of another region", url)
            if expected(visit, rows) != "404":
                continue
            never = replace(visit, url=reverse(address, kwargs=nowhere))
            assert told(street.knock(visit)) == told(street.knock(never)), visit
            seen += 1
    assert seen > 40


def told(answer: HttpResponse) -> tuple[int, str]:
    """All that an answer says, but for the address that was asked and the form's own secret."""
    text = re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", answer.content.decode())
    return answer.status_code, text
