"""How thoroughly properties are tried: more often by hand, with EXAMPLES=20000."""

import os

EXAMPLES = int(os.environ.get("EXAMPLES", "500"))
