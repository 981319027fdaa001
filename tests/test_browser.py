"""A person's path: a real JupyterLab in a real Chromium runs each notebook and moves the widget."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from analysis.counting import RULES
from analysis.record.load import last_day

from .chromium import MARKS, chromium
from .copies import ROOT

nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
WITH_WIDGET = "03-year-to-date.ipynb"
HOSTILE = "hostile.ipynb"
pytestmark = MARKS


class Lab(NamedTuple):
    """A running JupyterLab."""

    url: str
    folder: Path


class Tab(NamedTuple):
    """A notebook that was opened, restarted and run to its end."""

    page: Any
    panel: Any
    cells: list[dict[str, Any]]


def hostile_notebook() -> Any:
    """A notebook that puts every hostile cell where text of data can go."""
    v4 = nbformat.v4
    cells = Path(__file__).with_name("hostile_cells.csv")
    head = f"""
import pandas as pd
import matplotlib.pyplot as plt
from unittest.mock import patch
from analysis import *
from analysis import explore
from analysis.notebook import say, show_figure, show_table
from analysis.plot import plot_effects
cells = pd.read_csv({str(cells)!r}, dtype="str", keep_default_na=False)["cell"].tolist()
"""
    # JupyterLab shows the first fifty outputs of a cell
    said = [f"for cell in cells[{i}::4]: say(cell)" for i in range(4)]
    problems = """
from analysis.record.problems import Problem
say("\\n".join(f"- {RecordError([Problem(c, 1, c, c, c)])}" for c in cells))
say("between $5 and $7")
"""
    table = """
pd.set_option("display.max_colwidth", None)
show_table(pd.DataFrame({"<img src=x onerror=alert(1)>": cells, "cell": cells}), caption=cells[0])
"""
    figure = """
for cell in cells[:9]:
    show_figure(plt.figure(figsize=(1, 1)).add_subplot(), caption=cell, alt=cell)
"""
    effects = """
names = [c[:50] for c in cells if c.isascii() and c.isprintable()][:40]
groups = pd.DataFrame({"group": names, "filter": "category == 'drill'"})
study = event_study(load_launches(), load_events(), "days", by=groups, start="2012-01-01",
                    end="2025-12-31")
show_figure(plot_effects(study, ax=plt.figure(figsize=(8, 20)).add_subplot()), caption="c", alt="a")
"""
    widget = """
with patch.object(explore, "_answered", lambda *a, **k: ("|".join(cells[:60]), "data:,")):
    widget = explore_year_to_date(load_launches())
widget
"""
    # what must be seen to run, else the test could not fail
    control = """
from IPython.display import HTML, Markdown, display
display(HTML("<img id=control src=x onerror=\\"document.control='ran'\\">"))
display(Markdown("control $x^2$"))
"""
    sources = (head, *said, problems, table, figure, effects, widget, control)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return v4.new_notebook(metadata=kernel, cells=[v4.new_code_cell(s.strip()) for s in sources])


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(done: Callable[[], bool], seconds: float, what: str, tick: Callable[[], None]) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            pytest.fail(f"{what}: not done after {seconds} s")
        tick()


def private_settings(root: Path) -> dict[str, str]:
    """Settings of our own; no news and no update check, which would ask the network."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR",
             "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")  # fmt: skip
    env = dict(os.environ, JUPYTER_PREFER_ENV_PATH="1")
    for name in names:
        env[name] = str(root / name.lower())
        Path(env[name]).mkdir()
    quiet = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
    place = Path(env["JUPYTERLAB_SETTINGS_DIR"], "@jupyterlab", "apputils-extension")
    place.mkdir(parents=True)
    (place / "notification.jupyterlab-settings").write_text(json.dumps(quiet))
    return env


def said_by_make_lab() -> tuple[str, dict[str, str]]:
    """The page that `make lab` opens first, and the settings it brings."""
    asked = subprocess.run(
        ["make", "-n", "lab"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    (page,) = re.findall(r"--LabApp.default_url=(\S+)", asked)
    (settings,) = re.findall(r'JUPYTER_CONFIG_PATH="(.+?)"', asked)
    return page, {"JUPYTER_CONFIG_PATH": settings}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """What `make lab` opens, on the loopback, without a token, on copies of the notebooks."""
    root = tmp_path_factory.mktemp("lab")
    folder = root / "work"
    folder.mkdir()
    for path in (*NOTEBOOKS, NOTEBOOKS[0].with_name("README.md")):
        shutil.copy(path, folder)
    first, settings = said_by_make_lab()
    nbformat.write(hostile_notebook(), folder / HOSTILE)
    port = free_port()
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}", "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        f"--LabApp.default_url={first}",
    ]  # fmt: skip
    with (root / "lab.log").open("wb") as log:
        server = subprocess.Popen(
            command, env=private_settings(root) | settings, cwd=folder, stdout=log,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(lambda: answers(url), 60, "JupyterLab start", lambda: time.sleep(0.2))
            yield Lab(url, folder)
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/status", timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(
        tmp_path_factory.mktemp("chromium"), viewport={"width": 1280, "height": 1600}
    ) as context:
        yield context


