"""The opinions: one module each, judged by one engine on facts of any repository."""
