"""From answers to characters, one file a format."""
