"""What offices buy at small shops and kitchens, and that they go round among them."""
