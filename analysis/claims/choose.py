"""The rule behind a published count, from who says it and how, never from the number."""

from __future__ import annotations

import re

import pandas as pd

#: Who counts, by words in the outlet; the first that matches is taken.
_COUNTERS = {
    "cns": r"\bCNS\b|\bNTI\b|Nuclear Threat Initiative|Middlebury|Nonproliferation|Cotton",
    "csis": r"\bCSIS\b|Beyond Parallel|Missile Threat",
    "jmod": (
        r"Japan MoD|Japan(?:ese|'s)? (?:Ministry of )?(?:Defen[cs]e|gov|military|count)"
        r"|Defen[cs]e Minister (?:Kono|Kishi|Hamada|Kihara|Nakatani|Koizumi)|\bJMOD\b|\bNHK\b"
        r"|Kyodo|\bJiji\b|Daily Defense|Yomiuri|Asahi|Mainichi|Nikkei|Sankei|\bNTV\b|\bTBS\b"
        r"|\bFNN\b|\bANN\b|Livedoor|JBpress|Tokyo Shimbun|Japan (?:News|Times|Today)"
    ),
    "rok": (
        r"White Paper|\bROK\b|\bMND\b|\bJCS\b|Joint Chiefs|Seoul count"
        r"|South Korean? (?:military|Defen[cs]e|gov)"
    ),
    "un": (
        r"^UN\b|\bUN (?:News|Panel|Secretar|Security)|United Nations|DiCarlo|Khiari|Jenca"
        r"|Guterres|Panel of Experts"
    ),
    "us": (
        r"State Department|US (?:Mission|gov|Army|military|envoy)|Thomas-Greenfield|Blinken"
        r"|Pentagon|White House"
    ),
    "cnn": r"\bCNN\b",
    "yonhap": r"Yonhap",
    "reuters": r"Reuters|Bloomberg",
}
#: The same by the first words of the paraphrase, where the outlet tells nothing.
_SPEAKERS = {
    # CNS lists what can reach 300 km
    "cns": r"^(?:CNS|NTI)\b|300 km range",
    "csis": r"^CSIS\b",
    "jmod": (
        r"^(?:Japan|Tokyo)\b|^Minister (?:Kono|Kishi|Hamada|Kihara|Nakatani|Koizumi)"
        r"|Japan count"
    ),
    "rok": r"^(?:JCS|MND|White paper|Seoul)\b|Seoul count",
    "un": r"^UN\b",
    "cnn": r"CNN(?:'s)? (?:count|tally)",
}
#: When the press counted rounds of weapons firing, rocket artillery among them: Seoul's
#: projectiles of 2013-2016, and from the rocket launchers of 20 March 2022 until the next
#: missiles, of 17 August, on which all counts agree again.
_ROUNDS = (("2013-01-01", "2016-12-31"), ("2022-03-20", "2022-08-16"))
#: CNN's own tally and Tokyo's running count with cruise missiles are known from this year on.
_TALLIES = pd.Timestamp("2022-01-01")
_MONTH = 31  # days; longer totals of missiles rest on ballistic ones


def choose_rule(
    *,
    outlet: str,
    unit: str,
    scope: str,
    period_start: pd.Timestamp,
    as_of: pd.Timestamp,
    paraphrase: str = "",
) -> str:
    """Choose the counting rule of a published count.

    The number stated is not asked for. Who counts comes first (a database, a ministry, a
    newsroom with a known convention), then the noun, then what is counted.

    Parameters
    ----------
    outlet : str
        Who published it, with the credited counter in brackets.
    unit : str
        missile | launch_event | launch_day | test | unclear; others are read as unclear.
    scope : str
        ballistic | ballistic_and_cruise | all_missiles | icbm | cruise | unclear; others are
        read as unclear.
    period_start, as_of : Timestamp
        First and last day of the count.
    paraphrase : str
        The statement in our words.

    Returns
    -------
    str
        A key of `analysis.counting.RULES`.

    Raises
    ------
    TypeError
        If a day is not a Timestamp.

    Examples
    --------
    >>> start, end = pd.Timestamp("2022-01-01"), pd.Timestamp("2022-12-31")
    >>> choose_rule(outlet="NHK (Japan MoD)", unit="missile", scope="ballistic",
    ...             period_start=start, as_of=end)
    'jmod_missiles'
    """
    who = counter(outlet, paraphrase)
    if scope in ("icbm", "cruise"):
        return _by_class(who, unit, scope)
    if who in ("statista", "cns", "csis"):
        return _database(who, unit, paraphrase)
    if who in ("un", "us") and unit != "launch_day" and scope in ("ballistic", "unclear"):
        return _nations(who, unit)
    if unit == "missile":
        return _missiles(who, scope, (as_of - period_start).days + 1, paraphrase)
    return _events(who, scope, as_of, paraphrase)


