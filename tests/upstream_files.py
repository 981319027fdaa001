"""Files in the layouts of other databases, made from the record's own launches, with their traps.

Nothing here is copied from those databases: the rows are ours, the forms and slips are theirs.
"""

import csv
import datetime as dt
import io
import json
import re
import zipfile

import openpyxl
import pandas as pd

from analysis import each_missile, load_launches
from analysis.upstream.names import spellings

CNS = [
    "F1", "Date", "Date Entered/Updated", "Launch Time (UTC)", "Missile Name", "Missile Type",
    "Launch Agency/Authority", "Facility Name", "Facility Location", "Other Name",
    "Facility Latitude", "Facility Longitude", "Landing Location", "Apogee",
    "Distance Travelled", "Confirmation Status", "Test Outcome", "Additional Information",
    "Source(s)",
]  # fmt: skip
#: The CSV of 2017 has no times (its dates are Korean), and other names for three columns.
CNS_2017 = {
    "Apogee": "Apogee (km)", "Distance Travelled": "Distance Travelled (km)",
    "Test Outcome": "Success",
}  # fmt: skip


def in_cns(last="2023-04-13"):
    """One row a missile of the record's CNS launches, in their order."""
    launches = load_launches()
    rows = each_missile(launches[launches["in_cns"] & (launches["date"] <= last)])
    return rows.reset_index(drop=True)


def _unknown(value, words):
    return words if pd.isna(value) else value


def cns_cells(row, number):
    """Return the cells of one missile as CNS has them since 2018; dates and times typed."""
    unknown = row.system.startswith("unknown")
    utc = row.launched_at if pd.notna(row.launched_at) else row.date
    blank = ("Unknown", "N/A", "", None)[number % 4]
    distance = _unknown(row.range_km, blank)
    if isinstance(distance, float):
        distance = (f"{distance:,.0f} km", f"{distance:.0f} km", f"{distance:.0f} lm")[number % 3]
    return {
        "F1": number,
        "Date": utc.to_pydatetime().replace(tzinfo=None, hour=0, minute=0),
        "Date Entered/Updated": dt.datetime(2023, 1, 5),
        "Launch Time (UTC)": utc.time() if pd.notna(row.launched_at) else None,
        "Missile Name": "Unknown" if unknown else row.name,
        "Missile Type": "Unknown" if row.klass == "BM_UNKNOWN" else row.klass,
        "Launch Agency/Authority": None,
        "Facility Name": "Unknown" if row.site == "unknown" else row.site_name,
        "Facility Location": "Chiha-ri\xa0, (North Korea)",
        "Other Name": None,
        "Facility Latitude": _unknown(row.lat, "Unknown"),
        "Facility Longitude": _unknown(row.lon, "Unknown"),
        "Landing Location": "Sea of Japan or East Sea",
        "Apogee": _unknown(row.apogee_km, blank)
        if pd.isna(row.apogee_km)
        else (row.apogee_km, f"{row.apogee_km:g} km")[number % 2],
        "Distance Travelled": distance,
        "Confirmation Status": "Confirmed",
        "Test Outcome": row.outcome.capitalize(),
        "Additional Information": "First line, with a comma;\nsecond line \u2013 of 2",
        "Source(s)": "a page; another",
    }


def cns_rows(rows):
    """Return the cells of every missile."""
    return [cns_cells(row, i) for i, row in enumerate(rows.itertuples(), start=1)]


def _shown_day(day, precision):
    """9-Apr-84, Sep-84."""
    return f"{day:%b-%y}" if precision == "month" else f"{day.day}-{day:%b-%y}"


def cns_csv(rows, *, form="2023"):
    """Return CNS as CSV: of 2017 in UTF-8, since then in Windows-1252."""
    table = cns_rows(rows)
    names = [name for name in CNS if form != "2017" or name != "Launch Time (UTC)"]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([CNS_2017.get(name, name) if form == "2017" else name for name in names])
    for cells, row in zip(table, rows.itertuples(), strict=True):
        day = row.date if form == "2017" else cells["Date"]
        time = cells["Launch Time (UTC)"]
        cells |= {
            "Date": _shown_day(day, row.date_precision),
            "Date Entered/Updated": "11/2/2022",
            "Launch Time (UTC)": "" if time is None else f"{time:%I:%M:%S %p}".lstrip("0"),
        }
        writer.writerow(["" if cells[name] is None else cells[name] for name in names])
    return out.getvalue().encode("utf-8" if form == "2017" else "cp1252")


_LOOKUP = "=VLOOKUP(H3,Table1[],5,FALSE)"
FORMULAS = {"F1": "=A1+1", "Facility Latitude": _LOOKUP, "Facility Longitude": _LOOKUP}


