"""The callback of an account: the server that WeChat sends messages and events to."""
