"""A made-up day of receipts with what must come of it: for the demo, the tests and the benchmarks.

`story(seed, calls)` is a pure function. What must come of the day is known from how it was made up, not from
any code that reads receipts, so it can be held against the product:

    day = story(7, calls=200)
    for push in day.pushes: ...
"""

from local.story.day import Story, story
from local.story.expected import Expectation
from local.story.post import Push
from local.story.recordings import Recording
from local.story.ways import Queued, Ways

__all__ = ["Expectation", "Push", "Queued", "Recording", "Story", "Ways", "story"]
