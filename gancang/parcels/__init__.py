"""Goods other than medicine, brought by the same riders: documents, parcels, groceries, meals."""