def counter(outlet: str, paraphrase: str) -> str:
    """Name who counts: a key of the known counters, or nothing."""
    if "Statista" in outlet:
        return "statista"
    credit = " ".join(
        text
        for text in re.findall(r"\(([^)]*)\)", outlet)
        if not re.match(r"(?:via|copy|agencies|mirror|respun)\b", text)
    )
    host = re.sub(r"\([^)]*\)", "", outlet).strip()
    for text, known in ((credit, _COUNTERS), (host, _COUNTERS), (paraphrase, _SPEAKERS)):
        for who, words in known.items():
            if who == "jmod" and host.startswith("Sputnik") and text is host:
                continue
            if re.search(words, text):
                return who
    return ""


def _nations(who: str, unit: str) -> str:
    """Choose for Washington and the United Nations, who count single missiles."""
    if who == "us":
        return "us_state"
    return "un_panel" if unit == "missile" else "un_secretariat"


def _by_class(who: str, unit: str, scope: str) -> str:
    """Choose for counts of one class alone."""
    if scope == "icbm":
        if who == "jmod":
            return "jmod_icbm"
        return "icbm_missiles" if unit == "missile" else "icbm_days"
    return "cruise_missiles" if unit == "missile" else "cruise_days"


def _database(who: str, unit: str, paraphrase: str) -> str:
    """Choose for counts on a database: CNS calls every missile a test, CSIS a day and kind."""
    if who == "csis":
        return "csis_missiles" if unit == "missile" else "csis"
    if unit == "launch_day":
        return "cns_days"
    failures_named = re.search(r"\bfail", paraphrase) and not _denied(paraphrase)
    return "statista" if who == "statista" and not failures_named else "cns"


def _missiles(who: str, scope: str, days: int, paraphrase: str) -> str:
    """Choose for counts of single missiles."""
    if who == "jmod" and (
        scope in ("ballistic", "unclear") or (scope == "all_missiles" and days > _MONTH)
    ):
        return "jmod_missiles"
    if scope == "ballistic":
        return "reuters" if who == "reuters" else "rok_missiles"
    if scope == "ballistic_and_cruise":
        return "press_missiles"
    if _says(r"\bSAMs?\b|surface-to-air|anti-air", paraphrase):
        return "air_defence_too_missiles"
    if days <= _MONTH:
        # projectiles are whatever flew
        words = r"projectile|rocket|artillery"
        return "all_missiles" if _says(words, paraphrase) else "press_missiles"
    # Seoul and Tokyo give numbers of ballistic missiles, of cruise missiles mostly "several"
    return "rok_missiles"


def _events(who: str, scope: str, as_of: pd.Timestamp, paraphrase: str) -> str:
    """Choose for counts of launches, tests, rounds and days."""
    if scope == "ballistic":
        if who == "yonhap" and _says(r"\bfirings\b|\btimes\b", paraphrase):
            return "yonhap_times"
        return {"jmod": "jmod_occasions", "rok": "rok_white_paper"}.get(who, "press_ballistic")
    if _says(r"\bSAMs?\b|surface-to-air|anti-air", paraphrase):
        return "air_defence_too_days"
    if _says(r"artillery|rocket launcher|multiple rocket", paraphrase):
        return "weapons_rounds"
    own_tally = as_of >= _TALLIES
    if who == "cnn" and own_tally:
        return "cnn"
    if who == "jmod" and (own_tally or scope == "ballistic_and_cruise"):
        return "jmod_running"
    if who == "jmod":
        return "jmod_occasions"
    if scope == "ballistic_and_cruise":
        return "press"
    in_rounds = any(pd.Timestamp(a) <= as_of <= pd.Timestamp(b) for a, b in _ROUNDS)
    return "weapons_rounds" if in_rounds else "press"


def _says(words: str, paraphrase: str) -> bool:
    """Tell whether a paraphrase has the words and does not leave them out."""
    return bool(re.search(words, paraphrase, re.IGNORECASE)) and not _denied(paraphrase)


def _denied(paraphrase: str) -> bool:
    """Tell whether a paraphrase says that something is left out."""
    return bool(re.search(r"exclud|not count|without|apart from|\bonly\b|leav", paraphrase))
