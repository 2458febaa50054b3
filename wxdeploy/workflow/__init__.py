"""The pipeline: load, plan, apply, pull. Composes the stages and prints nothing.

Stages are imported where they are used, so that a command loads no more than it needs.
"""
