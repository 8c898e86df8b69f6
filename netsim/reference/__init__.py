"""The meaning, written plainly: one flow, walked policy by policy."""
