"""What is frequent and tiny, and the one process that serves all: gateway, pages, jobs."""
