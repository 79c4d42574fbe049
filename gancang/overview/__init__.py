"""What is read across all capabilities: the first page, an order's story, the book, the audit."""
