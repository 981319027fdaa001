"""Places on a map that is true from its centre, Pyongyang: no coastline, so nothing is fetched."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Mean radius of the Earth in kilometres.
RADIUS = 6371.0
#: Cities that help the eye, in degrees north and east, to a tenth.
CITIES = {
    "Pyongyang": (39.0, 125.8),
    "Seoul": (37.6, 127.0),
    "Busan": (35.2, 129.1),
    "Tokyo": (35.7, 139.7),
    "Beijing": (39.9, 116.4),
    "Vladivostok": (43.1, 131.9),
    "Shanghai": (31.2, 121.5),
    "Taipei": (25.0, 121.5),
    "Manila": (14.6, 121.0),
    "Guam": (13.5, 144.8),
}
CENTRE = CITIES["Pyongyang"]


def project(north: Any, east: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return places in kilometres east and south of the centre.

    Examples
    --------
    >>> [part.round().item() for part in project(40.0, 125.8)]
    [0.0, -111.0]
    """
    phi, lam = np.radians(north), np.radians(np.asarray(east) - CENTRE[1])
    phi0 = np.radians(CENTRE[0])
    cosine = np.sin(phi0) * np.sin(phi) + np.cos(phi0) * np.cos(phi) * np.cos(lam)
    angle = np.arccos(np.clip(cosine, -1, 1))
    scale = RADIUS / np.sinc(angle / np.pi)
    x = scale * np.cos(phi) * np.sin(lam)
    y = scale * (np.cos(phi0) * np.sin(phi) - np.sin(phi0) * np.cos(phi) * np.cos(lam))
    return x, -y
