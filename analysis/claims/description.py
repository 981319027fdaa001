"""The launch that the article describes: days on which its number fits, launches that come near."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from ..counting import RULES, cumulative, nth
from ..errors import check_whole, need_named
from ..record.door import through_door
from ..record.load import load_coverage, load_sites

# What the article says of the launch (data/raw/article.csv).
ORDINAL = 32
WEEKDAY = "Friday"
_MINUTES = 10 * 60 + 30  # "at around 10:30 a.m. local time"
_RANGE_KM = 500  # "about 500 km (310 miles)"
_HAMHUNG = ("hamhung", "hungnam")  # the city and its coast in sites.csv

# What still fits "around" and "about": databases put one launch up to 11 minutes apart, and
# where they differ on its range, by 50 km and more (data/raw/known_differences.csv).
_AROUND_MINUTES = 15
_ABOUT_KM = 50

# What earns no score at all: our choice, and said in `article_weights`.
_FAR_MINUTES = 6 * 60
_FAR_KM = 200

#: Mean radius, Geodetic Reference System 1980 (Moritz 2000, doi:10.1007/s001900050278).
_EARTH_RADIUS_KM = 6371

#: Columns of the launches that the description is held against.
_PLACE = ("site", "site_name", "lat", "lon")
_LAUNCH_NEEDS = ("launch_id", "launched_at", "salvo_id", "family", *_PLACE, "range_km")

#: How the salvos are shown that come nearest.
_SHOWN_COLUMNS = ("date", "weekday", "local_time", "site_name", "range_km", "missiles", "score")


def article_days(
    launches: pd.DataFrame,
    *,
    n: int = ORDINAL,
    rules: Iterable[str] = tuple(RULES),
    years: Iterable[int] | None = None,
) -> pd.DataFrame:
    """List the days of each year on which a rule's running count is the article's number.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.
    n : int
        The number; the article's 32 by default.
    rules : iterable of str
        Keys of `RULES`; all by default.
    years : iterable of int, optional
        The years, within the record; all of the record by default.

    Returns
    -------
    DataFrame
        One row a rule and year that reach the number: ``rule``, ``year``, ``reached`` (day of
        the n-th), ``last`` (last day on which the count is n; missing where the day of the n-th
        went past it), ``days`` (how many days fit), ``exact`` (as in `nth`).

    Raises
    ------
    ValueError
        For an unknown rule or years outside the record.

    Examples
    --------
    >>> from analysis import load_launches
    >>> fits = article_days(load_launches(), rules=["cnn"])
    >>> fits[["year", "days"]].to_numpy().tolist()
    [[2022, 8]]
    """
    coverage = load_coverage()
    spans = coverage[coverage["table"] == "launches"]
    first, last = spans["start"].min(), spans["end"].min()
    chosen = range(first.year, last.year + 1) if years is None else sorted(set(years))
    rows = []
    for rule in rules:
        reached = nth(launches, rule, n, years=chosen, coverage=coverage).dropna()
        for year, day, exact in reached[["year", "date", "exact"]].itertuples(index=False):
            end = min(pd.Timestamp(year, 12, 31), last)
            curve = cumulative(launches, rule, years=[year], as_of=end, coverage=coverage)
            fit = curve.loc[curve["n"] == n, "date"]
            rows.append((rule, year, day, fit.max(), len(fit), exact))
    dtypes = {
        "rule": "str",
        "year": "int64",
        "reached": "datetime64[us]",
        "last": "datetime64[us]",
        "days": "int64",
        "exact": "bool",
    }
    return pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)


def article_weights() -> pd.DataFrame:
    """Return the weights by which launches are ranked for nearness to the description.

    Returns
    -------
    DataFrame
        One row a statement: ``statement``, ``full_score`` and ``no_score`` (what earns 1 and
        what earns 0; linear in between), and one column a weighting: ``equal``,
        ``place_and_time``, ``flight_and_number``. A value that the record lacks earns 0.

    Examples
    --------
    >>> article_weights()["equal"].sum()
    np.float64(5.0)
    """
    rows = [
        ("weekday", f"a {WEEKDAY}", "any other day", 1.0, 1.0, 0.5),
        ("local_time", "10:30", f"{_FAR_MINUTES // 60} hours off", 1.0, 2.0, 0.5),
        ("site", "Hamhung", f"{_FAR_KM} km away", 1.0, 2.0, 0.5),
        ("range_km", f"{_RANGE_KM} km", f"{_RANGE_KM} km off", 1.0, 0.5, 2.0),
        ("missiles", "one", "1 divided by the number", 1.0, 0.5, 2.0),
    ]
    names = ["statement", "full_score", "no_score", "equal", "place_and_time", "flight_and_number"]
    return pd.DataFrame(rows, columns=names)


def nearest_launches(
    launches: pd.DataFrame, *, weights: pd.DataFrame | None = None, top: int = 10
) -> pd.DataFrame:
    """Rank the salvos by nearness to the article's description, under each weighting.

    Parameters
    ----------
    launches : DataFrame
        One row a launch; ballistic ones are ranked.
    weights : DataFrame, optional
        As from `article_weights`, its own columns of weights allowed.
    top : int
        How many to keep under each weighting.

    Returns
    -------
    DataFrame
        One row a weighting and salvo: ``weighting``, ``rank``, ``salvo_id``, ``date``,
        ``weekday``, ``local_time``, ``site_name``, ``range_km`` (greatest of the salvo),
        ``missiles``, ``score`` (0 to 1), and the parts of the score before weighting:
        ``weekday_score``, ``local_time_score``, ``site_score``, ``range_km_score``,
        ``missiles_score``.

    Raises
    ------
    ValueError
        If `top` is below 1 or a statement has no weight.

    Examples
    --------
    >>> from analysis import load_launches
    >>> nearest_launches(load_launches(), top=1)["weighting"].tolist()
    ['equal', 'place_and_time', 'flight_and_number']
    """
    check_whole("top", top, least=1)
    table = (article_weights() if weights is None else weights).set_index("statement")
    salvos = described_salvos(launches)
    salvos = salvos[salvos["ballistic"]]
    parts = _statement_scores(salvos)
    needed = [str(part) for part in parts]
    absent = [part for part in needed if part not in table.index]
    if absent:
        raise ValueError(f"no weight for {', '.join(absent)}: expected {', '.join(needed)}")
    ranked = []
    for weighting in table.columns.drop(["full_score", "no_score"], errors="ignore"):
        weight = table[weighting].reindex(needed)
        score = (parts * weight).sum(axis=1) / weight.sum()
        best = salvos.assign(weighting=weighting, score=score).join(parts.add_suffix("_score"))
        best = best.sort_values(["score", "salvo_id"], ascending=[False, True]).head(top)
        ranked.append(best.assign(rank=np.arange(1, len(best) + 1)))
    columns = ["weighting", "rank", "salvo_id", *_SHOWN_COLUMNS, *parts.add_suffix("_score")]
    return pd.concat(ranked, ignore_index=True)[columns]


def fits_all(launches: pd.DataFrame) -> pd.DataFrame:
    """Say for each salvo which of the article's statements on the launch it satisfies.

    Parameters
    ----------
    launches : DataFrame
        One row a launch.

    Returns
    -------
    DataFrame
        One row a salvo, the best first: ``salvo_id``, ``date``, ``one_missile``, ``ballistic``,
        ``friday``, ``half_past_ten`` (within 15 minutes), ``from_hamhung``, ``flew_500_km``
        (within 50 km), ``n_fit``, ``all``.

    Raises
    ------
    ValueError
        If the launches lack a needed column.

    Examples
    --------
    >>> from analysis import load_launches
    >>> bool(fits_all(load_launches())["all"].any())
    False
    """
    salvos = described_salvos(launches)
    fits = pd.DataFrame({name: fit(salvos) for name, fit in FITS.items()}, index=salvos.index)
    table = salvos[["salvo_id", "date"]].join(fits)
    table["n_fit"] = fits.sum(axis=1).astype(np.int64)
    table["all"] = fits.all(axis=1)
    return table.sort_values(["n_fit", "salvo_id"], ascending=[False, True], ignore_index=True)


def described_salvos(launches: pd.DataFrame) -> pd.DataFrame:
    """Return one row a salvo of day precision, with Korean weekday and time of day."""
    launches = through_door(launches, "launches", _LAUNCH_NEEDS)
    need_named(launches, _LAUNCH_NEEDS, "launches", "the article's description")
    rows = launches[launches["date_precision"] == "day"].sort_values(["launched_at", "launch_id"])
    rows = rows.assign(ballistic=rows["family"].isin(["ballistic", "space"]))
    table = rows.groupby("salvo_id", as_index=False).agg(
        date=("date", "min"),
        launched_at=("launched_at", "min"),
        missiles=("missiles", "sum"),
        exact=("missiles_exact", "all"),
        range_km=("range_km", "max"),
        site=("site", "first"),
        site_name=("site_name", "first"),
        lat=("lat", "first"),
        lon=("lon", "first"),
        ballistic=("ballistic", "any"),
    )
    local = table["launched_at"].dt.tz_convert("Asia/Seoul")
    table["minutes"] = local.dt.hour * 60.0 + local.dt.minute
    table["local_time"] = local.dt.strftime("%H:%M").astype("str")
    table["weekday"] = table["date"].dt.day_name().astype("str")
    return table


#: How each statement on the launch itself is held against the salvos.
FITS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "one_missile": lambda s: (s["missiles"] == 1) & s["exact"],
    "ballistic": lambda s: s["ballistic"],
    "friday": lambda s: s["weekday"] == WEEKDAY,
    "half_past_ten": lambda s: (s["minutes"] - _MINUTES).abs() <= _AROUND_MINUTES,
    "from_hamhung": lambda s: s["site"].isin(_HAMHUNG),
    "flew_500_km": lambda s: (s["range_km"] - _RANGE_KM).abs() <= _ABOUT_KM,
}


def _statement_scores(salvos: pd.DataFrame) -> pd.DataFrame:
    """Score each statement from 0 to 1."""
    sites = load_sites()
    home = sites.loc[sites["site"] == _HAMHUNG[0]].iloc[0]
    far = _kilometres(salvos, home["lat"], home["lon"]).mask(FITS["from_hamhung"](salvos), 0.0)
    parts = pd.DataFrame(
        {
            "weekday": FITS["friday"](salvos).astype(float),
            "local_time": 1 - (salvos["minutes"] - _MINUTES).abs() / _FAR_MINUTES,
            "site": 1 - far / _FAR_KM,
            "range_km": 1 - (salvos["range_km"] - _RANGE_KM).abs() / _RANGE_KM,
            "missiles": 1 / salvos["missiles"],
        }
    )
    return parts.clip(0, 1).fillna(0.0)


def _kilometres(places: pd.DataFrame, lat: float, lon: float) -> pd.Series:
    """Return distances on the sphere from one point."""
    a, b = np.radians(places["lat"]), np.radians(lat)
    half = np.sin((a - b) / 2) ** 2
    half = half + np.cos(a) * np.cos(b) * np.sin(np.radians(places["lon"] - lon) / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
