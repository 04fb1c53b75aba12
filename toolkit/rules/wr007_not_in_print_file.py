"""A PDF that somebody changed is not in print-all.pdf, the file for the printer.

Why it matters: what some programs save (a password, answers without their picture) looks different in each reader;
paper that lacks an answer must not be signed.
Example:
    a plan that was filled in further in a program that does not draw what it stores
Use instead:
    open that PDF by itself, see that all is there, and print it
Source: our own
Level: warning
Waivable: no
"""
