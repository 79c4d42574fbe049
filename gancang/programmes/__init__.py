"""Programmes as data: who is eligible, what it costs, who pays. Decided before anything moves."""
