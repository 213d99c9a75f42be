"""The quiz, answered as readers answer it: by keyboard, by mouse, by link, by Python; in the page, on the strict model, in print."""

import json

import playground
import pytest
from checks import violations, wake
from explorable import CENTRE, Explorable, address, shared
from test_pages_firefox import sound, visit
from test_strict import MOUNT, STRICT, Strict

import mlpbook as mb
from mlpbook.widgets.quiz import verdict

QUIZ = eval(playground.QUIZ, {"mb": mb})
STOPS = ["1. w = (3, 4) and b = −5. How far from the line is the origin?", "Check", "relu", "Check", "Reset", "Link to this", "Copy as Python"]


@pytest.fixture
def uri(play):
    return (play / "quiz.html").as_uri()


@pytest.fixture
def hold(uri, open_page):
    """hold(state): the quiz in a page of its own."""
    def hold(state=None, **context):
        return Explorable(open_page(address(uri, "Quiz-1", state) if state else uri, **context), "Quiz-1")
    return hold


def forms(it):
    return it.root.locator("form")


def type_in(it, text):
    """Writes into the field and presses Enter there."""
    it.root.locator("[type=text]").fill(text)
    it.root.locator("[type=text]").press("Enter")


def told(it, i):
    """The feedback that is seen below question i; "" where there is none."""
    line = forms(it).nth(i).locator(".mb-feedback")
    return line.text_content() if line.is_visible() else ""


def expected(i, answer):
    right, why = verdict(QUIZ.questions[i], answer)
    return f"{'✓ Right.' if right else '✗ Not right.'} {why}"


def test_tab_reaches_everything_and_leaves_again(hold):
    it = hold()
    it.before()
    reached = []
    for _ in range(len(STOPS) + 1):
        it.page.keyboard.press("Tab")
        reached.append(it.focused())
    assert reached == [*STOPS, None]


def test_arrows_pass_over_the_choices_and_only_a_check_tells(hold):
    it = hold()
    it.root.locator("[type=radio]").first.focus()
    it.page.keyboard.press("Space")
    for answer in (0, 1, 2):
        assert told(it, 1) == ""
        it.page.keyboard.press("Enter")
        assert told(it, 1) == expected(1, answer)
        it.page.keyboard.press("ArrowDown")  # another pick: what was said of the last one goes
    assert it.state() == {"answers": [None, 2]}


@pytest.mark.parametrize(("text", "answer"), [("1", 1), ("1.004", 1.004), (" 5 ", 5), ("−1", -1), ("-1", -1), ("5/5", 1), ("1,0", 1), ("7e2", 700)])
def test_every_number_is_answered_as_python_answers_it(text, answer, hold):
    it = hold()
    type_in(it, text)
    assert told(it, 0) == expected(0, answer)
    assert it.state() == {"answers": [answer, None]}


@pytest.mark.parametrize("text", ["one", "1/0", "--1", "1 2 x", "NaN", "Infinity", "1e99", "1/2/3", "0x10"])
def test_what_is_no_number_is_not_taken(text, hold):
    it = hold()
    type_in(it, text)
    assert told(it, 0) == "" and it.state() == {"answers": [None, None]}
    assert it.root.locator("[type=text]").evaluate("input => input.validationMessage").startswith("A number is asked for")
    type_in(it, "1")  # and the next try is heard
    assert told(it, 0) == expected(0, 1)


def test_nothing_happens_without_a_pick(hold):
    it = hold()
    for i in (0, 1):
        forms(it).nth(i).get_by_role("button").click()
        assert told(it, i) == ""
    assert it.state() == {"answers": [None, None]}


def test_the_tally_reset_and_what_a_screen_reader_hears(hold):
    it = hold()
    assert it.readout("of 2 right") == "0 of 2 right."
    type_in(it, "1")
    it.root.get_by_label("</script><img src=x>").check()
    forms(it).nth(1).get_by_role("button").click()
    assert it.readout("of 2 right") == "2 of 2 right."
    live = it.root.locator("[aria-live]")
    it.page.wait_for_function("live => live.textContent === 'Right. Yes. 2 of 2 right.'", arg=live.element_handle())
    assert it.root.locator("[aria-live], [role=status], [role=alert]").count() == 2  # and the note about copying
    it.root.get_by_role("button", name="Reset").click()
    assert it.readout("of 2 right") == "0 of 2 right."
    assert it.root.locator(":checked").count() == 0 and it.root.locator("[type=text]").input_value() == ""
    assert (told(it, 0), told(it, 1)) == ("", "")


