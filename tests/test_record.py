"""Facts of the record that an outsider could verify, and promises of the loaders."""

import importlib
import subprocess
import sys

import pandas as pd
import pytest

import analysis
from analysis.record import load, schema
from analysis.record.build import build
from analysis.record.files import PROCESSED, RAW
from analysis.record.filters import passes_filter
from analysis.record.join import add_announced
from analysis.record.package import to_csv
from analysis.record.salvo import derive_salvos


def in_year(launches, year):
    return launches[(launches["date"].dt.year == year) & (launches["date_precision"] == "day")]


def test_totals_of_the_cns_database():
    launches = load.load_launches()
    assert launches.loc[launches["in_cns"], "missiles"].sum() == 339


@pytest.mark.parametrize(
    ("families", "missiles", "days"),
    [(["ballistic", "space"], 73, 34), (["ballistic", "space", "cruise"], 79, 37)],
)
def test_totals_of_2022(families, missiles, days):
    rows = in_year(load.load_launches(families=families), 2022)
    assert (rows["missiles"].sum(), rows["date"].nunique()) == (missiles, days)


def test_a_launch_stands_on_no_list_that_is_not_there():
    launches = pd.DataFrame({"launch_id": ["2022-01-05-01"]})
    announced = pd.DataFrame(columns=["launch_id", "capital", "missiles", "ground"], dtype="str")
    row = add_announced(launches, announced, schema.ANNOUNCERS).iloc[0]
    for announcer in schema.ANNOUNCERS.values():
        said = row[announcer.column]
        assert not said if announcer.gives == "list" else pd.isna(said)


def test_no_event_is_lost_on_the_way():
    typed = [
        pd.read_csv(RAW / f"{name}.csv")
        for name in ("anniversaries", "drills", "milestones", "talks")
    ]
    assert len(load.load_events()) == sum(map(len, typed))


def test_well_known_launches():
    launches = load.load_launches().set_index("date")
    assert launches.loc["2017-11-29", "name"] == "Hwasong-15"
    assert launches.loc["1998-08-31", "name"] == "Taepodong-1"
    # announced in Seoul for 15:31 on 9 November 2022
    assert launches.loc["2022-11-09", "launched_at"] == pd.Timestamp("2022-11-09T06:31Z")


def test_well_known_events():
    events = load.load_events(["nuclear_test", "olympics", "talks"])
    starts = events.set_index("title")["start"]
    tests = [f"{d:%Y-%m-%d}" for d in load.load_events("nuclear_test")["start"]]
    assert tests == [
        "2006-10-09", "2009-05-25", "2013-02-12", "2016-01-06", "2016-09-09", "2017-09-03",
    ]  # fmt: skip
    assert starts["Beijing 2022 Winter Olympics"] == pd.Timestamp("2022-02-04")


def test_a_midnight_launch_has_another_day_in_utc():
    launches = load.load_launches().set_index("launch_id")
    row = launches.loc["2022-01-05-01"]
    assert row["date"] == pd.Timestamp("2022-01-05")
    assert row["launched_at"].date().isoformat() == "2022-01-04"


def test_dtypes_are_those_of_the_schema():
    kinds = {
        "text": "str",
        "integer": "int64",
        "number": "float64",
        "boolean": "bool",
        "date": "datetime64[us]",
        "instant": "datetime64[us, UTC]",
    }
    for name, table in schema.TABLES.items():
        frame = load._load(name)
        assert list(frame) == table.names
        assert frame.index.equals(pd.RangeIndex(len(frame)))
        for column in table.columns:
            nullable = column.kind in ("integer", "boolean") and not column.required
            if not nullable:
                assert str(frame[column.name].dtype) == kinds[column.kind], column.name


def test_committed_tables_are_what_the_raw_tables_give():
    for name, frame in build(RAW).items():
        committed = (PROCESSED / f"{name}.csv").read_bytes()
        assert to_csv(frame, schema.TABLES[name]) == committed, f"{name}: run make data"
        pd.testing.assert_frame_equal(load._load(name), frame)


