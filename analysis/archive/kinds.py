"""The layouts of event archives, as data: columns, types, and what each column means to us.

Column names are those of the publishers' codebooks: GDELT 1.0 (57 columns, from April 2013 on a
58th with the address of the source) and 2.0 (61 columns), neither with a header; ICEWS coded
events and UCDP GED, both with one. Types are DuckDB's.

References
----------
Leetaru, K. and Schrodt, P. A. (2013). GDELT: Global data on events, location, and tone,
1979-2012. International Studies Association annual convention.

Boschee, E. et al. (2015). ICEWS Coded Event Data. Harvard Dataverse. doi:10.7910/DVN/28075

Sundberg, R. and Melander, E. (2013). Introducing the UCDP Georeferenced Event Dataset. Journal
of Peace Research 50(4), 523-532. doi:10.1177/0022343313484347
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..errors import unknown


def _with_types(**columns: str) -> dict[str, str]:
    """Return the type of each column, from the names of each type in one string."""
    return {name: kind for kind, names in columns.items() for name in names.split()}


def _ordered(names: Iterable[str], types: Mapping[str, str]) -> dict[str, str]:
    """Return the type of each column in order; text where nothing else is said."""
    return {name: types.get(name, "VARCHAR") for name in names}


def _parted(names: str) -> list[str]:
    """Return names parted by commas."""
    return [name.strip() for name in names.split(",")]


def _gdelt(geography: str) -> list[str]:
    """Return the columns of a GDELT file whose places are described by these columns."""
    actor = (
        "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code "
        "Type1Code Type2Code Type3Code"
    )
    event = (
        "IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale "
        "NumMentions NumSources NumArticles AvgTone"
    )
    names = ["GLOBALEVENTID SQLDATE MonthYear Year FractionDate"]
    names += [f"Actor{number}{part}" for number in (1, 2) for part in actor.split()]
    names += [event]
    places = ("Actor1Geo", "Actor2Geo", "ActionGeo")
    names += [f"{place}_{part}" for place in places for part in geography.split()]
    names += ["DATEADDED SOURCEURL"]
    return " ".join(names).split()


_GDELT_TYPES = _with_types(
    BIGINT="GLOBALEVENTID",
    DATE="SQLDATE",
    INTEGER="MonthYear Year IsRootEvent QuadClass NumMentions NumSources NumArticles "
    "Actor1Geo_Type Actor2Geo_Type ActionGeo_Type",
    DOUBLE="FractionDate GoldsteinScale AvgTone Actor1Geo_Lat Actor1Geo_Long Actor2Geo_Lat "
    "Actor2Geo_Long ActionGeo_Lat ActionGeo_Long",
)
_GDELT_1 = _gdelt("Type FullName CountryCode ADM1Code Lat Long FeatureID")
_GDELT_2 = _gdelt("Type FullName CountryCode ADM1Code ADM2Code Lat Long FeatureID")
_ICEWS = """
    Event ID,Event Date,Source Name,Source Sectors,Source Country,Event Text,CAMEO Code,Intensity,
    Target Name,Target Sectors,Target Country,Story ID,Sentence Number,Publisher,City,District,
    Province,Country,Latitude,Longitude
"""
_UCDP = """
    id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,
    conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,
    side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,
    source_date,source_headline,source_original,where_prec,where_coordinates,where_description,
    adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,
    date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,
    gwnoa,gwnob
