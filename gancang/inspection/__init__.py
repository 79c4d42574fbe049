"""The auditor's desk: seals of the chain, samples, and patients asked again."""
