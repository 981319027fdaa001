"""Every public function of the package, and how the example of its docstring calls it."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pandas as pd

import analysis

Function = Callable[..., Any]
_TABLES = ("launches", "events", "published", "frame", "ours", "theirs")


def public_functions() -> dict[str, Function]:
    """All functions that the package and its rooms name, by module and name."""
    found = {}
    for module in pkgutil.iter_modules(analysis.__path__, "analysis."):
        if module.name in ("analysis.__main__", "analysis.page"):
            continue
        room = importlib.import_module(module.name)
        for name in getattr(room, "__all__", ()):
            if inspect.isfunction(getattr(room, name)):
                found[f"{module.name.removeprefix('analysis.')}.{name}"] = getattr(room, name)
    known = set(found.values())
    for name in analysis.__all__:
        function = getattr(analysis, name)
        if inspect.isfunction(function) and function not in known:
            found[name] = function
    return found


def call_in_example(function: Function) -> dict[str, Any] | None:
    """Run the example of a docstring and return the arguments it gives; None where it has none."""
    function = inspect.unwrap(function)
    calls: list[dict[str, Any]] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is function.__code__ and not calls:
            calls.append(dict(frame.f_locals))

    space = dict(vars(sys.modules[function.__module__]))
    for example in doctest.DocTestParser().get_examples(function.__doc__ or ""):
        sys.setprofile(note)
        try:
            exec(compile(example.source, "<example>", "single"), space)
        finally:
            sys.setprofile(None)
        if calls:
            return calls[0]
    return None


def called(function: Function, given: dict[str, Any]) -> Any:
    """Call a function with its arguments by name."""
    arguments, more = [], {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            more |= given.get(name, {})
        elif parameter.kind is parameter.KEYWORD_ONLY:
            more[name] = given[name]
        else:
            arguments.append(given[name])
    return function(*arguments, **more)


def tables_of(given: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """The tables among some arguments."""
    return {name: value for name, value in given.items() if isinstance(value, pd.DataFrame)}
