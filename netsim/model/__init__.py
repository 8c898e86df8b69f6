"""What netsim knows of a cluster, as frozen values: no input, no output, no algorithms."""
