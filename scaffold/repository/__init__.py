"""A repository, on disk or in memory, as one thing: its roots, its Kubernetes objects, what is unread."""
