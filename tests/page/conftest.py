"""A run with a failure, its page, and a browser that may not reach anything else."""

import os
import pathlib
import shutil
import subprocess

import pytest
from playwright.sync_api import sync_playwright

BINARY = os.environ["AGW_SANDBOX_BINARY"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    environment = {**os.environ, "AGW_SANDBOX_HOME": str(folder / "home")}
    run = lambda *words: subprocess.run([BINARY, *words], env=environment, capture_output=True, text=True, timeout=300)
    assert run("up", "--provider", "embedded", "--profile", "minimal").returncode == 0
    try:
        file = folder / "page.html"
        ended = run("test", "smoke", "--mutant", "limit-off-by-one", "--html", str(file))
        assert ended.returncode == 8, ended.stderr
    finally:
        run("down")
    return file


@pytest.fixture(scope="session")
def browser():
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, page_file):
    opened = []

    def open_page(width=1280, scheme="light", anchor=""):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        page.asked, page.errors = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(f"file://{page_file}{anchor}")
        opened.append(context)
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def pictures():
    folder = pathlib.Path(__file__).parents[2] / "target" / "page"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
