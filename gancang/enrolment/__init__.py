"""Who is in a programme: applications, what they lack, waiting list, refusal, appeal."""
