"""Pure types that every stage shares; standard library only.

A change is one thing and the calls that bring it about another: ``Change`` is what a reviewer reads, ``Operation`` is
one literal API call with the fingerprint of the account before and after it. They are kept apart because one change of
a personalised menu can republish others, so that calls and changes are not one to one.

Values are frozen dataclasses, but for those that every start needs: they are named tuples, here and elsewhere, which
take a fifth of the time to define, and plain classes where they keep what they found out.
"""
