"""An order: one thing to be brought to one person, from placed to proved."""
