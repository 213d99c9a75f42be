"""Questions that answer back: every answer, right or wrong, is told why."""

import numbers

import traitlets

from ..validate import fits
from . import bundle
from .base import Explorable

_MOST = 1e12  # numbers beyond this are no answer to any question
_CHOICE, _NUMBER = {"ask", "choices"}, {"ask", "numbers", "within", "otherwise"}


class Questions(traitlets.TraitType):
    """A list of at least one question, as JSON."""

    def __init__(self):
        super().__init__([])
        self.tag(sync=True, given=True)

    def validate(self, quiz, value):
        if not isinstance(value, (list, tuple)) or not value:
            raise traitlets.TraitError(f"questions must be a list of at least one question, got {value!r}")
        return [_question(f"questions[{i}]", question) for i, question in enumerate(value)]


class Answers(traitlets.TraitType):
    """One answer for each question of the quiz, None where there is none yet."""

    def __init__(self):
        super().__init__([])
        self.limit = {}  # depends on the questions: see Quiz.narrowed
        self.tag(sync=True, state=True)

    def validate(self, quiz, value):
        values = [None] * len(quiz.questions) if isinstance(value, (list, tuple)) and not value else value
        if not isinstance(values, (list, tuple)) or len(values) != len(quiz.questions):
            raise traitlets.TraitError("answers must hold one answer (or None) for each of the "
                                       f"{len(quiz.questions)} questions, got {value!r}")
        return [_answer(i, question, v) for i, (question, v) in enumerate(zip(quiz.questions, values, strict=True), 1)]


class Quiz(Explorable):
    """Questions with one right answer each, and a word on every answer.

    questions: a list of dictionaries, of two kinds:
      {"ask": text, "choices": [(text, is it right, why), ...]}                 two to six, one of them right
      {"ask": text, "numbers": [(value, is it right, why), ...], "within": tolerance, "otherwise": why}
    where the second lists the right number and wrong ones worth a word of their own, and `otherwise` meets the rest.
    answers: for each question None, the index of a choice (from 0), or a number.
    `quiz.answers` reads what was answered and `quiz.score` how many are right. Mathematics is plain text: w·x + b.

    >>> Quiz(questions=[{"ask": "relu(−3)?", "numbers": [(0, True, "Negative sums become 0."), (-3, False, "Not as it is.")],
    ...                  "within": 0, "otherwise": "relu(z) is the larger of 0 and z."}])
    """

    title = "Quiz"
    _esm = bundle.join("quiz.js")
    _css = Explorable._css + bundle.read("quiz.css")

    questions = Questions()
    answers = Answers()

    def __init__(self, questions, answers=(), **others):
        self.questions = questions  # before the answers, which are checked against them
        super().__init__(answers=answers, **others)

    @traitlets.observe("questions")
    def _ask_anew(self, change):
        self.answers = []
        self._start = {"answers": self.answers}

    def narrowed(self):
        number = {"low": -_MOST, "high": _MOST}
        return {"answers": {"each": [{"options": list(range(len(q["choices"])))} if "choices" in q else number
                                     for q in self.questions]}}

    @property
    def score(self):
        """How many questions are answered right, as they stand."""
        return sum(bool(verdict(*pair)) and verdict(*pair)[0] for pair in zip(self.questions, self.answers, strict=True))

    def describe(self):
        n = len(self.questions)
        return f"A quiz of {n} question{'s' * (n != 1)}, {self.score} answered right. " + " ".join(
            _told(i, *pair) for i, pair in enumerate(zip(self.questions, self.answers, strict=True), 1))


def verdict(question, answer):
    """(is it right, why) for an answer to a question; None where there is no answer yet."""
    if answer is None:
        return None
    if "choices" in question:
        return tuple(question["choices"][answer][1:])
    for value, right, why in question["numbers"]:
        if abs(answer - value) <= question["within"] * (1 + 1e-9):  # 0.605 is within 0.005 of 0.6, rounding or not
            return right, why
    return False, question["otherwise"]


def _told(i, question, answer):
    """A question in words, and what was answered."""
    text = f"Question {i}: {question['ask']}"
    if "choices" in question:
        choices = [f"({'abcdef'[k]}) {text.removesuffix('.')}" for k, (text, *_) in enumerate(question["choices"])]
        text += f" {'; '.join(choices)}{'' if choices[-1][-1] in '?!…' else '.'}"
    found = verdict(question, answer)
    if found is None:
        return text
    given = f"({'abcdef'[answer]})" if "choices" in question else f"{answer:g}".replace("-", "−")
    return f"{text} Answered {given}: {'right' if found[0] else 'not right'}. {found[1]}"


def _question(name, question):
    """The question as JSON, or a TraitError that says what is wrong with it."""
    keys = set(question) if isinstance(question, dict) else set()
    if keys not in (_CHOICE, _NUMBER):
        raise traitlets.TraitError(f"{name} must have the keys {', '.join(sorted(_CHOICE))}, or {', '.join(sorted(_NUMBER))}; "
                                   f"got {sorted(map(str, keys)) or question!r}")
    kind = "choices" if keys == _CHOICE else "numbers"
    answers, is_answer = question[kind], _is_text if kind == "choices" else _is_number
    low, high = (2, 6) if kind == "choices" else (1, 12)
    if not isinstance(answers, (list, tuple)) or not low <= len(answers) <= high or not all(
            isinstance(a, (list, tuple)) and len(a) == 3 and is_answer(a[0]) and isinstance(a[1], bool) and _is_text(a[2])
            for a in answers):
        raise traitlets.TraitError(f"{name}: {kind} must be {low} to {high} triples "
                                   f"({'text' if kind == 'choices' else 'number'}, True or False, why), got {answers!r}")
    if sum(a[1] for a in answers) != 1 or len({a[0] for a in answers}) < len(answers):
        raise traitlets.TraitError(f"{name}: the {kind} must differ, and exactly one must be right")
    texts = [question[key] for key in ("ask", "otherwise") if key in question]
    if not all(map(_is_text, texts)):
        raise traitlets.TraitError(f"{name}: ask and otherwise must be text, got {texts}")
    if kind == "numbers" and not (_is_number(question["within"]) and question["within"] >= 0):
        raise traitlets.TraitError(f"{name}: within must be a number of at least 0, got {question['within']!r}")
    if kind == "numbers":  # plain floats, whatever numbers came: they are read by JavaScript and printed as Python
        answers = [(float(value), *rest) for value, *rest in answers]
        question = {**question, "within": float(question["within"])}
    return {**question, kind: [list(a) for a in answers]}


def _answer(i, question, value):
    """None, an index or a number, as the question asks for; or a TraitError."""
    if value is None:
        return None
    if "choices" not in question:
        if _is_number(value):
            return float(value)
        raise traitlets.TraitError(f"the answer to question {i} must be a number or None, got {value!r}")
    if isinstance(value, numbers.Integral) and not isinstance(value, bool) and 0 <= value < len(question["choices"]):
        return int(value)
    raise traitlets.TraitError(f"the answer to question {i} must be the index of a choice, "
                               f"0 to {len(question['choices']) - 1}, or None; got {value!r}")


def _is_text(value):
    return isinstance(value, str) and bool(value.strip())


def _is_number(value):
    return fits(value, -_MOST, _MOST)
