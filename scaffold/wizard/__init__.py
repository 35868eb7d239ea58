"""How a person is asked: which questions, in which order, with which words and proposals."""
