"""Which medicine may travel, which is urgent, which must stay cold: dated data of the pack."""
