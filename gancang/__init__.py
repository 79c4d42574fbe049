"""Gancang: the Django project, one folder a capability."""
