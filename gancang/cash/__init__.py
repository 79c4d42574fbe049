"""What patients pay for the way: at the door, in a rider's hand, at the till."""
