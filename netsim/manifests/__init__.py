"""From documents to a Snapshot."""
