"""A rendering compared with what is there, or with another rendering; nothing is written."""