def test_reset_takes_back_what_was_picked_and_not_checked(hold):
    it = hold()
    it.root.get_by_label("relu").check()
    it.root.locator("[type=text]").fill("no number")
    it.root.get_by_role("button", name="Reset").click()
    assert it.root.locator(":checked").count() == 0 and it.root.locator("[type=text]").input_value() == ""
    type_in(it, "1")  # with one of the two answered
    it.root.get_by_label("relu").check()
    it.root.locator("[type=text]").fill("0.9")
    it.root.get_by_role("button", name="Reset").click()
    assert it.root.locator(":checked").count() == 0 and it.root.locator("[type=text]").input_value() == ""
    assert it.state() == {"answers": [None, None]}


def test_a_check_leaves_what_is_picked_elsewhere(hold):
    it = hold()
    it.root.locator("[type=text]").fill("0.9")
    it.root.get_by_label("relu").check()
    forms(it).nth(1).get_by_role("button").click()
    assert it.root.locator("[type=text]").input_value() == "0.9" and told(it, 0) == ""


def test_two_views_share_the_answers(hold):
    it = hold()
    type_in(it, "5")
    other = Explorable(it.page, "Quiz-2")
    assert told(other, 0) == expected(0, 5) and other.root.locator("[type=text]").input_value() == "5"


def test_a_link_opens_the_answers_it_was_made_from(hold):
    it = hold({"answers": [5, 1]})
    assert (told(it, 0), told(it, 1)) == (expected(0, 5), expected(1, 1))
    assert shared(it.offered("Link to this")) == ("Quiz-1", {"answers": [5, 1]})
    assert it.root.get_by_label("</script><img src=x>").is_checked()


@pytest.mark.parametrize("answers", [[1], [1, 3], [1, -1], [1, 0.5], ["1", 1], [1e13, 1], [1, 1, 1], "11", {"0": 1}, [[1], 1], [True, 1], [None, "0"]])
def test_a_hostile_link_changes_nothing(answers, hold):
    it = hold({"answers": answers, "questions": []})
    assert it.state() == {"answers": [None, None]}
    assert it.readout("of 2 right") == "0 of 2 right."


def test_copied_python_builds_the_same_quiz(hold):
    it = hold({"answers": [5, 1]})
    widget = it.widget()
    assert (widget.questions, widget.answers, widget.score) == (QUIZ.questions, [5, 1], 1)


def test_questions_are_text_never_markup(hold):
    it = hold()
    assert it.root.locator("b, img").count() == 0
    assert it.root.get_by_text("2. Which <b>one</b>?", exact=True).is_visible()


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_it_bars_nobody(theme, width, hold, axe):
    it = hold({"answers": [5, 1]}, color_scheme=theme, viewport={"width": width, "height": 900})
    wake(it.page)
    assert violations(it.page, axe) == []
    assert it.page.evaluate("mbtest.overflow()") == 0
    for size in it.root.locator("button, .mb-choice, [type=text]").evaluate_all("all => all.map((n) => [n.offsetWidth, n.offsetHeight])"):
        assert min(size) >= 24  # px: WCAG's least target size


def test_keys_pressed_inside_stay_inside(hold):
    it = hold()
    it.page.evaluate("self.heard = []; addEventListener('keydown', (event) => heard.push(event.key))")
    for control in (it.root.locator("[type=text]"), it.root.locator("[type=radio]").first, it.root.get_by_role("button").first):
        control.focus()
        for key in ["/", "s", "ArrowLeft", "Escape", "Enter"]:
            it.page.keyboard.press(key)
    assert it.page.evaluate("heard") == []


def test_a_narrower_window_keeps_the_answers(hold):
    it = hold({"answers": [5, None]})
    it.page.set_viewport_size({"width": 390, "height": 800})
    it.page.wait_for_function("document.querySelector('#Quiz-1').clientWidth < 400")
    assert told(it, 0) == expected(0, 5)


