"""Who carries what: ticks of the planner, offers, the board, and the rider's pages."""
