"""HTTP to WeChat, over connections of its own; httpx is imported where they lead nowhere (``through``, ``forge``).

``network`` finds the way to a host, ``connections`` keeps it open. ``http`` sends to one host and
guards reading commands, ``answer`` turns bytes into values and back, ``errors`` judges answers, ``retry`` says when to
send again, ``exchange`` carries one call to its end, ``token`` and ``cache`` supply tokens, ``account`` puts them
together, ``redact`` keeps tokens out of logs.
"""
