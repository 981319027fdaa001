"""A person's path, timed: from a fresh clone to the first notebook open with its figures."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.benchmarks.machine import write
from tests.test_browser import (
    CHROMIUM,
    FLAGS,
    answers,
    free_port,
    private_settings,
    sync_api,
)

ROOT = Path(__file__).resolve().parents[2]


def lab_shows_first_notebook(clone: Path, folder: Path) -> None:
    """Start JupyterLab as `make lab` does, open the first notebook, wait for a drawn figure."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    first = sorted((clone / "notebooks").glob("*.ipynb"))[0].name
    server = subprocess.Popen(
        [clone / ".venv" / "bin" / "jupyter", "lab", "--no-browser", "--allow-root",
         "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--IdentityProvider.token=",
         "notebooks"],
        cwd=clone, env=private_settings(folder), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not answers(url):
            time.sleep(0.1)
        with sync_api.sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                str(folder / "chromium"), executable_path=CHROMIUM, headless=True, args=FLAGS
            )
            page = context.new_page()
            page.goto(f"{url}/lab/tree/{first}")
            image = page.locator(".jp-OutputArea-output img").first
            image.wait_for(timeout=120_000)
            page.wait_for_function(
                "i => i.complete && i.naturalWidth > 100", arg=image.element_handle()
            )
            context.close()
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Time each step of the path."""
    if not shutil.which("git") or not CHROMIUM:
        raise SystemExit("needs git and Chromium (apt-get install git chromium)")
    with tempfile.TemporaryDirectory() as name:
        folder, clone = Path(name), Path(name) / "clone"
        steps = {
            "clone": lambda: subprocess.run(["git", "clone", "-q", ROOT, clone], check=True),
            "environment and tables": lambda: subprocess.run(
                ["make", "-s", "data"], cwd=clone, check=True
            ),
            "JupyterLab to the first figure": lambda: lab_shows_first_notebook(clone, folder),
        }
        rows = []
        for step, do in steps.items():
            start = time.perf_counter()
            do()
            rows.append({"step": step, "seconds": time.perf_counter() - start})
    write(Path(__file__).with_name("path.csv"), rows)


if __name__ == "__main__":
    main()
