"""Meals by a calendar: who eats when, which stall cooks, on whose round, whether one was seen."""
