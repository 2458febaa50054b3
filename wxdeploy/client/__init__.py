"""HTTP to WeChat: the only package that imports httpx, and nothing here imports it before a call is to be made.

``http`` opens connections and guards reading commands, ``answer`` turns bytes into values and back, ``errors`` judges
answers, ``retry`` says when to send again, ``exchange`` carries one call to its end, ``token`` and ``cache`` supply
tokens, ``account`` puts them together, ``redact`` keeps tokens out of logs.
"""
