"""The page of a run, as a browser shows it."""

import pytest


def test_it_needs_nothing_but_itself(open_page):
    page = open_page()
    assert page.errors == []
    assert len(page.asked) == 1 and page.asked[0].startswith("file://")


def test_the_cause_is_visible_at_once(open_page):
    page = open_page()
    failed = page.locator("details.scenario.failed")
    assert failed.count() == 1 and failed.get_attribute("open") is not None
    assert failed.locator(".broken .got").first.is_visible()
    assert "429" in failed.locator(".broken .wanted").first.inner_text()
    assert failed.locator(".topology").is_visible()
    assert failed.locator(".pair").count() >= 3


def test_both_ends_stand_side_by_side_with_differences_marked(open_page):
    page = open_page(anchor="#OAI-01")
    row = page.locator("#OAI-01 .pair").first
    left, right = row.locator(".side").nth(0), row.locator(".side").nth(1)
    assert left.bounding_box()["y"] == right.bounding_box()["y"]
    assert right.locator("mark.new", has_text="max_completion_tokens").count() == 1
    assert left.locator("mark.gone", has_text="max_tokens").count() == 1


def test_verdicts_are_filtered(open_page):
    page = open_page()
    every = page.locator("details.scenario:visible").count()
    page.locator(".chip.failed").click()
    assert page.locator("details.scenario:visible").count() == 1
    page.locator(".chip.all").click()
    assert page.locator("details.scenario:visible").count() == every


@pytest.mark.parametrize("width", [380, 800, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_width_in_light_and_dark(open_page, pictures, width, scheme):
    page = open_page(width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    red = int(background.split("(")[1].split(",")[0])
    assert (red < 60) == (scheme == "dark"), background
    page.screenshot(path=pictures / f"{scheme}-{width}.png", full_page=True)
