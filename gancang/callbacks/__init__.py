"""What somebody of another office asks a receiver by telephone before anybody is paid for it."""
