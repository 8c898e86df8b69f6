"""Labels and the selectors that read them (SEMANTICS section 2)."""
