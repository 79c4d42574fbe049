"""The look of all pages and what every request passes through."""