@pytest.mark.parametrize("to", [390, 1280])
def test_a_window_of_another_width_keeps_what_is_picked_and_not_checked(to, hold):
    it = hold(viewport={"width": 1670 - to, "height": 800})
    it.root.get_by_label("relu").check()
    it.root.locator("[type=text]").fill("0.9")
    narrow = "document.querySelector('#Quiz-1 .mb-narrow') !== null"
    assert it.page.evaluate(narrow) == (to == 1280)
    it.page.set_viewport_size({"width": to, "height": 800})
    it.page.wait_for_function(f"{narrow} === {'true' if to == 390 else 'false'}")
    it.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert it.root.get_by_label("relu").is_checked() and it.root.locator("[type=text]").input_value() == "0.9"


def test_without_scripts_and_in_print_the_questions_are_there(uri, hold, open_page):
    bare = open_page(uri, java_script_enabled=False).locator("#Quiz-1 .mb-fallback")
    assert bare.is_visible() and QUIZ.describe() in bare.text_content()
    it = hold()
    it.page.emulate_media(media="print")
    assert it.root.get_by_text("How far from the line").is_visible() and it.root.get_by_text("relu", exact=True).is_visible()
    assert [c for c in it.root.locator("input, button, .mb-tally").all() if c.is_visible()] == []


# --- without a host: the strict model

@pytest.fixture
def strict(open_page, tmp_path):
    empty = tmp_path / "empty.html"
    empty.write_text("<!doctype html><meta charset='utf-8'><title>empty</title><body><div id='here'></div></body>", encoding="utf-8")
    page = open_page(empty.as_uri())
    state = {name: QUIZ.get_state()[name] for name in ("questions", "answers", "_spec", "_text")}
    page.evaluate(MOUNT, [STRICT, QUIZ._esm, QUIZ._css, json.loads(json.dumps(state, allow_nan=False))])
    return Strict(page, "here")


def test_it_lives_on_what_anywidget_promises(strict):
    assert strict.root.get_by_role("button").all_text_contents() == ["Check", "Check", "Reset", "Copy as Python"]
    type_in(strict, "5")
    strict.root.get_by_label("12").check()
    forms(strict).nth(1).get_by_role("button").click()
    assert strict.page.evaluate("strict.log.sets") == [["answers", [5, None]], ["answers", [5, 2]]]
    strict.page.wait_for_function("strict.log.saves.length > 0")
    strict.page.evaluate("cleanUp()")
    assert strict.page.evaluate("strict.listening()") == [] and strict.root.locator("> *").count() == 0


def test_it_follows_python(strict):
    strict.page.evaluate("strict.fromPython({answers: [1, 0]})")
    strict.page.wait_for_function("document.querySelectorAll('.mb-feedback:not([hidden])').length === 2")
    assert (told(strict, 0), told(strict, 1)) == (expected(0, 1), expected(1, 0))
    strict.page.evaluate("strict.fromPython({answers: [null, null]})")
    strict.page.wait_for_function("document.querySelectorAll('.mb-feedback:not([hidden])').length === 0")
    assert strict.page.evaluate("strict.log") == {"sets": [], "saves": []}  # listening is not answering


@pytest.mark.parametrize("first", ["questions", "answers"])
def test_new_questions_are_asked_in_whichever_order_they_come(first, strict):
    """From a kernel each trait may come in a message of its own."""
    new = mb.widgets.Quiz(questions=[{"ask": "New?", "choices": [("yes", True, "Yes."), ("no", False, "No.")]}])
    traits = {name: new.get_state()[name] for name in ("questions", "answers", "_spec", "_text")}
    for name in sorted(traits, key=lambda name: name != first):
        strict.page.evaluate("patch => strict.fromPython(patch)", {name: traits[name]})
        strict.page.evaluate("() => new Promise((done) => setTimeout(done))")
    assert strict.root.locator("form").count() == 1
    strict.root.get_by_label("no").check()
    forms(strict).nth(0).get_by_role("button").click()
    assert told(strict, 0) == "✗ Not right. No."


# --- Firefox, and JupyterLab

def test_by_keyboard_in_firefox(uri, node, firefox):
    steps = [{"run": f"document.querySelector('#Quiz-1 [type=radio]').{CENTRE}, document.querySelector('#Quiz-1 [type=radio]').focus()"},
             {"press": "ArrowDown"}, {"press": "Enter"},
             {"run": "[document.querySelectorAll('#Quiz-1 .mb-feedback')[1].textContent, document.querySelector('#Quiz-1 .mb-tally').textContent]"}]
    report = sound(visit(node, firefox, "light", [{"id": "quiz", "url": uri, "steps": steps}])["quiz"])
    assert report["values"][1] == [expected(1, 1), "1 of 2 right."]
