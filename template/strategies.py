"""The platform's names for how often it tries again: `PushRetryStrategy` and `notifyStrategy`."""

BACKOFF = "BACKOFF_RETRY"
EXPONENTIAL = "EXPONENTIAL_DECAY_RETRY"
