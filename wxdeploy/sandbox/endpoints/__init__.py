"""The calls, one module per topic of the documentation: each turns a request into a call on the account's rules."""
