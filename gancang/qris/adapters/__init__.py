"""Gateways that make QRIS codes and tell when one was paid: one folder each."""
