"""The operators' watch: notes from shift to shift, the day as it went, whether alarms rang."""
