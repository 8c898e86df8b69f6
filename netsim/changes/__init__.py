"""What changes between two versions of a cluster: who may newly talk, who no longer, and why."""
