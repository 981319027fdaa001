"""A person's path: a real JupyterLab in a real Chromium runs each notebook and moves the widget.

Skipped where there is no Chromium (Debian: ``apt-get install chromium``); CHROMIUM may name one.
"""

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

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
WITH_WIDGET = "03-year-to-date.ipynb"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Lab(NamedTuple):
    """A running JupyterLab."""

    url: str
    folder: Path


class Tab(NamedTuple):
    """A notebook that was opened, restarted and run to its end."""

    page: Any
    panel: Any
    cells: list[dict[str, Any]]


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


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab on the loopback, without a token, on copies of the notebooks."""
    root = tmp_path_factory.mktemp("lab")
    folder = root / "work"
    folder.mkdir()
    for path in NOTEBOOKS:
        shutil.copy(path, folder)
    port = free_port()
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}", "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    with (root / "lab.log").open("wb") as log:
        server = subprocess.Popen(
            command, env=private_settings(root), cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
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
    with sync_api.sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("chromium")),
            executable_path=CHROMIUM,
            headless=True,
            args=FLAGS,
            viewport={"width": 1280, "height": 1600},
        )
        yield context
        context.close()


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


@pytest.mark.parametrize("opened", [path.name for path in NOTEBOOKS], indirect=True)
def test_restart_and_run_all(opened: Tab) -> None:
    outputs = [output for cell in opened.cells for output in cell["outputs"]]
    errors = [o for o in outputs if o["output_type"] == "error"]
    assert not errors, f"{errors[0]['ename']}: {errors[0]['evalue']}"
    assert [cell["execution_count"] for cell in opened.cells] == list(
        range(1, len(opened.cells) + 1)
    )
    assert any("image/png" in output.get("data", {}) for output in outputs)
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
    sync_api.expect(sentence).to_contain_text("32 days", timeout=60_000)
    sentence.scroll_into_view_if_needed()
    before = sentence.text_content()
    picture = panel.locator(".widget-html img").first
    drawn = picture.get_attribute("src")
    handle = panel.locator(".widget-slider .noUi-handle").last
    handle.focus()
    for _step in range(9):
        handle.press("ArrowRight")
    sync_api.expect(sentence).not_to_have_text(before, timeout=30_000)
    sync_api.expect(sentence).to_contain_text("By 18 November 2022", timeout=30_000)
    assert picture.get_attribute("src") != drawn
    panel.locator(".widget-dropdown select").first.select_option("missiles")
    sync_api.expect(sentence).to_contain_text("missiles", timeout=30_000)
