"""What tests of the wire say: that they are run once for each codec of the SDK."""

from __future__ import annotations

import pytest

from tests.store.support import CODECS

# For what goes through a codec: values, filters and the results of rows. The rest needs no second run.
WITH_EACH_CODEC = pytest.mark.parametrize("codec", CODECS, indirect=True)
