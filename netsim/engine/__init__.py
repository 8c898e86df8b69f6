"""From compiled tables to answers."""
