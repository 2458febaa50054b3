"""HTTP to WeChat, over connections of its own; httpx is imported where they lead nowhere (``through``, ``forge``).

``url`` reads addresses, ``network`` finds the way to one, ``connections`` keeps it open. ``http`` sends to one host and
guards reading commands, ``answer`` turns bytes into values and back, ``errors`` judges answers, ``retry`` says when to
send again, ``exchange`` carries one call to its end, ``token`` and ``cache`` supply tokens, ``account`` puts them
together, ``redact`` keeps tokens out of logs.
"""
