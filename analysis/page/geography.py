"""The map's ground: where sites lie, how far missiles flew. No coastline, so nothing is fetched.

Distances are true from the centre (azimuthal equidistant projection on a sphere), in kilometres.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..escape import for_attribute
from ..plot.places import CENTRE, CITIES, RADIUS, project


class Sheet(NamedTuple):
    """A square map: its middle in kilometres east and south of the centre, and how far it goes."""

    east: int
    south: int
    reach: int  # kilometres from its middle to each edge
    degrees: int  # from one line of the graticule to the next

    @property
    def box(self) -> str:
        """The part of the plane that is shown, as SVG wants it."""
        return (
            f"{self.east - self.reach} {self.south - self.reach} {2 * self.reach} {2 * self.reach}"
        )


SITES, NEAR, FAR = Sheet(115, -15, 265, 1), Sheet(0, 0, 1500, 5), Sheet(0, 0, 4800, 10)
#: Points of a line of the graticule, twice as many along a parallel.
_POINTS = 24
#: Degrees from north at which rings are named: where no city is.
_BEARINGS = (320, 350, 20, 180, 235, 80)


def ground(sheet: Sheet) -> str:
    """Return the graticule and the cities of a map as SVG."""
    return "".join((*_graticule(sheet), *_cities(sheet)))


def _graticule(sheet: Sheet) -> Iterator[str]:
    """Draw meridians and parallels as far as they are on the map; name each at its first point."""
    span = np.degrees(sheet.reach / RADIUS) * 1.8
    wide = min(span / np.cos(np.radians(min(CENTRE[0] + span, 75))), 90)
    north = np.linspace(CENTRE[0] - span, min(CENTRE[0] + span, 85), _POINTS)
    east = np.linspace(CENTRE[1] - wide, CENTRE[1] + wide, 2 * _POINTS)
    meridians = {f"{n}° E": (north, np.full_like(north, n)) for n in _whole(east, sheet.degrees)}
    parallels = {f"{n}° N": (np.full_like(east, n), east) for n in _whole(north, sheet.degrees)}
    for name, places in (meridians | parallels).items():
        x, y = project(*places)
        inside = np.maximum(abs(x - sheet.east), abs(y - sheet.south)) < sheet.reach
        if not inside.any():
            continue
        on_map = np.flatnonzero(inside)
        part = slice(max(on_map[0] - 1, 0), on_map[-1] + 2)
        yield _svg_line(x[part], y[part])
        if sheet.degrees == 1:
            yield _edge_name(sheet, name, x[part], y[part])


def _edge_name(sheet: Sheet, name: str, x: np.ndarray, y: np.ndarray) -> str:
    """Name a line of the graticule where it enters the map, at the left or the lower edge."""
    left, floor = sheet.east - sheet.reach, sheet.south + sheet.reach
    if name.endswith("N"):
        return _svg_text("degree", left + 5, float(np.interp(left, x, y)) - 4, name, "start")
    return _svg_text("degree", float(np.interp(-floor, -y, x)) + 4, floor - 6, name, "start")


def _whole(over: np.ndarray, step: int) -> range:
    return range(int(np.ceil(over[0] / step)) * step, int(over[-1]) + 1, step)


def _svg_line(x: np.ndarray, y: np.ndarray) -> str:
    points = " ".join(f"{a:.0f},{b:.0f}" for a, b in zip(x, y, strict=True))
    return f'<polyline class="graticule" points="{points}"/>'


def rings(sheet: Sheet, flights: Sequence[Mapping[str, Any]]) -> str:
    """Return rings as far as classes have flown, as SVG: those for which the map is right."""
    shown = [one for one in flights if sheet.reach / 3 <= one["km"] <= sheet.reach]
    return "".join(map(_ring, shown, _BEARINGS))


def _ring(flight: Mapping[str, Any], bearing: float) -> str:
    km = flight["km"]
    x, y = km * np.sin(np.radians(bearing)), -km * np.cos(np.radians(bearing))
    name = f"{flight['klass']} {km:,} km".replace("_", " ")
    return f'<circle class="ring" r="{km}"/>{_svg_text("ring", x, y, name, "middle")}'


def _cities(sheet: Sheet) -> Iterator[str]:
    """Mark the centre and the cities that are not too near it to be told apart."""
    size = sheet.reach / 50
    for name, place in CITIES.items():
        x, y = (float(part) for part in project(*place))
        is_apart = place == CENTRE or np.hypot(x, y) > sheet.reach / 8
        if max(abs(x - sheet.east), abs(y - sheet.south)) > sheet.reach or not is_apart:
            continue
        corner = f'x="{x - size / 2:.0f}" y="{y - size / 2:.0f}"'
        yield f'<rect class="city" {corner} width="{size:.0f}" height="{size:.0f}"/>'
        side, anchor = (size, "start") if x - sheet.east < 0.7 * sheet.reach else (-size, "end")
        yield _svg_text("city", x + side, y, name, anchor)


def _svg_text(kind: str, x: float, y: float, text: str, anchor: str) -> str:
    place = f'x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{for_attribute(text)}</text>'


def site_places(sites: pd.DataFrame) -> list[list[float] | None]:
    """Return for each site its kilometres east and south of the centre, or nothing."""
    known = (sites["lat"] != "") & (sites["lon"] != "")
    x, y = project(*(pd.to_numeric(sites[c].where(known, "0")) for c in ("lat", "lon")))
    places = np.column_stack([x, y]).round(1).tolist()
    return [place if is_known else None for place, is_known in zip(places, known, strict=True)]


def longest_flights(launches: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the longest flight over the ground of each class, as far as distances are known."""
    flown = launches.assign(km=pd.to_numeric(launches["range_km"])).dropna(subset="km")
    far = flown.loc[flown.groupby("klass")["km"].idxmax()].sort_values("km", kind="stable")
    rows = zip(far["klass"], far["km"], far["name"], far["date"], strict=True)
    return [
        {"klass": klass, "km": int(km), "name": name, "date": date}
        for klass, km, name, date in rows
    ]
