"""Quizzes by mouse, by keyboard, after a reload, and without JavaScript."""

import pytest
from playwright.sync_api import expect

PAGE = "chapters/lstm/index.html"


@pytest.fixture
def quiz(visit):
    page, _ = visit(PAGE)
    return page.locator(".quiz").first


def test_every_choice_explains_itself(quiz):
    feedback, choices = quiz.locator(".quiz-feedback"), quiz.get_by_role("radio")
    said = set()
    for k in range(choices.count()):
        choices.nth(k).check()
        said.add(feedback.inner_text())
        assert feedback.inner_text().startswith(("맞습니다.", "아닙니다."))
        assert len(feedback.inner_text()) > 20
    assert len(said) == choices.count()
    assert sum(words.startswith("맞습니다.") for words in said) == 1


def test_keyboard_alone_answers_and_starts_again(quiz):
    page = quiz.page
    radios = quiz.get_by_role("radio")
    radios.first.focus()
    page.keyboard.press("Space")
    expect(radios.first).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(radios.nth(1)).to_be_checked()
    expect(radios.nth(1)).to_be_focused()
    expect(quiz.locator(".quiz-feedback")).not_to_be_empty()
    page.keyboard.press("Tab")
    expect(quiz.get_by_role("button", name="다시 풀기")).to_be_focused()
    page.keyboard.press("Enter")
    expect(quiz.locator(".quiz-feedback")).to_be_empty()
    expect(radios.first).to_be_focused()
    assert quiz.locator("input:checked").count() == 0


def test_answers_are_remembered(quiz):
    page = quiz.page
    quiz.get_by_role("radio").nth(1).check()
    said = quiz.locator(".quiz-feedback").inner_text()
    page.reload()
    quiz = page.locator(".quiz").first
    expect(quiz.get_by_role("radio").nth(1)).to_be_checked()
    assert quiz.locator(".quiz-feedback").inner_text() == said
    quiz.get_by_role("button", name="다시 풀기").click()
    page.reload()
    assert page.locator(".quiz").first.locator("input:checked").count() == 0


def test_answers_are_not_given_away(quiz):
    expect(quiz.locator(".quiz-answers")).to_be_hidden()
    quiz.get_by_role("radio").first.check()
    expect(quiz.get_by_text("답과 풀이")).to_be_visible()


def test_without_javascript_the_answers_are_in_details(visit):
    page, _ = visit(PAGE, java_script_enabled=False)
    quiz = page.locator(".quiz").first
    answers = quiz.locator("details.quiz-answers")
    expect(answers.locator("li").first).to_be_hidden()
    answers.locator("summary").click()
    expect(answers.locator("li").first).to_be_visible()
    assert answers.locator("li").count() == quiz.get_by_role("radio").count()


def test_names_and_states_are_spoken(quiz):
    assert quiz.get_attribute("role") == "radiogroup"
    assert quiz.page.locator(f"#{quiz.get_attribute('aria-labelledby')}").inner_text()
    assert quiz.locator(".quiz-feedback").get_attribute("aria-live") == "polite"
    for radio in quiz.get_by_role("radio").all():
        assert quiz.locator(f"label[for='{radio.get_attribute('id')}']").inner_text()
