"""From raw events to the rows that pages read: events → bitmaps by day → figures (docs/decisions, USAGE in docs).

The dirt is the truth: BatchDay rows that are not rolled, and DirtyWindow rows. Each job recomputes and replaces what they
name and clears exactly the dirt it saw, in one transaction. So a job may be killed, repeated or run twice at a time.
"""
