"""What no rider's order carries: visits, rides and transfers, each a case with its own proof."""
