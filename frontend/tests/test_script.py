"""What the script adds to a page, and that the page works without it."""

import pytest

from frontend.tests.conftest import Stage
from frontend.tests.gallery import samples

pytestmark = pytest.mark.browser


def test_a_mistyped_code_is_told_before_anything_is_sent(stage: Stage) -> None:
    page = stage.show(samples()["scan"].render())
    field = page.get_by_label("Type or paste the code")
    field.fill("9520123456780")
    page.get_by_role("button", name="Show the product").click()
    assert page.get_by_role("alert").inner_text().startswith("One digit is wrong")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.evaluate("(input) => document.activeElement === input")
    assert stage.sent == []


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "Type the number under the bars"),
        ("95201", "A product code has 8, 12, 13 or 14 digits"),
        ("https://id.gs1.org/01/09520123456780", "One digit is wrong"),
    ],
)
def test_each_problem_has_its_own_words(stage: Stage, code: str, message: str) -> None:
    page = stage.show(samples()["scan"].render())
    page.get_by_label("Type or paste the code").fill(code)
    page.keyboard.press("Enter")
    assert page.get_by_role("alert").inner_text().startswith(message)
    assert stage.sent == []


def test_the_message_goes_when_the_code_is_right_and_the_form_is_sent(stage: Stage) -> None:
    page = stage.show(samples()["scan"].render())
    field = page.get_by_label("Type or paste the code")
    field.fill("9520123456780")
    page.keyboard.press("Enter")
    field.fill("9520123456788")
    assert page.get_by_role("alert").count() == 0
    assert field.get_attribute("aria-invalid") is None
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert stage.sent == ["/scan code=9520123456788"]


@pytest.mark.parametrize("stage", [{"java_script_enabled": False}], indirect=True)
def test_without_the_script_the_form_is_sent_as_it_is(stage: Stage) -> None:
    page = stage.show(samples()["scan"].render())
    page.get_by_label("Type or paste the code").fill("9520123456780")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert stage.sent == ["/scan code=9520123456780"]


def test_a_dismissed_line_stays_away_on_this_device(stage: Stage) -> None:
    html = samples()["scan"].render()
    page = stage.show(html)
    line = page.get_by_text("A scan sets two cookies")
    assert line.is_visible()
    page.get_by_role("button", name="Do not show this again").click()
    assert not line.is_visible()
    assert not stage.show(html).get_by_text("A scan sets two cookies").is_visible()


@pytest.mark.parametrize("stage", [{"java_script_enabled": False}], indirect=True)
def test_without_the_script_nobody_sees_a_button_that_does_nothing(stage: Stage) -> None:
    page = stage.show(samples()["scan"].render())
    assert page.get_by_text("A scan sets two cookies").is_visible()
    assert not page.get_by_role("button", name="Do not show this again", include_hidden=True).is_visible()


def test_where_storage_is_forbidden_the_line_goes_from_this_page_at_least(stage: Stage) -> None:
    stage.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {"
        " get() { throw new DOMException('forbidden', 'SecurityError'); } })"
    )
    page = stage.show(samples()["scan"].render())
    page.get_by_role("button", name="Do not show this again").click()
    assert not page.get_by_text("A scan sets two cookies").is_visible()
    assert stage.complaints == []
