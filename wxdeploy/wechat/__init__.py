"""What is known of WeChat: limits, return codes and endpoints as data, each with its source.

The rules, the client and the sandbox read the same tables, so that a figure is written once.
"""
