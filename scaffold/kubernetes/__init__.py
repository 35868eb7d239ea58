"""Kubernetes manifests: YAML with its lines, schemas per version, and what ties one object to another."""
