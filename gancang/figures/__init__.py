"""The hospital's numbers: what was waited, what arrived, what it cost; each opens its orders."""