def cns_xlsx(rows):
    """Return CNS as a workbook: a blank first row, formulas with the values Excel left in them."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Missile Tests"
    cached = {}
    for j, name in enumerate(CNS, start=1):
        sheet.cell(2, j, name)
    for i, (cells, row) in enumerate(zip(cns_rows(rows), rows.itertuples(), strict=True), start=3):
        for j, name in enumerate(CNS, start=1):
            cell = sheet.cell(i, j, cells[name])
            if name == "Date":
                cell.number_format = "mmm-yy" if row.date_precision == "month" else "d-mmm-yy"
            elif name == "Launch Time (UTC)":
                cell.number_format = "[$-F400]h:mm:ss\\ AM/PM"
            elif name in FORMULAS and cells[name] != "Unknown":
                cached[cell.coordinate] = cells[name]
                cell.value = FORMULAS[name]
    other = book.create_sheet("Facilities")
    other["A2"] = "Facility"
    other["B2"] = "Date of First Test"
    book.create_sheet("Terms and Definitions")
    content = io.BytesIO()
    book.save(content)
    return _with_cached_values(content.getvalue(), cached)


def _with_cached_values(raw, cached):
    """Put values beside the formulas, as Excel does and openpyxl cannot."""
    source, target = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = re.sub(
                    r'(<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f>)<v ?/?>(?:</v>)?',
                    lambda found: f"{found[1]}<v>{cached[found[2]]}</v>",
                    data.decode(),
                ).encode()
            package.writestr(part, data)
    return target.getvalue()


def nagix_json(rows):
    """Return the copy by nagix: numbers, numeric strings, "unknown" and "na" in one column."""
    years = {}
    for i, row in enumerate(rows.itertuples(), start=1):
        utc = row.launched_at if pd.notna(row.launched_at) else row.date
        day = f"{utc:%Y-%m}" if row.date_precision == "month" else f"{utc:%Y-%m-%d}"
        if i % 5 == 0:
            day = f"{utc.year}-{utc.month}" + ("" if len(day) == 7 else f"-{utc.day}")
        record = {
            "date": day,
            "time": f"{utc:%H:%M} (UTC)" if pd.notna(row.launched_at) else "unknown",
            "missile": "unknown" if row.system.startswith("unknown") else row.system,
            "facility": row.site,
            "landing": "sea-of-japan",
            "Apogee": _mixed(row.apogee_km, i),
            "distance": _mixed(row.range_km, i + 1),
            "bearing": 90,
            "outcome": row.outcome,
            "description": f"{i} of many",
        }
        if i % 3:
            record["series"] = i % 3
        years.setdefault(utc.year, []).append(record)
    bins = [{"data": records, "year": year} for year, records in years.items()]
    return json.dumps({"timeBins": bins}, indent="\t").encode()


def _mixed(value, i):
    if pd.isna(value):
        return ("unknown", "na")[i % 2]
    whole = int(value) if value == int(value) else value
    return (whole, f"{whole}", float(value))[i % 3]


TITLES = {
    "SRBM": "Short-range Ballistic Missile Launch", "MRBM": "Medium-range Ballistic Missile Launch",
    "IRBM": "Intermediate-range Ballistic Missile Launch",
    "ICBM": "Intercontinental Ballistic Missile", "BM_UNKNOWN": "Ballistic Missile Launch",
    "SLBM": "Submarine Launched Ballistic Missile Launch", "SLV": "Satellite Launch",
    "LACM": "Strategic cruise missile", "ASCM": "Anti-Ship Cruise Missile Launch",
    "CM_UNKNOWN": "Cruise Missile Launch", "SAM": "Anti-aircraft Missile Launch",
    "MLRS": "Multiple Lanuch Rocket System (MLRS) Test",
}  # fmt: skip


def in_csis():
    """The record's launches that CSIS lists, the first row of each day and class."""
    launches = load_launches()
    rows = launches[launches["in_csis"] & (launches["date_precision"] == "day")]
    return rows.drop_duplicates(["date", "klass"]).reset_index(drop=True)


