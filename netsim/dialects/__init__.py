"""Policy APIs, one folder each: syntax, decode, lower, reference."""
