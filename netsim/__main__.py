"""`python -m netsim`."""

from __future__ import annotations

import sys

from netsim.cli.main import main

sys.exit(main())