def test_every_source_is_used_and_known():
    cited = {
        key
        for frame in (load.load_launches(), load.load_example())
        for cell in frame["sources"]
        for key in cell.split(";")
    }
    keys = set(load.load_sources()["key"])
    assert cited <= keys
    everything = "".join(p.read_text("utf-8") for p in RAW.iterdir() if p.stem != "sources")
    assert [key for key in keys if key not in everything] == []


def test_sources_are_empty_only_where_unsourced():
    events = load.load_events()
    assert (events.loc[events["source"].isna(), "confidence"] == "unsourced").all()


def test_salvos_are_as_derived_and_never_mix_sites():
    launches = load.load_launches()
    assert (derive_salvos(launches) == launches["salvo_id"]).all()
    assert len(launches[["salvo_id", "site"]].drop_duplicates()) == launches["salvo_id"].nunique()


def test_each_missile_has_a_row():
    launches = load.load_launches()
    missiles = analysis.each_missile(launches)
    assert len(missiles) == launches["missiles"].sum()
    assert (missiles["missiles"] == 1).all()
    assert missiles["launch_id"].nunique() == len(launches)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: load.load_launches(families="balistic"), "'balistic': expected ballis"),
        (lambda: load.load_events("drils"), "'drils': expected drill"),
        (lambda: load.load_events(confidence="sure"), "'sure': expected sourced"),
        (lambda: load.load_eras("king"), "'king': expected dprk_leader"),
    ],
)
def test_unknown_words_name_the_allowed_ones(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_groups_find_their_events_and_keep_apart_what_differs():
    events = load.load_events()
    groups = load.load_groups().set_index("group")["filter"]
    members = {
        group: set(events.loc[passes_filter(events, wanted), "event_id"])
        for group, wanted in groups.items()
    }
    assert all(members.values())
    assert not members["un_sanctions"] & members["sanctions_easing"]
    assert not members["olympic_games"] & members["joint_teams"]
    assert not members["rok_elections"] & members["japan_pm_changes"]


def test_importing_the_loader_leaves_heavy_libraries_alone():
    program = (
        "import sys; from analysis import load_launches; load_launches();"
        "heavy = {'scipy', 'statsmodels', 'matplotlib', 'seaborn', 'joblib', 'IPython'};"
        "unasked = {m for m in sys.modules if m.startswith('analysis.counting')};"
        "print(*sorted(heavy & set(sys.modules) | unasked))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True)
    assert (done.stdout.strip(), done.stderr) == (b"", b"")


def test_public_names_exist_and_are_listed():
    assert dir(analysis) == sorted(analysis.__all__)
    for name in analysis.__all__:
        assert getattr(analysis, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'load_lunches'"):
        getattr(analysis, "load_lunches")  # noqa: B009


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("load", "load_launches load_groups last_day read_launches read_events each_missile"),
        ("schema", "DATA_VERSION EVENT_KINDS FAMILIES KLASSES OUTCOMES TABLES Column Table"),
        ("check", "Problem RecordError Text check korean_day parse read_text"),
        ("rules", "KOREA RULES UNITS CountRule kinds_text resolve_rule"),
        ("tally", "Bounds Coverage Day Tally in_period make_tally passes period_bounds"),
    ],
)
def test_names_of_the_first_release_are_found_where_they_stood(module, names):
    old = importlib.import_module(f"analysis.{module}")
    for name in names.split():
        with pytest.warns(DeprecationWarning, match=rf"analysis\.{module}\.{name} is now"):
            assert getattr(old, name) is not None


def test_a_number_that_rests_on_a_total_alone_is_a_guess_that_no_rule_follows():
    announced = build(RAW)["announced"]
    guessed = announced[announced["ground"] == "total"]
    launches = load.load_launches().set_index("launch_id")
    assert len(guessed)
    assert guessed["missiles"].eq(0).all()
    for row in guessed.itertuples():
        assert pd.isna(launches.loc[row.launch_id, f"{row.capital}_missiles"])
    # Tokyo's pages of the day say so
    assert launches.loc["2023-03-14-01", "tokyo_missiles"] == 0


def test_every_other_number_of_a_capital_stands_in_the_launches():
    announced = build(RAW)["announced"]
    launches = load.load_launches().set_index("launch_id")
    for row in announced[announced["ground"] != "total"].itertuples():
        assert launches.loc[row.launch_id, f"{row.capital}_missiles"] == row.missiles
