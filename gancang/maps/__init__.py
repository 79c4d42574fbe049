"""The map of a regency: tiles made from an OpenStreetMap extract, and the pages that show it."""
