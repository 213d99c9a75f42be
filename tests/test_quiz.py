"""The quiz from Python's side, and the page's verdicts against Python's."""

import json

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

import mlpbook as mb
from mlpbook.widgets import Quiz, bundle
from mlpbook.widgets.quiz import verdict

CHOICE = {"ask": "Which?", "choices": [("this", False, "Not this."), ("that", True, "That.")]}
NUMBER = {"ask": "How much?", "numbers": [(0.6, True, "Yes."), (1.5, False, "Divide."), (-0.6, False, "Sign.")], "within": 0.005,
          "otherwise": "No."}


def quiz(**arguments):
    return Quiz(questions=[CHOICE, NUMBER], **arguments)


def changed(question, **patch):
    return {"questions": [{**question, **patch}]}


@pytest.mark.parametrize(("arguments", "words"), [
    ({"questions": None}, "questions must be a list of at least one question, got None"), ({"questions": []}, "at least one question"),
    ({"questions": "Which?"}, "at least one question"), ({"questions": [3]}, r"questions\[0\] must have the keys ask, choices, or"),
    ({"questions": [CHOICE, {}]}, r"questions\[1\] must have the keys"), (changed(CHOICE, hint="no"), "got .*'hint'"),
    (changed(CHOICE, numbers=[]), "must have the keys"), (changed(CHOICE, ask=""), "ask and otherwise must be text"),
    (changed(CHOICE, ask=3), "must be text"), (changed(CHOICE, choices="ab"), "2 to 6 triples"), (changed(CHOICE, choices=[("a", True, "b")]), "2 to 6"),
    (changed(CHOICE, choices=[("a", True)] * 2), r"triples \(text, True or False, why\)"), (changed(CHOICE, choices=[("a", 1, "b"), ("c", 0, "d")]), "triples"),
    (changed(CHOICE, choices=[(1, True, "b"), ("c", False, "d")]), "triples"), (changed(CHOICE, choices=[("a", True, ""), ("c", False, "d")]), "triples"),
    (changed(CHOICE, choices=[("a", False, "b"), ("c", False, "d")]), "exactly one must be right"),
    (changed(CHOICE, choices=[("a", True, "b"), ("c", True, "d")]), "exactly one"), (changed(CHOICE, choices=[("a", True, "b"), ("a", False, "d")]), "must differ"),
    (changed(NUMBER, numbers=[]), "1 to 12 triples"), (changed(NUMBER, numbers=[("1", True, "b")]), r"triples \(number"),
    (changed(NUMBER, numbers=[(np.nan, True, "b")]), "triples"), (changed(NUMBER, numbers=[(True, True, "b")]), "triples"),
    (changed(NUMBER, within=-1), "within must be a number of at least 0, got -1"), (changed(NUMBER, within=None), "within"),
    (changed(NUMBER, otherwise=None), "otherwise must be text"),
    ({"questions": [CHOICE], "answers": [2]}, "answer to question 1 must be the index of a choice, 0 to 1, or None; got 2"),
    ({"questions": [CHOICE], "answers": [-1]}, "index"), ({"questions": [CHOICE], "answers": [True]}, "index"), ({"questions": [CHOICE], "answers": [1.0]}, "index"),
    ({"questions": [CHOICE], "answers": ["that"]}, "index"), ({"questions": [CHOICE], "answers": [0, 1]}, "for each of the 1 questions"),
    ({"questions": [NUMBER], "answers": ["0.6"]}, "answer to question 1 must be a number or None"), ({"questions": [NUMBER], "answers": [np.inf]}, "number"),
    ({"questions": [NUMBER], "answers": [1e13]}, "number"), ({"questions": [NUMBER], "answers": [10**400]}, "number"), ({"questions": [NUMBER], "answers": 0.6}, "answers must hold one answer"),
])
def test_bad_arguments(arguments, words):
    with pytest.raises(traitlets.TraitError, match=words):
        Quiz(**arguments)


def test_unknown_arguments_are_named():
    with pytest.raises(TypeError, match="Quiz takes questions, answers, layout; got 'answer'"):
        quiz(answer=[1])


def test_answers_and_score_are_read_and_set():
    it = quiz()
    assert (it.answers, it.score) == ([None, None], 0)
    it.answers = [1, 0.6]
    assert it.score == 2
    it.answers = (np.int64(0), np.float32(0.6))
    assert (it.answers, it.score) == ([0, pytest.approx(0.6)], 1)
    assert [type(answer) for answer in it.answers] == [int, float]  # as JSON needs them
    with pytest.raises(traitlets.TraitError):
        it.answers = [5, None]
    assert it.answers[0] == 0


