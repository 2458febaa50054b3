"""One folder per kind of resource; ``KINDS`` is the only list of them."""
