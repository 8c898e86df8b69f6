"""Suites: what people expect of their policies, written beside them, and whether it holds."""
