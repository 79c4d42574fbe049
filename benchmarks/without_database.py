"""Django ready for benchmarks that read the product's rules but no row: import this one first."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gancang.settings")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/none")
django.setup()
