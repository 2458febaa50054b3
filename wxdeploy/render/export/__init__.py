"""Exports for applications: each format is made of the public JSON form alone, the same text for the same document."""
