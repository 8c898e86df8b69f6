"""From bytes to documents: the only package that opens files or parses YAML and JSON."""
