"""The rows of cards and vouchers in the table of who gets in where; see `door_table.py`."""

VOUCHERS = """\
food_order                 | GET  | 200    | all                                  | all               | all
food_order                 | POST | 400    | all                                  | all               | all
food_follow                | ANY  | 200    | all                                  | all               | all
food_confirm               | SEND | 400    | all                                  | all               | all
food_call_off              | SEND | 302    | all                                  | all               | all
food:list                  | ANY  | 200    | stall operator admin                 |                   |
food:kitchen               | ANY  | 200    | stall                                |                   |
food:slip                  | ANY  | 200    | stall operator admin                 | stall operator admin | none
food:accept                | SEND | 302    | stall                                | stall             | none
food:refuse                | SEND | 302    | stall                                | stall             | none
food:ready                 | SEND | 302    | stall                                | stall             | none
complain                   | GET  | 200    | all                                  | all               | all
complain                   | POST | 400    | all                                  | all               | all
complaints:list            | ANY  | 200    | operator officer treasurer auditor   |                   |
complaints:tell            | GET  | 200    | clerk village_clerk operator officer auditor |           |
complaints:tell            | POST | 400    | clerk village_clerk operator officer auditor |           |
callbacks:list             | ANY  | 200    | operator officer                     |                   |
complaints:call            | GET  | 200    | operator officer                     | operator officer  | none
complaints:call            | POST | 400    | operator officer                     | operator officer  | none
complaints:decide_call     | GET  | 200    | operator officer                     | operator officer  | none
complaints:decide_call     | POST | 400    | operator officer                     | operator officer  | none
complaints:one             | ANY  | 200    | operator officer treasurer auditor   | operator officer treasurer auditor | none
complaints:decide          | GET  | 200    | operator officer                     | operator officer  | none
complaints:decide          | POST | 400    | operator officer                     | operator officer  | none
complaints:appeal          | GET  | 200    | operator officer                     | operator officer  | none
complaints:appeal          | POST | 400    | operator officer                     | operator officer  | none
complaints:hear            | GET  | 200    | operator officer                     | operator officer  | none
complaints:hear            | POST | 400    | operator officer                     | operator officer  | none
balance                    | GET  | 200    | all                                  | all               | all
balance                    | POST | 405    | all                                  | all               | all
cards:card                 | GET  | 200    | clerk village_clerk officer operator | clerk village_clerk officer operator | none
cards:card                 | POST | 302    | clerk village_clerk officer operator | clerk village_clerk officer operator | none
cards:replace              | SEND | 302    | clerk village_clerk officer operator | clerk village_clerk officer operator | none
cards:paper                | ANY  | 404    | clerk village_clerk officer operator | clerk village_clerk officer operator | none
vouchers:given             | GET  | 200    | officer                              |                   |
vouchers:given             | POST | 302    | officer                              |                   |
vouchers:cycle             | ANY  | 200    | officer                              | officer           | officer
vouchers:sheet             | ANY  | 200    | officer                              | officer           | officer
vouchers:holders           | ANY  | 200    | clerk village_clerk officer operator |                   |
vouchers:redeem            | GET  | 200    | stall                                |                   |
vouchers:redeem            | POST | 400    | stall                                |                   |
vouchers:redemptions       | ANY  | 200    | stall officer treasurer auditor      |                   |
vouchers:receipt           | ANY  | 200    | stall officer treasurer auditor      | stall officer treasurer auditor | none
settlement:give_back       | GET  | 200    | stall officer                        | stall officer     | none
settlement:give_back       | POST | 400    | stall officer                        | stall officer     | none
"""  # noqa: E501 - a table is read across
