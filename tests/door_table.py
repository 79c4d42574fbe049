"""Every address of the product, and who gets in. A new address needs rows here.

`test_every_door.py` knocks at all of them; an address without rows fails, and so does a row
without an address. What an address may name is made in `door_things.py`.
"""

from __future__ import annotations

from tests.door_menus import MENUS
from tests.door_money import ROWS
from tests.door_table_meals import MEALS
from tests.door_table_shops import SHOPS

# `stranger` has no log-in and `machine` the token of the first hospital; the others are roles.
MEMBERS = ["clerk", "pharmacist", "rider", "stall", "village_clerk", "operator", "officer"]
MEMBERS += ["treasurer", "auditor", "admin"]
VISITORS = ["stranger", "machine", *MEMBERS]

# Who gets in hears `done`, a status; `log-in` is a way to /masuk. Whoever may come but not to
# this thing hears 404, as if it were not there. Everybody else hears 403; strangers are sent to
# log in, and the API tells all of them 401. A POST sends an empty form; ANY is GET and POST alike;
# SEND is the POST of a button, where a GET hears 405, whosever the thing is.
TABLE = """
address                    | call | done   | own                                  | of another house  | of another region
home                       | ANY  | 200    | stranger machine                     |                   |
home                       | ANY  | 302    | members                              |                   |
login                      | GET  | 200    | all                                  |                   |
login                      | POST | 400    | all                                  |                   |
log_in_code                | ANY  | log-in | all                                  |                   |
forgotten_password         | GET  | 200    | all                                  |                   |
forgotten_password         | POST | 400    | all                                  |                   |
logout                     | SEND | 302    | all                                  |                   |
language                   | SEND | 302    | all                                  |                   |
track                      | ANY  | 200    | all                                  | all               | all
track_cancel               | SEND | 302    | all                                  | all               | all
accounts:first_run         | ANY  | log-in | all                                  |                   |
accounts:choose_membership | SEND | 302    | all                                  |                   |
accounts:own_password      | GET  | 200    | members                              |                   |
accounts:own_password      | POST | 400    | members                              |                   |
accounts:second_factor     | GET  | 200    | members                              |                   |
accounts:second_factor     | POST | 400    | members                              |                   |
accounts:confirm_factor    | SEND | 400    | members                              |                   |
accounts:new_recovery_codes | SEND | 400   | members                              |                   |
accounts:drop_factor       | SEND | 400    | members                              |                   |
accounts:set_password      | GET  | 200    | all                                  | all               | all
accounts:set_password      | POST | 400    | all                                  | all               | all
accounts:end_sign_in       | SEND | 302    | members                              | members           | members
accounts:sign_out_elsewhere | SEND | 302   | members                              |                   |
accounts:people            | GET  | 200    | admin                                |                   |
accounts:people            | POST | 400    | admin                                |                   |
accounts:person            | ANY  | 200    | admin                                | admin             | none
accounts:give_role         | SEND | 400    | admin                                | admin             | none
accounts:take_role         | SEND | 302    | admin                                | admin             | none
accounts:switch_person     | SEND | 302    | admin                                | admin             | none
accounts:new_password      | SEND | 200    | admin                                | admin             | none
accounts:sign_out_person   | SEND | 302    | admin                                | admin             | none
accounts:send_link         | SEND | 200    | admin                                | admin             | none
accounts:change_phone      | SEND | 302    | admin                                | admin             | none
accounts:take_factor       | SEND | 400    | admin                                | admin             | none
accounts:tokens            | GET  | 200    | admin                                |                   |
accounts:tokens            | POST | 400    | admin                                |                   |
accounts:revoke_token      | SEND | 302    | admin                                | admin             | none
maps:ground                | GET  | 200    | all                                  | all               | all
maps:ground                | POST | 405    | all                                  | all               | all
medicine:new               | GET  | 200    | clerk pharmacist                     |                   |
medicine:new               | POST | 400    | clerk pharmacist                     |                   |
medicine:queue             | ANY  | 200    | pharmacist                           |                   |
medicine:list              | ANY  | 200    | clerk pharmacist operator admin      |                   |
medicine:detail            | ANY  | 200    | clerk pharmacist operator admin      | operator admin    | none
medicine:owed              | ANY  | 200    | clerk pharmacist                     |                   |
medicine:close_owed        | SEND | 302    | clerk pharmacist                     | none              | none            
medicine:review            | SEND | 400    | pharmacist                           | none              | none
medicine:prepare           | SEND | 400    | pharmacist                           | none              | none
medicine:fetch_all         | SEND | 302    | pharmacist                           | none              | none
medicine:release           | SEND | 400    | pharmacist                           | none              | none
medicine:many              | ANY  | 200    | clerk pharmacist                     |                   |
medicine:join              | SEND | 409    | clerk pharmacist operator            | operator          | none
medicine:part              | SEND | 302    | clerk pharmacist operator            | operator          | none
medicine:take_back         | SEND | 409    | pharmacist                           | none              | none
later:worker               | ANY  | 200    | rider stall                          |                   |
later:device_events        | SEND | 400    | rider stall                          |                   |
later:refused_events       | ANY  | 200    | rider stall operator                 |                   |
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
fulfilment:list            | ANY  | 200    | clerk officer operator treasurer auditor admin |            |
fulfilment:new             | GET  | 200    | clerk officer                        |                   |
fulfilment:new             | POST | 400    | clerk officer                        |                   |
fulfilment:mine            | ANY  | 200    | clerk rider                          |                   |
fulfilment:transfers       | ANY  | 200    | treasurer                            |                   |
fulfilment:make_list       | SEND | 400    | treasurer                            |                   |
fulfilment:bank_file       | ANY  | 200    | treasurer                            | treasurer         | none
fulfilment:take_statement  | SEND | 400    | treasurer                            |                   |
fulfilment:case            | ANY  | 200    | clerk rider officer operator treasurer auditor admin | officer operator treasurer auditor admin | none
fulfilment:begin           | SEND | 302    | clerk rider                          | none              | none
fulfilment:done            | GET  | 200    | clerk rider                          | none              | none
fulfilment:done            | POST | 400    | clerk rider                          | none              | none
fulfilment:missed          | SEND | 400    | clerk rider                          | none              | none
fulfilment:cancel          | SEND | 400    | clerk officer operator               | officer operator  | none
fulfilment:verify          | SEND | 400    | officer                              | officer           | none
fulfilment:report          | SEND | 400    | clerk officer                        | officer           | none
parcels:list               | GET  | 200    | clerk operator admin                 |                   |
parcels:list               | POST | 200    | clerk operator admin                 |                   |
parcels:new                | GET  | 200    | clerk                                |                   |
parcels:new                | POST | 400    | clerk                                |                   |
parcels:detail             | ANY  | 200    | clerk operator admin                 | operator admin    | none
parcels:ready              | SEND | 400    | clerk                                | none              | none
parcels:take_back          | SEND | 400    | clerk                                | none              | none
parcels:hand_over          | GET  | 404    | clerk                                | none              | none
parcels:hand_over          | POST | 404    | clerk                                | none              | none
parcels:hand_over          | GET  | 200    | rider                                | none              | none
parcels:hand_over          | POST | 400    | rider                                | none              | none
parcels:photo              | ANY  | 404    | clerk operator admin                 | operator admin    | none
repeats:ending             | ANY  | 200    | clerk pharmacist                     |                   |
repeats:drop               | SEND | 409    | clerk pharmacist                     | none              | none
figures:figures            | ANY  | 200    | pharmacist operator officer treasurer auditor admin |            |
figures:programme          | ANY  | 200    | officer treasurer auditor admin      | officer treasurer auditor admin | none
figures:rows               | ANY  | 200    | pharmacist operator officer treasurer auditor admin |            |
figures:counter            | GET  | 200    | pharmacist clerk operator officer treasurer auditor admin |            |
figures:counter            | POST | 400    | pharmacist clerk                     |                   |
figures:counter_csv        | ANY  | 200    | pharmacist clerk operator officer treasurer auditor admin |            |
figures:coverage           | ANY  | 200    | pharmacist clerk operator officer treasurer auditor admin |            |
figures:coverage_things    | ANY  | 200    | pharmacist clerk operator officer treasurer auditor admin |            |
figures:coverage_csv       | ANY  | 200    | pharmacist clerk operator officer treasurer auditor admin |            |
figures:csv                | ANY  | 200    | pharmacist operator officer treasurer auditor admin |            |
figures:xlsx               | ANY  | 200    | pharmacist operator officer treasurer auditor admin |            |
paperwork:downtime         | ANY  | 200    | clerk pharmacist                     |                   |
paperwork:day_list         | ANY  | 200    | clerk pharmacist                     |                   |
paperwork:blank_list       | ANY  | 200    | clerk pharmacist                     |                   |
paperwork:all_labels       | ANY  | 200    | clerk pharmacist                     |                   |
paperwork:labels           | ANY  | 200    | clerk pharmacist                     | none              | none
paperwork:print_labels     | SEND | 409    | clerk pharmacist                     | none              | none
paperwork:on_paper         | GET  | 200    | clerk pharmacist                     | none              | none
paperwork:on_paper         | POST | 400    | clerk pharmacist                     | none              | none
track_confirm              | ANY  | 302    | all                                  | all               | all
track_tomorrow             | SEND | 302    | all                                  | all               | all
contact:search             | GET  | 200    | clerk pharmacist village_clerk operator admin |          |
contact:search             | POST | 400    | clerk pharmacist village_clerk operator admin |          |
contact:order              | ANY  | 200    | clerk pharmacist village_clerk operator admin | village_clerk operator admin | none
contact:on_behalf          | SEND | 400    | clerk pharmacist village_clerk operator admin | village_clerk operator admin | none
contact:correct            | GET  | 200    | clerk pharmacist village_clerk operator admin | village_clerk operator admin | none
contact:correct            | POST | 400    | clerk pharmacist village_clerk operator admin | village_clerk operator admin | none
contact:language           | SEND | 302    | clerk pharmacist village_clerk operator admin | village_clerk operator admin | none
contact:slip               | ANY  | 200    | clerk pharmacist village_clerk operator admin | village_clerk operator admin | none
contact:confirmations      | ANY  | 200    | clerk pharmacist operator admin      |                   |
contact:confirm            | SEND | 302    | clerk pharmacist operator admin      | operator admin    | none
contact:letters            | ANY  | 200    | operator admin                       |                   |
contact:letter             | ANY  | 200    | operator admin                       | operator admin    | none
contact:end_letter         | SEND | 409    | operator admin                       | operator admin    | none
contact:messages           | ANY  | 200    | pharmacist operator admin            |                   |
contact:message            | GET  | 200    | pharmacist operator admin            | operator admin    | none
contact:message            | POST | 400    | pharmacist operator admin            | operator admin    | none
contact:sms                | SEND | 403    | all                                  |                   |
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
dispatch:stopped_back      | SEND | 302    | pharmacist                           | none              | none
dispatch:bag_back          | SEND | 400    | pharmacist                           | none              | none
dispatch:relieve           | SEND | 302    | operator admin                       | operator admin    | none
dispatch:tell_later        | SEND | 302    | pharmacist operator admin            | operator admin    | none
dispatch:way               | GET  | 200    | operator admin                       | operator admin    | none
dispatch:way               | POST | 400    | operator admin                       | operator admin    | none
dispatch:closures          | GET  | 200    | operator admin                       |                   |
dispatch:closures          | POST | 400    | operator admin                       |                   |
dispatch:switch_on         | SEND | 302    | operator admin                       | operator admin    | none
dispatch:closed_roads      | GET  | 200    | operator admin                       |                   |
dispatch:closed_roads      | POST | 400    | operator admin                       |                   |
dispatch:open_roads        | SEND | 302    | operator admin                       | operator admin    | none
dispatch:planning          | ANY  | 200    | operator admin                       |                   |
dispatch:try_in_shadow     | SEND | 400    | admin                                |                   |
dispatch:adopt_shadow      | SEND | 409    | admin                                |                   |
dispatch:go_back           | SEND | 409    | admin                                |                   |
dispatch:rider             | ANY  | 200    | rider                                |                   |
dispatch:my_way            | ANY  | 200    | rider                                |                   |
dispatch:my_way_things     | ANY  | 200    | rider                                |                   |
dispatch:start_shift       | SEND | 302    | rider                                |                   |
dispatch:end_shift         | SEND | 409    | rider                                |                   |
dispatch:answer            | SEND | 302    | rider                                | none              | none
dispatch:stop              | GET  | 200    | rider                                | none              | none
dispatch:stop              | POST | 400    | rider                                | none              | none
dispatch:give_up           | SEND | 302    | rider                                | none              | none
dispatch:fail              | GET  | 200    | rider                                | none              | none
dispatch:fail              | POST | 400    | rider                                | none              | none
programmes:list            | ANY  | 200    | officer treasurer auditor admin      |                   |
programmes:programme       | ANY  | 200    | officer treasurer auditor admin      | officer treasurer auditor admin | none
programmes:drafts          | ANY  | 200    | officer treasurer auditor admin      |                   |
programmes:new             | SEND | 302    | officer                              |                   |
programmes:import          | GET  | 200    | officer                              |                   |
programmes:import          | POST | 400    | officer                              |                   |
programmes:draft           | ANY  | 200    | officer treasurer auditor admin      | officer treasurer auditor admin | none
programmes:step            | GET  | 200    | officer                              | officer           | none
programmes:step            | POST | 400    | officer                              | officer           | none
programmes:try_letter      | SEND | 302    | officer                              | officer           | none
programmes:go_back         | SEND | 302    | officer                              | officer           | none
programmes:drop            | SEND | 302    | officer                              | officer           | none
programmes:trial           | ANY  | 200    | officer treasurer auditor admin      | officer treasurer auditor admin | none
programmes:rule            | GET  | 200    | officer                              | officer           | none
programmes:rule            | POST | 400    | officer                              | officer           | none
programmes:budget          | GET  | 200    | treasurer                            | treasurer         | none
programmes:budget          | POST | 400    | treasurer                            | treasurer         | none
programmes:ask_trial       | SEND | 302    | officer treasurer admin              | officer treasurer admin | none
programmes:people          | ANY  | 200    | officer admin                        | officer admin     | none
programmes:submit          | SEND | 302    | officer                              | officer           | none
programmes:approve         | SEND | 302    | treasurer admin                      | treasurer admin   | none
programmes:send_back       | SEND | 302    | treasurer admin                      | treasurer admin   | none
programmes:take_back       | SEND | 302    | officer                              | officer           | none
programmes:halt            | GET  | 200    | officer                              | officer           | none
programmes:halt            | POST | 400    | officer                              | officer           | none
programmes:change          | SEND | 302    | officer                              | officer           | none
programmes:compare         | ANY  | 200    | officer treasurer auditor admin      | officer treasurer auditor admin | none
programmes:export          | ANY  | 200    | officer treasurer auditor admin      | officer treasurer auditor admin | none
reach:where                | ANY  | 200    | clerk pharmacist operator officer admin      |                   |
fleet:riders               | ANY  | 200    | operator admin                       |                   |
fleet:new_rider            | GET  | 200    | operator admin                       |                   |
fleet:new_rider            | POST | 400    | operator admin                       |                   |
fleet:rider                | ANY  | 200    | operator admin                       | operator admin    | none
fleet:change_rider         | GET  | 200    | operator admin                       | operator admin    | none
fleet:change_rider         | POST | 400    | operator admin                       | operator admin    | none
fleet:train                | SEND | 400    | operator admin                       | operator admin    | none
enrolment:programmes       | ANY  | 200    | clerk village_clerk officer auditor admin |             |
enrolment:apply            | GET  | 200    | clerk village_clerk officer admin    |                   |
enrolment:apply            | POST | 400    | clerk village_clerk officer admin    |                   |
enrolment:rechecks         | ANY  | 200    | clerk village_clerk officer auditor admin |             |
enrolment:list             | ANY  | 200    | clerk village_clerk officer auditor admin | clerk village_clerk officer auditor admin | none
enrolment:csv              | ANY  | 200    | clerk village_clerk officer auditor admin | clerk village_clerk officer auditor admin | none
enrolment:enrolment        | ANY  | 200    | clerk village_clerk officer auditor admin | village_clerk officer auditor admin | none
enrolment:letter           | ANY  | 200    | clerk village_clerk officer auditor admin | village_clerk officer auditor admin | none
enrolment:look_again       | SEND | 302    | clerk village_clerk officer admin    | village_clerk officer admin     | none
enrolment:tell_fact        | SEND | 400    | clerk village_clerk officer admin    | village_clerk officer admin     | none
enrolment:move             | SEND | 400    | officer admin                        | officer admin     | none
enrolment:appeal           | SEND | 400    | clerk village_clerk officer admin    | village_clerk officer admin     | none
enrolment:decide           | SEND | 400    | officer admin                        | officer admin     | none
appeal                     | GET  | 200    | all                                  | all               | all
appeal                     | POST | 400    | all                                  | all               | all
report_need                | GET  | 200    | all                                  |                   |
report_need                | POST | 400    | all                                  |                   |
enrolment:take_list        | GET  | 200    | officer admin                        |                   |
enrolment:take_list        | POST | 400    | officer admin                        |                   |
enrolment:needs            | GET  | 200    | village_clerk officer auditor admin  |                   |
enrolment:needs            | POST | 400    | village_clerk officer auditor admin  |                   |
enrolment:units            | ANY  | 200    | officer auditor admin                |                   |
enrolment:need             | ANY  | 200    | village_clerk officer auditor admin  | village_clerk officer auditor admin | none
enrolment:answer_need      | SEND | 400    | village_clerk officer admin          | village_clerk officer admin     | none
enrolment:verify           | GET  | 200    | village_clerk officer admin          | village_clerk officer admin | none
enrolment:verify           | POST | 400    | village_clerk officer admin          | village_clerk officer admin | none
residents:search           | ANY  | 200    | clerk pharmacist operator officer admin      |                   |
residents:villages         | ANY  | 200    | clerk pharmacist operator officer admin      |                   |
addresses:landmarks        | GET  | 200    | clerk pharmacist operator admin      |                   |
addresses:landmarks        | POST | 400    | clerk pharmacist operator admin      |                   |
addresses:landmark         | GET  | 200    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
addresses:landmark         | POST | 400    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
addresses:withdraw         | SEND | 302    | clerk pharmacist operator admin      | clerk pharmacist operator admin | none
residents:places           | ANY  | 200    | clerk pharmacist operator officer admin      |                   |
residents:pin              | SEND | 200    | clerk pharmacist operator officer admin      |                   |
residents:person           | ANY  | 200    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
residents:show_numbers     | SEND | 200    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
residents:correct          | GET  | 200    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
residents:correct          | POST | 400    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
residents:record_fact      | SEND | 400    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
residents:consent          | SEND | 400    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
residents:add_phone        | SEND | 400    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
residents:change_phone     | SEND | 302    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
residents:represent        | SEND | 400    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
residents:end_representative | SEND | 302  | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
dispatch:look_alikes       | ANY  | 200    | clerk pharmacist operator officer admin      |                   |
dispatch:judge             | SEND | 400    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
dispatch:deceased         | GET  | 200    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
dispatch:deceased         | POST | 400    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
dispatch:alive            | SEND | 302    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
dispatch:merge            | GET  | 200    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
dispatch:merge            | POST | 400    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
dispatch:undo_merge       | SEND | 302    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
residents:readings         | ANY  | 200    | clerk pharmacist operator officer admin      | clerk pharmacist operator officer admin | none
medicine:visits            | ANY  | 200    | pharmacist                           |                   |
medicine:visit             | GET  | 200    | pharmacist                           | none              | none
medicine:visit             | POST | 400    | pharmacist                           | none              | none
medicine:take_on           | SEND | 409    | pharmacist                           | none              | none
medicine:not_met           | SEND | 400    | pharmacist                           | none              | none
cash:holders               | ANY  | 200    | clerk operator treasurer auditor admin |                 |
cash:mine                  | ANY  | 200    | rider                                |                   |
cash:holder                | ANY  | 200    | clerk operator treasurer auditor admin | clerk operator treasurer auditor admin | none
cash:hand_in               | SEND | 400    | clerk operator treasurer             | clerk operator treasurer | none
cash:deposit               | ANY  | 200    | clerk rider operator treasurer auditor admin | clerk operator treasurer auditor admin | none
cash:follow_up             | SEND | 302    | clerk operator treasurer             | clerk operator treasurer | none
cash:write_off             | SEND | 302    | treasurer                            | treasurer         | none
cash:decide                | SEND | 302    | treasurer admin                      | treasurer admin   | none
cash:tills                 | ANY  | 200    | clerk operator treasurer auditor admin |                 |
cash:pass_on               | SEND | 400    | clerk treasurer                      |                   |
cash:bring                 | SEND | 400    | treasurer                            |                   |
cash:refunds               | ANY  | 200    | clerk operator treasurer auditor admin |                 |
cash:refund                | ANY  | 200    | clerk operator treasurer auditor admin | operator treasurer auditor admin | none
cash:release_refund        | SEND | 404    | treasurer admin                      | treasurer admin   | none
cash:pay_back              | SEND | 404    | clerk operator treasurer             | clerk operator treasurer | none
cash:passed_on             | ANY  | 200    | clerk operator treasurer auditor admin | operator treasurer auditor admin | none
cash:qris                  | GET  | 200    | operator treasurer                   |                   |
cash:qris                  | POST | 400    | operator treasurer                   |                   |
cash:payment               | ANY  | 200    | clerk rider operator treasurer auditor admin | operator treasurer auditor admin | none
fleet:plan                 | GET  | 200    | operator admin                       |                   |
fleet:plan                 | POST | 400    | operator admin                       |                   |
fleet:copy_week            | SEND | 302    | operator admin                       |                   |
fleet:rider_plan           | GET  | 200    | operator admin                       | operator admin    | none
fleet:rider_plan           | POST | 302    | operator admin                       | operator admin    | none
dispatch:take_break        | SEND | 302    | rider                                |                   |
dispatch:come_back         | SEND | 302    | rider                                |                   |
dispatch:go_on             | SEND | 302    | rider                                |                   |
fleet:papers               | GET  | 200    | operator admin                       | operator admin    | none
fleet:papers               | POST | 400    | operator admin                       | operator admin    | none
fleet:endings              | ANY  | 200    | operator admin                       |                   |
fleet:endings_csv          | ANY  | 200    | operator admin                       |                   |
fleet:mine                 | ANY  | 200    | rider                                |                   |
incidents:log              | ANY  | 200    | pharmacist operator auditor admin    |                   |
incidents:new              | GET  | 200    | pharmacist operator admin            |                   |
incidents:new              | POST | 400    | pharmacist operator admin            |                   |
incidents:incident         | ANY  | 200    | pharmacist operator auditor admin    | operator auditor admin | none
incidents:note             | SEND | 400    | pharmacist operator admin            | operator admin    | none
incidents:close            | SEND | 400    | pharmacist operator admin            | operator admin    | none
incidents:see              | SEND | 302    | pharmacist operator admin            | operator admin    | none
incidents:see_late         | SEND | 302    | operator admin                       | operator admin    | none
incidents:call_for_help    | SEND | 302    | rider                                |                   |
incidents:rang             | SEND | 302    | pharmacist operator admin            | operator admin    | none
incidents:read             | SEND | 302    | rider                                | none              | none
overview:case              | ANY  | 200    | clerk pharmacist operator treasurer auditor admin | operator treasurer auditor admin | none
overview:services          | ANY  | 200    | clerk operator officer admin         | clerk operator officer admin | none
overview:give_file         | SEND | 200    | admin                                | admin             | none
overview:leave             | GET  | 200    | admin                                | admin             | none
overview:leave             | POST | 400    | admin                                | admin             | none
watch:notes                | ANY  | 200    | operator auditor admin               |                   |
watch:new_note             | GET  | 200    | operator admin                       |                   |
watch:new_note             | POST | 400    | operator admin                       |                   |
watch:note                 | ANY  | 200    | operator auditor admin               | operator auditor admin | none
watch:take_over            | SEND | 302    | operator admin                       | operator admin    | none
watch:replay               | ANY  | 200    | operator auditor admin               |                   |
watch:open_then            | ANY  | 200    | operator auditor admin               |                   |
watch:alarms               | ANY  | 200    | operator auditor admin               |                   |
watch:alarms_csv           | ANY  | 200    | operator auditor admin               |                   |
overview:book              | ANY  | 200    | treasurer auditor admin              |                   |
overview:statement         | ANY  | 200    | treasurer auditor admin              |                   |
overview:statement_csv     | ANY  | 200    | treasurer auditor admin              |                   |
forecast:lines             | ANY  | 200    | officer treasurer auditor admin              |                   |
forecast:line              | ANY  | 200    | officer treasurer auditor admin              | officer treasurer auditor admin | none
forecast:see               | SEND | 302    | officer treasurer                    | officer treasurer | none
overview:budgets           | ANY  | 200    | officer treasurer auditor admin              |                   |
purchases:list             | GET  | 200    | clerk treasurer auditor admin        |                   |
purchases:list             | POST | 400    | clerk                                |                   |
purchases:take_back        | SEND | 302    | clerk                                | none              | none
inspection:desk            | ANY  | 200    | treasurer auditor admin              |                   |
inspection:lines           | ANY  | 200    | treasurer auditor admin              |                   |
inspection:draw            | SEND | 400    | auditor                              |                   |
inspection:sample          | ANY  | 200    | treasurer auditor admin              | treasurer auditor admin | none
inspection:judge           | SEND | 400    | auditor                              | auditor           | none
inspection:rechecks        | ANY  | 200    | operator officer admin               |                   |
inspection:recheck         | GET  | 200    | operator officer admin               | operator officer admin | none
inspection:recheck         | POST | 400    | operator officer admin               | operator officer admin | none
inspection:not_reached     | SEND | 302    | operator officer admin               | operator officer admin | none
inspection:seals           | ANY  | 200    | all                                  | all               | all
inspection:seals_csv       | ANY  | 200    | all                                  | all               | all
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
TABLE += ROWS + MEALS + MENUS
TABLE += ROWS + MEALS + SHOPS
WHOSE = ("own", "of another house", "of another region")
