"""Rules at work: the registry of all of them, the engine that runs them, and their pages."""
