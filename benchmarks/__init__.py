"""Seeded clusters, and scripts that time netsim on them. Each prints one JSON line."""
