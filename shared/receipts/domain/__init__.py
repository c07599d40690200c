"""What the rows are about, whichever vendor told it: calls, texts, numbers, transcripts, parcels, dead letters.

Times are epoch milliseconds UTC in fields that end in `_at`; numbers and ids are text. A field that nobody told
is None and has no column. `docs/data-model.md` describes every column.
"""
