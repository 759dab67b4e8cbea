# SPDX-License-Identifier: GPL-2.0
"""apt with lists, state and downloads of its own, so that the system's are left alone."""

import platform
import re


def private(folder, **settings):
    """The options by which apt's programs keep all they write in a folder; it is made. Of a
    setting's name, `__` stands for `::`."""
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    # Nobody else may be able to write there.
    settings = {"Dir__State": folder, "Dir__State__Lists": folder / "lists",
                "Dir__Cache": folder / "cache", "APT__Sandbox__User": "root",
                "Acquire__Languages": "none"} | settings
    return [word for name, value in settings.items()
            for word in ("-o", f"{name.replace('__', '::')}={value}")]


def failed(update):
    """Whether something was not to be had, by what an update has said. It goes on without."""
    return re.search("^(Err|E: Failed|W: Failed)", update, re.MULTILINE)


def system():
    """What this machine runs, such as debian12."""
    try:
        known = platform.freedesktop_os_release()
    except OSError:
        known = {}
    return known.get("ID", "") + known.get("VERSION_ID", "")
