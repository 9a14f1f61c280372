"""Sequences: a Hypothesis state machine over all nouns, with a reference model beside the target.

The laws try each promise by itself; here calls of all nouns follow each other in any order, and
whatever was said before must still be true.
"""
