"""What is said: one life of a post for every place to speak (Article 12; rules §7)."""
