"""Laws and small cases of the salvo: what was fired together."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.record.salvo import derive_salvos

from .toys import toy_launches


def salvos(*cells: tuple[str, str, str]) -> dict[str, str]:
    """Return the salvo of each row of (id, site, UTC instant, Korean day or 'YYYY-MM-DD month')."""
    ids, sites, when = zip(*cells, strict=True)
    precision = ["month" if at.endswith("month") else "day" for at in when]
    frame = toy_launches(when, launch_id=ids, site=sites, date_precision=precision)
    return dict(zip(ids, frame["salvo_id"], strict=True))


def test_sixty_minutes_join_and_sixty_one_part() -> None:
    found = salvos(
        ("a", "x", "2022-01-01T00:00Z"),
        ("b", "x", "2022-01-01T01:00Z"),
        ("c", "x", "2022-01-01T02:01Z"),
    )
    assert found == {"a": "a", "b": "a", "c": "c"}


def test_a_chain_may_last_longer_than_an_hour() -> None:
    found = salvos(*[(str(i), "x", f"2022-01-01T0{i}:00Z") for i in range(5)])
    assert set(found.values()) == {"0"}


def test_salvos_cross_midnight_in_korea() -> None:
    found = salvos(
        ("late", "x", "2022-01-01T14:50Z"),
        ("early", "x", "2022-01-01T15:10Z"),
    )
    assert set(found.values()) == {"late"}


def test_sites_never_share_a_salvo() -> None:
    found = salvos(
        ("a", "x", "2022-01-01T00:00Z"),
        ("b", "y", "2022-01-01T00:00Z"),
    )
    assert found == {"a": "a", "b": "b"}


def test_a_row_without_time_joins_the_only_salvo_of_its_day_and_site() -> None:
    one = ("a", "x", "2022-01-01T00:00Z")
    two = ("b", "x", "2022-01-01T08:00Z")
    bare = ("0", "x", "2022-01-01")
    assert salvos(one, bare)["0"] == "a"
    assert salvos(one, two, bare)["0"] == "0"
    assert salvos(("b", "y", "2022-01-01"), one, bare)["b"] == "b"


def test_rows_without_time_of_one_day_and_site_stay_together() -> None:
    found = salvos(("b", "x", "2022-01-01"), ("a", "x", "2022-01-01"))
    assert set(found.values()) == {"a"}


def test_month_rows_stand_alone() -> None:
    found = salvos(
        ("a", "x", "2022-01-01 month"),
        ("b", "x", "2022-01-01 month"),
        ("c", "x", "2022-01-01"),
    )
    assert found == {"a": "a", "b": "b", "c": "c"}


def test_no_rows_and_missing_columns() -> None:
    assert toy_launches([])["salvo_id"].empty
    with pytest.raises(ValueError, match="site"):
        derive_salvos(toy_launches([]).drop(columns="site"))


minutes = st.one_of(st.none(), st.integers(0, 6 * 60))
cells = st.lists(st.tuples(st.sampled_from("xy"), minutes), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(cells, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(made: list, chance: object) -> None:
    # instants from 12:00Z, so some fall before and some after midnight in Korea
    start = pd.Timestamp("2022-01-01T12:00")
    instants = [start + pd.Timedelta(minutes=at or 0) for _, at in made]
    timed = [at is not None for _, at in made]
    form = {True: "%Y-%m-%dT%H:%MZ", False: "%Y-%m-%d"}
    when = [at.strftime(form[has]) for at, has in zip(instants, timed, strict=True)]
    frame = toy_launches(when, site=[site for site, _ in made])
    before = derive_salvos(frame)
    order = list(range(len(frame)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    assert derive_salvos(frame.iloc[order]).sort_index().equals(before)
    # the name is a member of the salvo, and of the salvo alone
    named = frame.set_index("launch_id").loc[before]
    assert (named["site"].to_numpy() == frame["site"].to_numpy()).all()
    assert set(before[before == frame["launch_id"]]) == set(before)
