"""policy.networking.k8s.io/v1alpha2: ClusterNetworkPolicy."""
