"""Where Chromium is, and how it is started so that it talks to nobody by itself."""

from __future__ import annotations

import os
import shutil

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def path() -> str:
    """Chromium as Debian installs it, or the one that `CHROME_PATH` names."""
    found = os.environ.get("CHROME_PATH") or shutil.which("chromium")
    assert found, "Chromium is not installed; on Debian: apt-get install chromium"
    return found
