"""How things look: one palette, in two lights, for figures, diagrams and widgets.

Every colour of the book is a name here. Matplotlib draws with the light value; in the built book, and in every
widget, the name becomes a CSS variable, so that the picture follows the page into the dark.
"""

from . import validate

# name: (light, dark). Text colours reach a contrast of 4.5 : 1 on paper in both lights. Blue and orange differ in
# lightness as well as in hue, and no figure tells them apart by colour alone.
PALETTE = {
    "paper": ("#ffffff", "#121212"),
    "panel": ("#f6f8fa", "#1e2226"),
    "ink": ("#1f2933", "#e6e9ec"),
    "muted": ("#55606b", "#aab4be"),
    "rule": ("#d5dbe1", "#3b4550"),
    "blue": ("#1d5fa6", "#7fb6f2"),
    "orange": ("#b3500b", "#f2a663"),
    "green": ("#0e6f62", "#5fcdbb"),
    "purple": ("#86399a", "#d7a1e6"),
}

# Who says "dark": the book, JupyterLab, Colab, VS Code; and where nobody says anything, the system.
_DARK_HOSTS = ('html[data-theme="dark"]', 'body[data-jp-theme-light="false"]', 'html[theme="dark"]', "body.vscode-dark")
_SILENT = "html:not([data-theme]):not([theme]) body:not([data-jp-theme-light]):not(.vscode-light)"


def colour(name):
    """The light value of a palette name, as "#rrggbb"; what Matplotlib draws with. ValueError lists the names."""
    return PALETTE[validate.key("colour", name, PALETTE)][0]


def midtone(name):
    """One colour between both lights, as "#rrggbb", for where nobody can say which it is: 3 : 1 on either paper."""
    colour(name)
    parts = zip(*([int(shade[i:i + 2], 16) for i in (1, 3, 5)] for shade in PALETTE[name]), strict=True)
    return "#" + "".join(f"{round(0.6 * light + 0.4 * dark):02x}" for light, dark in parts)


def variable(name):
    """The palette name as CSS that is right with or without our style sheet: var(--mb-blue, #1d5fa6)."""
    return f"var(--mb-{name}, {colour(name)})"


def css(selector=".mb"):
    """The style sheet that sets every --mb-* variable below `selector`, light or dark as the page says."""
    light, dark = (" ".join(f"--mb-{name}: {pair[i]};" for name, pair in PALETTE.items()) for i in (0, 1))
    hosts = ", ".join(f"{host} {selector}" for host in _DARK_HOSTS)
    return (f"{selector} {{ {light} color-scheme: light; }}\n"
            f"@media screen {{ {hosts} {{ {dark} color-scheme: dark; }} }}\n"
            f"@media screen and (prefers-color-scheme: dark) {{ {_SILENT} {selector} {{ {dark} color-scheme: dark; }} }}\n")


MATPLOTLIB = {
    "figure.facecolor": colour("paper"), "axes.facecolor": "none", "savefig.facecolor": "auto",
    "text.color": colour("ink"), "axes.labelcolor": colour("muted"), "axes.edgecolor": colour("muted"),
    "axes.titlecolor": colour("ink"), "axes.titlesize": 10.5, "axes.titlelocation": "left", "axes.labelsize": 10,
    "xtick.color": colour("muted"), "ytick.color": colour("muted"), "xtick.labelsize": 9, "ytick.labelsize": 9,
    "axes.grid": True, "grid.color": colour("rule"), "grid.linewidth": 0.6, "axes.axisbelow": True,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8,
    "lines.linewidth": 1.8, "lines.solid_capstyle": "round", "font.size": 10, "mathtext.fontset": "cm",
    "legend.frameon": False, "svg.fonttype": "path", "svg.hashsalt": "mlpbook",
    "figure.constrained_layout.use": True,
}
