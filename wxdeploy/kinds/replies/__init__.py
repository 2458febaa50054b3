"""Replies, which are no kind: no call sets them. Here is what holds between them and the menus that kinds manage."""
