#!/usr/bin/env python
"""Django's own commands (makemigrations, shell), with the embedded PostgreSQL started for them."""

import sys

from gancang.started import with_django

if __name__ == "__main__":
    with with_django():
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
