"""The rows of meals in the table of who gets in where; see `door_table.py`."""

from tests.door_table_qris import QRIS
from tests.door_table_vouchers import VOUCHERS

MEALS = """\
servings:day               | GET  | 200    | officer operator                     |                   |
servings:day               | POST | 400    | officer operator                     |                   |
servings:diners            | GET  | 200    | officer operator                     |                   |
servings:diners            | POST | 400    | officer operator                     |                   |
servings:diner             | GET  | 200    | officer operator                     | officer operator  | none
servings:diner             | POST | 400    | officer operator                     | officer operator  | none
servings:stalls            | GET  | 200    | officer operator                     |                   |
servings:stalls            | POST | 400    | officer operator                     |                   |
servings:shut              | SEND | 400    | officer operator                     | officer operator  | none
servings:kitchen           | ANY  | 200    | stall                                |                   |
servings:fall_out          | GET  | 200    | stall                                |                   |
servings:fall_out          | POST | 400    | stall                                |                   |
servings:mine              | ANY  | 200    | rider                                |                   |
servings:stop              | ANY  | 200    | officer operator treasurer auditor admin | officer operator treasurer auditor admin | none
servings:seen              | GET  | 200    | rider                                | none              | none
servings:seen              | POST | 302    | rider                                | none              | none
servings:unseen            | GET  | 200    | rider                                | none              | none
servings:unseen            | POST | 400    | rider                                | none              | none
servings:welfare           | ANY  | 200    | village_clerk officer operator       |                   |
servings:check             | GET  | 200    | village_clerk officer operator       | village_clerk officer operator | none
servings:check             | POST | 400    | village_clerk officer operator       | village_clerk officer operator | none
"""  # noqa: E501 - a table is read across
MEALS += VOUCHERS + QRIS
