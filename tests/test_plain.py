"""The plain edition's text: what MyST says, said so that any notebook reader shows it."""

import pytest

from mlpbook.sphinxext.plain import Plain


class Look:
    """Stands in for the book: every label is number 3.1 on this page."""

    def number(self, label):
        return "3.1"

    def name(self, label):
        return f"Theorem 3.1 [{label}]"

    def role(self, role, target, title):
        return f"<{role} {target} {title}>"

    def page(self, file):
        return None if file == "notation.md" else f"at/{file}"


@pytest.fixture
def plain():
    return Plain(Look())


@pytest.mark.parametrize("source, expected", [
    ("(sec-a)=\n## A *title*", '<a id="sec-a"></a>\n\n## A *title*'),
    ("$$ x^2, $$ (eq-a)\n\nand $$ y $$", "$$ x^2, \\tag{3.1}$$\n\nand $$ y $$"),
    ("$$ y $$\n\n$$\nx\n$$ (eq-a)", "$$ y $$\n\n$$\nx \\tag{3.1}$$"),
    ("See {ref}`the first <ex-a>`, {eq}`eq-a` and\n{cite:t}`cox1958`.",
     "See <ref ex-a the first>, <eq eq-a None> and\n<cite:t cox1958 None>."),
    ("Read [this](neuron.ipynb), [that](notation.md), [web](https://a.b/c.md).",
     "Read [this](at/neuron.ipynb), that, [web](https://a.b/c.md)."),
    ("`(sec-a)=` and `$$ x $$ (eq-a)`\n\n```\n(sec-a)=\n```", "`(sec-a)=` and `$$ x $$ (eq-a)`\n\n```\n(sec-a)=\n```"),
    (":::{admonition} Predict\n:class: tip\n\nHow *many*?\n:::\nGo on.", "> **Predict**\n>\n> How *many*?\n\nGo on."),
    (":::{prf:theorem} Two\n:label: thm-a\n\n$$\na \\\\\nb\n$$ (eq-a)\n:::",
     '> <a id="thm-a"></a>**Theorem 3.1 [thm-a]** (Two)\n>\n> $$ a \\\\ b \\tag{3.1}$$'),
    (":::{prf:proof}\nOne.\n\nTwo $a\nb$.\n:::", "> *Proof.* One.\n>\n> Two $a b$. ∎"),
    (":::{exercise}\n:label: ex-a\n\nDo it.\n:::", '> <a id="ex-a"></a>**Theorem 3.1 [ex-a]**\n>\n> Do it.'),
    (":::{solution} ex-a\n:class: dropdown\n\nDone.\n:::",
     "<details>\n<summary><b>Solution to Theorem 3.1 [ex-a]</b></summary>\n\nDone.\n\n</details>"),
])
def test_a_construct_in_plain_words(plain, source, expected):
    assert plain.text(source) == expected


def test_a_solution_with_cells_in_it_stays_folded_until_it_ends(plain):
    start = plain.text("Before.\n\n:::{solution-start} ex-a\n:class: dropdown\n:::\n\nFirst.")
    assert start.startswith("Before.") and start.endswith("First.\n\n</details>") and plain.folded
    between = plain.text("Second.")
    assert "continued</b></summary>\n\nSecond." in between and plain.folded
    end = plain.text("Third.\n\n:::{solution-end}\n:::\n\nAfter.")
    assert "Third.\n\n</details>\n\nAfter." in end and plain.folded is None
    assert plain.text("Plain again.") == "Plain again."
    assert plain.text(":::{solution-start} ex-a\n:::\n") and plain.text(":::{solution-end}\n:::") == ""


def test_a_solution_that_ends_in_its_own_cell(plain):
    text = plain.text(":::{solution-start} ex-a\n:::\n\nAll.\n\n:::{solution-end}\n:::\n\nAfter.")
    assert text.endswith("All.\n\n</details>\n\nAfter.") and plain.folded is None


@pytest.mark.parametrize("source", [":::{tableofcontents}\n:::", ":::{admonition} Never closed"])
def test_what_has_no_plain_form_is_refused(plain, source):
    with pytest.raises(ValueError, match="tableofcontents|never closed"):
        plain.text(source)