def test_the_authors_list_stays_as_it_was_and_two_quizzes_share_nothing():
    questions = [CHOICE, NUMBER]
    before = repr(questions)
    one, two = Quiz(questions=questions), Quiz(questions=questions)
    one.answers = [1, 1]
    assert repr(questions) == before and two.answers == [None, None]


def test_new_questions_forget_the_old_answers():
    it = quiz(answers=[1, 0.6])
    it.questions = [CHOICE]
    assert it.answers == [None] and it._spec["start"] == {"answers": [None]}
    assert it._spec["limits"] == {"answers": {"each": [{"options": [0, 1]}]}}
    with pytest.raises(traitlets.TraitError):
        it.questions = [{}]
    assert it.questions == [{**CHOICE, "choices": [list(c) for c in CHOICE["choices"]]}]


def test_words_hold_the_questions_and_give_nothing_away():
    text = quiz().describe()
    assert text == "A quiz of 2 questions, 0 answered right. Question 1: Which? (a) this; (b) that. Question 2: How much?"
    text = quiz(answers=[1, -0.6]).describe()
    assert "Answered (b): right. That." in text and "Answered −0.6: not right. Sign." in text and "1 answered right" in text


@pytest.mark.parametrize(("choices", "words"), [
    (["Add more layers.", "Make it wider."], "(a) Add more layers; (b) Make it wider. Question 2"), (["yes", "no"], "(a) yes; (b) no. Question 2"),
    (["Now.", "Or when?"], "(a) Now; (b) Or when? Question 2")])
def test_choices_that_are_sentences_are_not_doubly_ended(choices, words):
    asked = {"ask": "What now?", "choices": [(text, i == 0, "Why.") for i, text in enumerate(choices)]}
    assert words in Quiz(questions=[asked, NUMBER]).describe()


def test_state_is_json_and_printing_shows_the_questions():
    state = {key: value for key, value in quiz(answers=[0, 2]).get_state().items() if key != "layout"}
    json.dumps(state, allow_nan=False)
    data, _ = quiz()._repr_mimebundle_()
    assert "Question 1: Which? (a) this" in data["text/plain"]


def test_python_text_rebuilds_the_quiz_on_both_sides(js):
    hard = Quiz(questions=[{"ask": 'a "quote" \\ and </script>', "choices": [("True", True, "null"), ("é−ᶻ", False, "it's")]}, NUMBER], answers=[0, -2.5e-7])
    state = {name: getattr(hard, name) for name in hard._spec["arguments"]}
    for text in (hard.to_python(), js("state.js", [["toPython", "Quiz", state]])[0]):
        again = eval(text, {"mb": mb})
        assert {name: getattr(again, name) for name in state} == state


@settings(max_examples=10, deadline=None)
@given(st.lists(st.one_of(st.floats(-3, 3), st.sampled_from([0.595, 0.605, 0.6051, 1.495, -0.605, -0.6049999])), min_size=30, max_size=60))
def test_the_page_judges_as_python_does(js, answers):
    number, choice = quiz().questions[::-1]
    got = js("quiz.js", [["verdict", number, a] for a in answers] + [["verdict", choice, i] for i in (0, 1, None)])
    want = [verdict(number, a) for a in answers] + [verdict(choice, i) for i in (0, 1, None)]
    assert [None if g is None else (g["right"], g["why"]) for g in got] == want


@pytest.mark.parametrize(("text", "value"), [
    ("0.6", 0.6), (" −0,5 ", -0.5), ("3/4", 0.75), ("-1/−4", 0.25), (".5", 0.5), ("5.", 5), ("+2e-3", 0.002), ("1 000", 1000), ("–2", -2),
    ("", None), ("x", None), ("1/0", None), ("0/0", None), ("1e13", None), ("1e999", None), ("--1", None), ("1/2/3", None), ("0x10", None), ("1.2.3", None),
    ("NaN", None), ("∞", None), ("e5", None), (".", None)])
def test_numbers_are_read_as_people_write_them(js, text, value):
    assert js("quiz.js", [["readNumber", text]]) == [value]


@pytest.mark.parametrize(("answers", "kept"), [
    ([1, 0.5], True), ([None, None], True), ([2, 0.5], False), ([1], False), ([1, "2"], False), ([1, 1e13], False), ("11", False), ([[0], 1], False), ([1, True], False)])
def test_a_link_sets_only_answers_that_fit(js, answers, kept):
    limits = quiz()._spec["limits"]
    assert js("state.js", [["accept", limits, {"answers": answers, "questions": []}]]) == [{"answers": answers} if kept else {}]


def test_the_joined_module_stands_alone():
    source = bundle.join("quiz.js")
    assert "import " not in source.split("export default")[0].replace("import(", "") and source.endswith(".byDefault;\n")