def kernel_of(lab: Lab, name: str) -> str:
    """The notebook's kernel if it is up, joined and idle, else an empty text."""
    with urllib.request.urlopen(f"{lab.url}/api/sessions", timeout=5) as response:
        sessions = json.load(response)
    for session in sessions:
        kernel = session["kernel"]
        if (
            session["path"] == name
            and kernel["execution_state"] == "idle"
            and kernel["connections"]
        ):
            return kernel["id"]
    return ""


def code_cells(path: Path) -> list[dict[str, Any]]:
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
    except ValueError:  # read in the middle of a save
        return []
    return [cell for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture
def opened(lab: Lab, browser: Any, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """Open a notebook, restart its kernel, run all cells and wait for the last."""
    name = request.param
    page = browser.new_page()
    page.set_default_timeout(60_000)
    outside: list[str] = []
    problems: list[str] = []
    inside = (lab.url, lab.url.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(inside) else outside.append(r.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{lab.url}/lab/tree/{name}?reset", wait_until="domcontentloaded")
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    panel.wait_for()

    def tick() -> None:
        page.wait_for_timeout(200)

    # The page says "idle" once before the kernel is joined, and a Run sent in that gap is lost:
    # ask the server.
    wait_for(lambda: bool(kernel_of(lab, name)), 60, "kernel start", tick)
    status = panel.locator(".jp-Notebook-ExecutionIndicator").first
    sync_api.expect(status).to_have_attribute("data-status", "idle")
    clear_outputs(page)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("Restart Kernel and Run All Cells")).click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    cells: list[dict[str, Any]] = []

    def finished() -> bool:
        # the saved file tells the truth: JupyterLab draws only the cells near the view
        page.keyboard.press("Control+s")
        tick()
        cells[:] = code_cells(lab.folder / name)
        if any(o["output_type"] == "error" for cell in cells for o in cell["outputs"]):
            return True
        done = cells and all(cell["execution_count"] for cell in cells)
        return bool(done) and status.get_attribute("data-status") == "idle"

    wait_for(finished, 180, "Restart and run all", tick)
    yield Tab(page, panel, cells)
    page.close()
    assert not outside, f"the page asked for something outside this machine: {outside[:3]}"
    assert not problems, problems


def clear_outputs(page: Any) -> None:
    """Drop what the notebook was stored with, so that all outputs seen are new."""
    page.get_by_role("menuitem", name="Edit", exact=True).click()
    page.get_by_role("menuitem", name="Clear Outputs of All Cells", exact=True).click()


def test_make_lab_opens_on_the_notebooks_in_reading_order(lab: Lab, browser: Any) -> None:
    page = browser.new_page()
    page.goto(lab.url, wait_until="domcontentloaded")
    links = page.locator(".jp-RenderedMarkdown li a")
    sync_api.expect(links).to_have_count(len(NOTEBOOKS), timeout=60_000)
    links.nth(2).click()
    sync_api.expect(page.locator(".jp-NotebookPanel")).to_contain_text("How does this year compare")
    page.close()


@pytest.mark.parametrize("opened", [path.name for path in NOTEBOOKS], indirect=True)
def test_restart_and_run_all(opened: Tab) -> None:
    outputs = [output for cell in opened.cells for output in cell["outputs"]]
    errors = [o for o in outputs if o["output_type"] == "error"]
    assert not errors, f"{errors[0]['ename']}: {errors[0]['evalue']}"
    assert [cell["execution_count"] for cell in opened.cells] == list(
        range(1, len(opened.cells) + 1)
    )
    assert any("data:image/png" in str(o.get("data", {}).get("text/html")) for o in outputs)
    assert not [o for o in outputs if o.get("name") == "stderr"]
    picture = opened.panel.locator(".jp-OutputArea-output img").first
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("i => i.complete && i.naturalWidth > 300")


@pytest.mark.parametrize("opened", [WITH_WIDGET], indirect=True)
def test_moving_the_widget_changes_the_sentence(opened: Tab) -> None:
    panel = opened.panel
    # bring the widget's cell into view: JupyterLab draws only what is near
    panel.locator(".jp-WindowedPanel-outer").first.evaluate("e => e.scrollTo(0, e.scrollHeight)")
    sentence = panel.locator(".widget-html b").first
    # the widget draws after its cell has run
    sync_api.expect(sentence).to_contain_text(f"{last_day():%B %Y}", timeout=60_000)
    sentence.scroll_into_view_if_needed()
    before = sentence.text_content()
    picture = panel.locator(".widget-html img").first
    drawn = picture.get_attribute("src")
    panel.get_by_label("until").fill("2022-11-18")
    sync_api.expect(sentence).not_to_have_text(before, timeout=30_000)
    sync_api.expect(sentence).to_contain_text("By 18 November 2022", timeout=30_000)
    assert picture.get_attribute("src") != drawn
    drawn = picture.get_attribute("src")
    panel.get_by_label("since").select_option("2019")
    sync_api.expect(picture).not_to_have_attribute("src", drawn, timeout=30_000)
    panel.get_by_label("counted as").select_option("Reuters")
    sync_api.expect(sentence).to_contain_text("as Seoul announced them", timeout=30_000)
    assert RULES["reuters"].definition in panel.locator(".widget-html").first.inner_text()
    panel.get_by_label("until").fill("2099-01-01")
    alert = panel.locator(".widget-html [role=alert]")
    sync_api.expect(alert).to_contain_text("The record ends on", timeout=30_000)


@pytest.mark.parametrize("opened", [HOSTILE], indirect=True)
def test_no_cell_of_data_runs_or_asks_the_network_in_jupyterlab(opened: Tab) -> None:
    outputs = [output for cell in opened.cells for output in cell["outputs"]]
    assert not [o["evalue"] for o in outputs if o["output_type"] == "error"]
    page, panel = opened.page, opened.panel
    scroller = panel.locator(".jp-WindowedPanel-outer").first
    cells = pd.read_csv(
        Path(__file__).with_name("hostile_cells.csv"), dtype="str", keep_default_na=False
    )["cell"]
    shown = panel.locator(".jp-OutputArea-output")
    mathematics = shown.locator("mjx-container, .MathJax")
    tags = "script, iframe, object, embed, meta, link, base, form, details details"
    handlers = "[onload], [onfocus], [onmouseover], [ontoggle], [onerror]:not(#control)"
    seen, n_mathematics, at_end = "", 0, False
    while not at_end:  # JupyterLab draws only what is near
        page.wait_for_timeout(100)
        seen += shown.locator("visible=true").all_inner_texts().__str__()
        n_mathematics = max(n_mathematics, mathematics.count())
        assert shown.locator(tags).count() == 0
        assert shown.locator(handlers).count() == 0
        assert shown.locator("a[href^='javascript' i]").count() == 0
        at_end = scroller.evaluate(
            "e => (e.scrollBy(0, 800), e.scrollTop + e.clientHeight + 5 > e.scrollHeight)"
        )
    page.wait_for_timeout(500)
    assert page.evaluate("document.ran") is None
    assert page.evaluate("document.control") == "ran"
    assert n_mathematics == 1, "the control alone"
    unseen = [c for c in cells if re.fullmatch(r"[a-z<][\w<>=/. \[\]()!-]+", c) and c not in seen]
    assert unseen == []
    assert len(cells) > 50


def test_no_picture_of_hostile_names_runs_or_asks_the_network(browser: Any, tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    from analysis.plot import save, styled

    cells = pd.read_csv(
        Path(__file__).with_name("hostile_cells.csv"), dtype="str", keep_default_na=False
    )["cell"]
    plain = [cell[:60] for cell in cells if cell.isascii() and cell.isprintable()]
    with styled():
        ax = Figure(figsize=(8, 20)).add_subplot(title=plain[0], xlabel=plain[1])
        ax.set_yticks(range(len(plain)), plain)
        _, svg = save(ax.figure, tmp_path / "x", title=" ".join(cells), alt=" ".join(cells))
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(svg.as_uri())
    page.wait_for_timeout(300)
    assert asked == [svg.as_uri()]
    assert page.evaluate("document.ran") is None
    assert page.evaluate("document.documentElement.tagName") == "svg"
    assert page.locator("desc#desc").text_content() == " ".join(cells).replace("\n", r"\n").replace(
        "\t", r"\t"
    )
    page.close()
