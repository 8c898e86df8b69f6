"""What the API server demands of every object alike: shapes, names, labels, addresses."""