def csis_records(rows):
    """Return CSIS records: launches, other provocations, exotic hyphens, blank rows."""
    records = []
    for i, row in enumerate(rows.itertuples()):
        day = f"{row.date:%Y-%m-%d}"
        number = f"{row.missiles}" if row.missiles_exact else f"around {row.missiles}"
        records.append(
            {
                "date": day.replace("-", "\u2011") if i % 4 == 0 else day,
                "type": "Missile Provocation",
                "event": TITLES[row.klass],
                "description": f"North Korea fired {number} short\u2011range missiles\xa0\u2019.",
                "resources": "page",
            }
        )
        if i % 10 == 0:
            other = ("Exchange of Fire at DMZ", "Rocket Engine Test", "Nuclear Test")[i // 10 % 3]
            records.append({**records[-1], "type": "Other Provocation", "event": other})
        if i % 40 == 0:
            records.append(dict.fromkeys(records[-1], ""))
    return records


def csis_csv(records, *, form="raw"):
    """Return the CSV of CSIS: raw, processed (more columns), or of 2018 (Mac Roman, \\r)."""
    frame = pd.DataFrame(records)
    if form == "processed":
        frame["year"], frame["mentions_kim"] = 2026, False
    if form == "2018":
        frame = frame.rename(columns={"resources": "media"}).replace("\u2011", "-", regex=True)
        text = frame.to_csv(index=False, lineterminator="\r").rstrip("\r")
        return text.encode("mac_roman")
    return frame.to_csv(index=False).encode()


def csis_page(records):
    """Return a page that carries the records as a JavaScript literal."""
    names = {"date": "date", "type": "cat", "event": "event", "description": "desc"}

    def quoted(value):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
        return f"'{escaped}'"

    lines = [
        "  {" + ",".join(f"{new}:{quoted(r[old])}" for old, new in names.items()) + ",sev:4},"
        for r in records
        if r["date"]
    ]
    literal = "\n".join(lines).rstrip(",")
    return (
        "<html><script>\nconst SHEET_URL = ''; /* none */\nconst RECORDS = [\n"
        f"{literal}\n];\nconst CAT = {{a:1}};\n</script></html>\n"
    ).encode()


GCAT_TYPES = {
    "hwasong-11a": "Hwasong-11Ga", "hwasong-11b": "Hwasong-11Na", "scud-b": "Hwasong 5",
    "nodong": "Hwasong-7", "musudan": "Hwasong-10", "chollima-1": "Cheonlima-1",
}  # fmt: skip


CODE = "Launch_Code"


def gcat_columns(width):
    """Return the header of the launch list when it had that many columns."""
    names = [
        "Launch_Tag", "Launch_JD", "Launch_Date", "LV_Type", "Variant", "Flight_ID", "Flight",
        "Mission", "FlightCode", "Platform", "Launch_Site", "Launch_Pad", "Ascent_Site",
        "Ascent_Pad", "Apogee", "Apoflag", "Range", "RangeFlag", "Dest",
    ]  # fmt: skip
    orbit = ["OrbPay"] if width > 26 else []
    failure = ["FailCode"] if width > 27 else []
    rest = ["Group", "Category", "LTCite", "Cite", "Notes"]
    return [*names, *orbit, "Agency", CODE, *failure, *rest]


def gcat_tsv(rows, *, columns=28, header=None, marks_inside=False):
    """Return the launch list of GCAT with 26 to 28 columns; the header may be of another year.

    With `marks_inside` the marks of doubt have no cells of their own, whatever the header says.
    """
    sites = {ours: theirs for theirs, ours in spellings("gcat site").items()}
    lines = ["#" + "\t".join(gcat_columns(header or columns))]
    lines.append("# Updated 2026 Mar  8 0108:57")
    others = [
        {"Launch_Date": "1942 Jun 13 1052", "LV_Type": "A-4", "Launch_Site": "HVP"},
        {"Launch_Date": "2022 Jun?", "LV_Type": "Sineva", "Launch_Site": "BLA?"},
        {"Launch_Date": "2019 Nov  4 1743:04", "LV_Type": "Soyuz", CODE: "OS"},
    ]
    for row in rows.itertuples():
        utc = row.launched_at if pd.notna(row.launched_at) else row.date
        when = f"{utc:%Y %b}"
        if row.date_precision == "day":
            when += f" {utc.day:2d}" + (f" {utc:%H%M}" if pd.notna(row.launched_at) else "")
        space = row.family == "space"
        others.append(
            {
                "Launch_Date": when,
                "LV_Type": GCAT_TYPES.get(row.system, row.name),
                "Launch_Site": sites.get(row.site, "-"),
                "Apogee": f"{row.apogee_km:7.0f} " if pd.notna(row.apogee_km) else "      - ",
                "Range": f"{row.range_km:5.0f}?" if pd.notna(row.range_km) else "    - ",
                "Agency": "KPA",
                CODE: ("O" if space else "M")
                + {"success": "S", "failure": "F", "unknown": "U"}[row.outcome],
            }
        )
    for i, cells in enumerate(others):
        line = dict.fromkeys(gcat_columns(columns), "-") | {"Launch_Tag": f"2022-S{i:02d}  "}
        line |= {CODE: "MS"} | cells
        if marks_inside:
            del line["Apoflag"], line["RangeFlag"]
        lines.append("\t".join(line.values()))
    return ("\n".join(lines) + "\n").encode()
