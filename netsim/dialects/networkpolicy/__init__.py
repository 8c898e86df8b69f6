"""NetworkPolicy of networking.k8s.io/v1 (SEMANTICS section 1)."""
