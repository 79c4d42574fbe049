"""By which way medicine reaches every village, at what cost, and when."""
