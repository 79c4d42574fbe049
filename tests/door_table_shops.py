"""The rows of kitchens and shops in the table of who gets in where; see `door_table.py`."""

SHOPS = """\
join_shop                  | GET  | 200    | all                                  |                   |
join_shop                  | POST | 400    | all                                  |                   |
join_shop_enter            | GET  | 200    | all                                  | all               | all
join_shop_enter            | POST | 400    | all                                  | all               | all
shop_sign                  | ANY  | 200    | all                                  | all               | all
shops:list                 | ANY  | 200    | officer village_clerk auditor admin  |                   |
shops:list_csv             | ANY  | 200    | officer village_clerk auditor admin  |                   |
shops:where                | ANY  | 200    | officer village_clerk auditor admin  |                   |
shops:join                 | GET  | 200    | officer village_clerk admin          |                   |
shops:join                 | POST | 400    | officer village_clerk admin          |                   |
shops:one                  | ANY  | 200    | officer village_clerk auditor admin  | officer village_clerk auditor admin | none
shops:deed                 | SEND | 400    | officer village_clerk admin          | officer village_clerk admin | none
shops:photo                | ANY  | 404    | officer village_clerk stall auditor admin | officer village_clerk stall auditor admin | none
shops:mine                 | ANY  | 200    | stall                                |                   |
shops:switch               | SEND | 302    | stall                                | stall             | stall
shops:prepares             | SEND | 302    | stall                                |                   |
shops:appeal               | SEND | 400    | stall                                |                   |
shops:hours                | GET  | 200    | stall                                |                   |
shops:hours                | POST | 302    | stall                                |                   |
shops:days_off             | GET  | 200    | stall                                |                   |
shops:days_off             | POST | 400    | stall                                |                   |
shops:drop_days_off        | SEND | 302    | stall                                | stall             | stall
shops:own_papers           | GET  | 200    | stall                                |                   |
shops:own_papers           | POST | 400    | stall                                |                   |
shops:keepers              | GET  | 200    | stall                                |                   |
shops:keepers              | POST | 400    | stall                                |                   |
shops:take_keeper          | SEND | 302    | stall                                | stall             | stall
shops:poster               | ANY  | 200    | stall                                |                   |
"""  # noqa: E501 - a table is read across
