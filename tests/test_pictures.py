"""Figures, diagrams and the palette: valid SVG, readable in both lights, no trace left behind."""

import xml.etree.ElementTree as ET

import matplotlib
import numpy as np
import pytest

import mlpbook as mb

SVG = "{http://www.w3.org/2000/svg}"


def luminance(colour):
    """Relative luminance by WCAG 2.1."""
    channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("light", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
@pytest.mark.parametrize("name", ["ink", "muted", "blue", "orange", "green", "purple"])
def test_text_colours_are_readable(name, ground, light):
    assert contrast(mb.theme.PALETTE[name][light], mb.theme.PALETTE[ground][light]) >= 4.5


def test_every_colour_can_be_told_from_every_other():
    # the built page finds a colour's name by its light value
    lights = [light for light, _ in mb.theme.PALETTE.values()]
    assert len(set(lights)) == len(lights)


def test_unknown_colour():
    with pytest.raises(ValueError, match="one of paper, panel.*got 'red'"):
        mb.theme.colour("red")


@pytest.mark.parametrize("names", [["tanh"], list(mb.ACTIVATIONS)])
def test_activation_figure_draws_what_it_says(names):
    fig = mb.plots.activation(*names)
    shown = [ax for ax in fig.axes if ax.get_visible()]
    assert len(shown) == len(names)
    for ax, name in zip(shown, names, strict=True):
        _zero, value, slope = ax.lines
        f = mb.ACTIVATIONS[name]
        for line, function in ((value, f), (slope, f.derivative)):
            z, y = line.get_data()
            drawn = ~np.isnan(y)
            assert drawn.mean() > 0.99  # at most a pen lifted at a jump
            np.testing.assert_allclose(np.asarray(y)[drawn], function(z[drawn]))


def test_figure_shows_itself_as_svg_and_changes_no_setting():
    before = dict(matplotlib.rcParams)
    bundle = mb.plots.activation("relu")._repr_mimebundle_()
    assert ET.fromstring(bundle["image/svg+xml"]).tag == f"{SVG}svg"
    assert bundle["text/plain"] == "<figure: relu>"
    assert dict(matplotlib.rcParams) == before
    # the same picture twice is the same file: no random ids, no date
    assert mb.plots.activation("relu")._repr_mimebundle_() == bundle


@pytest.mark.parametrize("span", [(-5, 5), (-3000, 2000), (-0.001, 0.001), (0.1, 7), (-7.1, 0.3)])
@pytest.mark.parametrize("name", mb.ACTIVATIONS)
def test_a_curve_has_gaps_only_where_it_jumps(name, span):
    _, value, slope = mb.plots.activation(name, span=span).axes[0].lines
    near = np.array([-1e-9, 1e-9])
    jumps = [abs(np.diff(f(near)))[0] > 0.1 and span[0] < 0 for f in (mb.ACTIVATIONS[name], mb.ACTIVATIONS[name].derivative)]
    assert [int(np.isnan(line.get_ydata()).sum()) for line in (value, slope)] == jumps


def test_figure_saves_to_other_formats(tmp_path):
    mb.plots.activation("relu").savefig(tmp_path / "relu.png")
    assert (tmp_path / "relu.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("call, words", [
    (lambda: mb.plots.activation(), "at least one"), (lambda: mb.plots.activation("swish"), "got 'swish'"),
    (lambda: mb.plots.activation("relu", span=(1, 1)), "low < high"), (lambda: mb.plots.activation("relu", span=(1, "a")), "span"),
    (lambda: mb.plots.activation("relu", span=(0, np.inf)), "finite"), (lambda: mb.plots.figure(columns=0), "columns"),
])
def test_bad_figures(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def parts(diagram, tag):
    return ET.fromstring(diagram.svg).iter(f"{SVG}{tag}")


@pytest.mark.parametrize("sizes", [[2, 1], [4, 5, 3], [2, 8, 8, 1], [1, 1, 1]])
def test_network_has_a_circle_for_every_unit_and_a_line_for_every_weight(sizes):
    diagram = mb.diagrams.network(sizes)
    assert len(list(parts(diagram, "circle"))) == sum(sizes)
    assert len(list(parts(diagram, "line"))) == sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))
    assert " to ".join(map(str, sizes)) in diagram.alt


@pytest.mark.parametrize("sizes", [[2, 1], [4, 5, 3], [2, 8, 8, 1]])
def test_network_of_up_to_four_columns_fits_a_phone_with_words_of_nine_pixels(sizes):
    svg = ET.fromstring(mb.diagrams.network(sizes).svg)
    smallest = min(float(text.get("font-size")) for text in svg.iter(f"{SVG}text"))
    assert smallest * min(1, 342 / float(svg.get("width"))) > 9  # the column of text is 342 px wide at 390


def test_wide_layers_are_cut_and_say_so():
    diagram = mb.diagrams.network([3, 100, 1])
    assert len(list(parts(diagram, "circle"))) == 3 + 8 + 1
    texts = [t.text for t in parts(diagram, "text")]
    assert "h₁₀₀" in texts and "⋮" in texts and "hidden (100)" in texts


def test_weights_set_width_colour_and_dash():
    mlp = mb.MLP([2, 1])
    mlp.linear_layers[0].W[...] = [[2.0], [-1.0]]
    up, down = parts(mb.diagrams.network(mlp), "line")
    assert float(up.get("stroke-width")) > float(down.get("stroke-width"))
    assert up.get("stroke-dasharray") is None and down.get("stroke-dasharray")
    assert up.get("stroke") != down.get("stroke")
    texts = [t.text for t in parts(mb.diagrams.network(mlp), "text")]
    assert "2" in texts and "−1" in texts


def test_values_in_the_circles():
    texts = [t.text for t in parts(mb.diagrams.network([2, 1], values=[[0.5, -1], [3.25]]), "text")]
    assert [text for text in texts if "(" not in text] == ["0.5", "−1", "3.2"]


@pytest.mark.parametrize("call, words", [
    (lambda: mb.diagrams.network([2, 0, 1]), r"sizes\[1\]"), (lambda: mb.diagrams.network("net"), "sizes must list"),
    (lambda: mb.diagrams.network([2, 1], values=[[1], [1]]), r"\[2, 1\] numbers"), (lambda: mb.diagrams.network([2, 1], values=5), "values must be a list of lists"),
    (lambda: mb.diagrams.network([2, 1], values=[2, 1]), "values must be a list of lists"), (lambda: mb.diagrams.network([2, 1], values=["ab", [1]]), "values must be a list of lists"),
    (lambda: mb.diagrams.network([2, 1], values=[["a", "b"], [1]]), r"values\[0\] must be numbers"), (lambda: mb.diagrams.network([2, 1], values=[[1, 2], [np.nan]]), r"values\[1\] must be finite"),
    (lambda: mb.diagrams.network([2, 1], most=1), "most"),
])
def test_bad_diagrams(call, words):
    with pytest.raises(ValueError, match=words):
        call()