"""


@dataclass(frozen=True)
class Kind:
    """How one kind of archive is written, and which of its columns mean what.

    Parameters
    ----------
    columns : dict
        Type of each column, in the order of the file.
    means : dict
        Which column holds what: ``day`` of the event, ``reported`` (day added to the archive),
        ``event`` (identifier), ``document``, ``root`` (1 for what an article is about),
        ``source``, ``target``, ``action``, ``place``, ``quad_class``, ``goldstein``, ``tone``,
        ``day_precision`` (1: known to the day). What an archive does not hold is left out.
    launcher : str
        How the archive writes North Korea.
    classes : tuple of str
        By what its deeds can be told apart.
    optional : tuple of str
        Last columns that older files lack.
    header, delimiter, quote : bool, str, str
        How the file is written.
    nulls : tuple of str
        What stands where nothing is known, beside empty cells.
    dates : dict
        How dates and times are written, where not as 2013-04-01.
    """

    columns: Mapping[str, str]
    means: Mapping[str, str]
    launcher: str
    classes: tuple[str, ...] = ("quad_class", "root_code", "goldstein")
    optional: tuple[str, ...] = ()
    header: bool = False
    delimiter: str = "\t"
    quote: str = ""
    nulls: tuple[str, ...] = ()
    dates: Mapping[str, str] | None = None

    @property
    def month(self) -> str:
        """Name the column by whose month Parquet files are parted: the day added, or else of."""
        return self.means.get("reported", self.means["day"])

    def layouts(self) -> dict[int, dict[str, str]]:
        """Return the columns of every width that files of this kind have."""
        names = list(self.columns)
        widths = range(len(names) - len(self.optional), len(names) + 1)
        return {width: {name: self.columns[name] for name in names[:width]} for width in widths}


_GDELT_MEANS = {
    "day": "SQLDATE",
    "reported": "DATEADDED",
    "event": "GLOBALEVENTID",
    "document": "SOURCEURL",
    "root": "IsRootEvent",
    "source": "Actor1CountryCode",
    "target": "Actor2CountryCode",
    "actor1": "Actor1Code",
    "actor2": "Actor2Code",
    "action": "EventCode",
    "root_code": "EventRootCode",
    "place": "ActionGeo_FullName",
    "quad_class": "QuadClass",
    "goldstein": "GoldsteinScale",
    "tone": "AvgTone",
}
KINDS = {
    "gdelt1": Kind(
        _ordered(_GDELT_1, {**_GDELT_TYPES, "DATEADDED": "DATE"}),
        _GDELT_MEANS,
        "PRK",
        optional=("SOURCEURL",),
        dates={"dateformat": "%Y%m%d"},
    ),
    "gdelt2": Kind(
        _ordered(_GDELT_2, {**_GDELT_TYPES, "DATEADDED": "TIMESTAMP"}),
        _GDELT_MEANS,
        "PRK",
        dates={"dateformat": "%Y%m%d", "timestampformat": "%Y%m%d%H%M%S"},
    ),
    "icews": Kind(
        _ordered(
            _parted(_ICEWS),
            {
                **dict.fromkeys(("Event ID", "Story ID", "Sentence Number"), "BIGINT"),
                **dict.fromkeys(("Intensity", "Latitude", "Longitude"), "DOUBLE"),
                "Event Date": "DATE",
            },
        ),
        {
            "day": "Event Date",
            "event": "Event ID",
            "document": "Story ID",
            "source": "Source Country",
            "target": "Target Country",
            "actor1": "Source Name",
            "actor2": "Target Name",
            "action": "CAMEO Code",
            "place": "City",
            "goldstein": "Intensity",
        },
        "North Korea",
        header=True,
        nulls=("NULL", "NA"),  # the second where files went through R
    ),
    "ucdp": Kind(
        _ordered(
            _parted(_UCDP),
            _with_types(
                BIGINT="id year type_of_violence conflict_new_id dyad_new_id side_a_new_id "
                "side_b_new_id number_of_sources where_prec priogrid_gid country_id "
                "event_clarity date_prec deaths_a deaths_b deaths_civilians deaths_unknown "
                "best high low",
                DOUBLE="latitude longitude",
                TIMESTAMP="date_start date_end",
            ),
        ),
        {
            "day": "date_start",
            "event": "id",
            "document": "id",
            "source": "side_a",
            "target": "side_b",
            "actor1": "side_a",
            "actor2": "side_b",
            "action": "type_of_violence",
            "place": "where_coordinates",
            "day_precision": "date_prec",
        },
        "Government of North Korea",
        classes=("quad_class",),
        header=True,
        delimiter=",",
        quote='"',
    ),
}


def kind_of(columns: Iterable[str]) -> Kind:
    """Return the kind whose columns a table has.

    Examples
    --------
    >>> kind_of(KINDS["icews"].columns).launcher
    'North Korea'
    """
    there = set(columns)
    for kind in KINDS.values():
        needed = {kind.means[name] for name in ("day", "event", "source", "target")}
        if needed <= there and set(kind.layouts()[min(kind.layouts())]) & there >= needed:
            return kind
    raise unknown("columns of an archive", sorted(there)[:5], KINDS)
