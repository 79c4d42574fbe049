"""Who gets in at the addresses of settlement: further rows of `door_table.py`."""

ROWS = """\
settlement:month           | ANY  | 200    | treasurer auditor admin              |                   |
settlement:lines           | ANY  | 200    | treasurer auditor admin              |                   |
settlement:hold            | SEND | 302    | rider treasurer                      | treasurer         | none
settlement:hold            | SEND | 404    | stall                                | stall             | stall
settlement:release         | SEND | 302    | treasurer                            | treasurer         | treasurer
settlement:mine            | ANY  | 200    | rider stall                           |                   |
settlement:match           | ANY  | 200    | treasurer auditor admin              |                   |
settlement:workbook        | ANY  | 200    | treasurer auditor admin              |                   |
settlement:batches         | GET  | 200    | treasurer auditor admin              |                   |
settlement:batches         | POST | 302    | treasurer                            |                   |
settlement:batches         | POST | 200    | auditor admin                        |                   |
settlement:batch           | ANY  | 200    | treasurer auditor admin              | treasurer auditor admin | none
settlement:approve         | SEND | 302    | treasurer admin                      | treasurer admin   | none
settlement:discard         | SEND | 302    | treasurer                            | treasurer         | none
settlement:sent            | SEND | 302    | treasurer                            | treasurer         | none
settlement:file            | ANY  | 302    | treasurer                            | treasurer         | none
settlement:receipt         | ANY  | 200    | treasurer auditor admin              | treasurer auditor admin | none
settlement:minutes         | ANY  | 200    | treasurer auditor admin              | treasurer auditor admin | none
settlement:recap           | ANY  | 200    | treasurer auditor admin              |                   |
settlement:movement        | ANY  | 200    | treasurer auditor admin              | treasurer auditor admin | none
settlement:ask             | SEND | 302    | treasurer                            | treasurer         | none
settlement:repaid          | SEND | 302    | treasurer                            | treasurer         | none
settlement:corrections     | ANY  | 200    | treasurer auditor admin              |                   |
settlement:approve_correction | SEND | 302 | treasurer admin                      | treasurer admin   | none
settlement:reject          | SEND | 302    | treasurer admin                      | treasurer admin   | none
settlement:withdraw        | SEND | 302    | treasurer                            | treasurer         | none
closing:months             | GET  | 200    | treasurer auditor admin              |                   |
closing:months             | POST | 302    | treasurer admin                      |                   |
closing:months             | POST | 200    | auditor                              |                   |
closing:month              | ANY  | 200    | treasurer auditor admin              | treasurer auditor admin | none
closing:confirm            | SEND | 302    | treasurer admin                      | treasurer admin   | none
closing:take_back          | SEND | 302    | treasurer admin                      | treasurer admin   | none
closing:workbook           | ANY  | 200    | treasurer auditor admin              | treasurer auditor admin | none
closing:budget             | GET  | 200    | officer treasurer auditor admin      | officer treasurer auditor admin | none
closing:budget             | POST | 400    | treasurer                            | treasurer         | none
closing:budget             | POST | 200    | officer auditor admin                | officer auditor admin | none
closing:year               | GET  | 200    | treasurer auditor admin | treasurer auditor admin | treasurer auditor admin
closing:year               | POST | 400    | treasurer admin | treasurer admin | treasurer admin
closing:year               | POST | 200    | auditor | auditor | auditor
closing:left               | ANY  | 200    | treasurer auditor admin | treasurer auditor admin | treasurer auditor admin
closing:confirm_year       | SEND | 302    | treasurer admin | treasurer admin | treasurer admin
closing:take_back_year     | SEND | 302    | treasurer admin | treasurer admin | treasurer admin
settlement:came_back       | SEND | 302    | treasurer                            | treasurer         | none
settlement:approve_bounce  | SEND | 302    | treasurer admin                      | treasurer admin   | none
settlement:reject_bounce   | SEND | 302    | treasurer admin                      | treasurer admin   | none
settlement:keep_account    | SEND | 302    | treasurer                            | treasurer         | none
settlement:answers         | GET  | 200    | treasurer                            |                   |
settlement:answers         | POST | 400    | treasurer                            |                   |
"""  # noqa: E501 - a table is read across
