"""What a run leaves for people and machines. Everything is redacted before it gets here."""
