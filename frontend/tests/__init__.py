"""What the pages look like and how they read, in a real browser."""
