"""The people who are served: who they are, where they live, what is known of them, who read it."""
