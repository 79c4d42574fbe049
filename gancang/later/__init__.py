"""What a telephone without network kept, sent later: hand-overs, failures, redeemed vouchers."""
