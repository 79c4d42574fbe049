"""A demonstration day: invented people, real villages, riders who act by themselves."""
