"""Medicine that is taken for ever: whose supply ends soon, and who has no next delivery yet."""
