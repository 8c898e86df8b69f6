"""The policies of the tiers around NetworkPolicy, whichever API they are written in."""
