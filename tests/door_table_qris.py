"""The rows of bills paid by QRIS in the table of who gets in where; see `door_table.py`."""

QRIS = """\
bill                       | GET  | 200    | all                                  | all               | all
bill                       | POST | 405    | all                                  | all               | all
qris:notice                | SEND | 404    | all                                  | all               | all
qris:bills                 | ANY  | 200    | stall operator treasurer auditor admin |                 |
qris:own_code              | GET  | 200    | stall                                |                   |
qris:own_code              | POST | 400    | stall                                |                   |
qris:story                 | ANY  | 200    | stall operator treasurer auditor admin | operator treasurer auditor admin | none
qris:confirm               | SEND | 302    | stall                                | none              | none
qris:mismatches            | ANY  | 200    | operator treasurer auditor admin     |                   |
qris:refund                | SEND | 302    | operator treasurer admin             | operator treasurer admin | none
qris:accept                | SEND | 302    | operator treasurer admin             | operator treasurer admin | none
qris:stand_for             | SEND | 302    | operator treasurer admin             | operator treasurer admin | none
qris:note                  | SEND | 302    | operator treasurer admin             | operator treasurer admin | none
qris:close                 | SEND | 302    | operator treasurer admin             | operator treasurer admin | none
qris:turn_down             | SEND | 302    | operator treasurer admin             | operator treasurer admin | none
qris:pay_outs              | GET  | 200    | stall operator treasurer auditor admin |                 |
qris:pay_outs              | POST | 400    | treasurer                            |                   |
"""  # noqa: E501 - a table is read across
