"""Pure algebra of sets of numbers; not one Kubernetes word in it."""
