"""Vouchers: what who is enrolled may spend in a cycle at shops and kitchens, by a card."""
