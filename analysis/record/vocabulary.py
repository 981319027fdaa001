"""Words that cells may hold: families, classes, outcomes, precisions, kinds of events."""

FAMILIES = ("ballistic", "space", "cruise", "air_defence", "rocket_artillery")
#: Every missile class and the family it belongs to.
KLASSES = {
    "SRBM": "ballistic",
    "MRBM": "ballistic",
    "IRBM": "ballistic",
    "ICBM": "ballistic",
    "SLBM": "ballistic",
    "BM_UNKNOWN": "ballistic",
    "SLV": "space",
    "LACM": "cruise",
    "ASCM": "cruise",
    "CM_UNKNOWN": "cruise",
    "SAM": "air_defence",
    "MLRS": "rocket_artillery",
}
OUTCOMES = ("success", "failure", "unknown")
PRECISIONS = ("day", "month", "year")
CONFIDENCES = ("sourced", "unsourced", "conflicting")

#: Every event category and the kinds it holds.
EVENT_KINDS = {
    "drill": (
        "air",
        "amphibious",
        "combined_command_post",
        "domestic",
        "field",
        "live_fire",
        "naval",
        "nuclear_tabletop",
        "trilateral",
    ),
    "talks": (
        "agreement",
        "bilateral_china",
        "bilateral_japan",
        "bilateral_russia",
        "bilateral_us",
        "envoy_visit",
        "inter_korean",
        "letter_or_call",
        "multilateral",
        "six_party_round",
        "summit",
    ),
    "declaration": (
        "drill_resumption",
        "drill_suspension",
        "hostility",
        "leadership",
        "moratorium",
        "policy_law",
        "talks_offer",
        "talks_rejection",
        "un_admission",
        "unsc_nonproliferation",
        "unsc_statement",
        "withdrawal",
    ),
    "sanctions": (
        "sanctions_easing",
        "sanctions_monitoring",
        "unilateral_sanctions",
        "unsc_panel_end",
        "unsc_resolution",
        "unsc_veto",
    ),
    "olympics": (
        "asian_games",
        "ioc_suspension",
        "joint_team_step",
        "olympic_truce",
        "summer_games",
        "summer_paralympics",
        "winter_games",
        "winter_paralympics",
    ),
    "election": (
        "japan_pm",
        "rok_general",
        "rok_inauguration",
        "rok_presidential",
        "spa_election",
        "us_inauguration",
        "us_midterm",
        "us_presidential",
    ),
    "party_meeting": (
        "new_year_speech",
        "spa_session",
        "wpk_conference",
        "wpk_congress",
        "wpk_plenum",
        "wpk_plenum_year_end",
    ),
    "nuclear_test": ("nuclear_test",),
    "parade": ("day_parade", "night_parade"),
    "anniversary": (
        "army_day",
        "day_of_shining_star",
        "day_of_the_sun",
        "foundation_day",
        "party_day",
        "thanksgiving",
        "us_independence_day",
        "us_labor_day",
        "us_memorial_day",
        "victory_day",
    ),
}

#: Capitals whose own numbers of missiles are recorded, and who speaks for them.
CAPITALS = {"tokyo": "Japan's Ministry of Defense", "seoul": "South Korea's military"}
