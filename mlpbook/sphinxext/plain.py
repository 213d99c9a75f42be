"""A chapter in plain Markdown, for Jupyter, Colab and wherever MyST is not rendered: the text alone, no Sphinx here.

`Plain(look)` rewrites cells one after the other. What it cannot know, numbers and addresses, it asks `look`:
number(label) -> "3.1", name(label) -> "Theorem 3.1", role(role, target, title) -> Markdown, page(file) -> address or
None. ValueError: a directive or a role that it has no plain form for.
"""

import re

_OPEN = re.compile(r"(:{3,})\{([\w:-]+)\}[ \t]*(.*)")
_OPTION = re.compile(r":([\w-]+):[ \t]*(.*)")
_LABEL = re.compile(r"\(([\w-]+)\)=")
_ROLE = re.compile(r"\{([\w:-]+)\}`([^`]+)`")
_DISPLAY = re.compile(r"\$\$(.+?)\$\$(?:[ \t]*\(([\w-]+)\))?", re.DOTALL)
_MATH = re.compile(r"\$\$.+?\$\$|\$[^$]+\$", re.DOTALL)
_LINK = re.compile(r"(?<!!)\[([^\]\[]+)\]\(([\w-]+(?:\.ipynb|\.md)?)\)")
_CODE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.DOTALL | re.MULTILINE)


class Plain:
    """Rewrites the Markdown cells of one chapter, in their order. `folded` says whether a solution is open."""

    def __init__(self, look):
        self.look, self.folded = look, None

    def text(self, source):
        """The plain Markdown of one cell; "" where nothing is left to say."""
        opened, self._ends = self.folded, False
        body = self._blocks(source.splitlines())
        if opened and body.strip() and not self._ends:  # a solution that goes on after a cell of code
            body = _fold(f"{opened}, continued", body)
        return re.sub(r"\n{3,}", "\n\n", body).strip()

    def _blocks(self, lines):
        done, i = [], 0
        while i < len(lines):
            opening = _OPEN.fullmatch(lines[i].strip())
            if not opening:
                plain = i
                while i < len(lines) and not _OPEN.fullmatch(lines[i].strip()):
                    i += 1
                done.append(self._inline("\n".join(lines[plain:i])))
                continue
            fence, kind, title = opening.groups()
            end = next((j for j in range(i + 1, len(lines)) if lines[j].strip() == fence), None)
            if end is None:
                raise ValueError(f"{{{kind}}} is opened with {fence} and never closed")
            inside, rest = lines[i + 1:end], lines[end + 1:]
            if kind == "solution-start":
                return "\n\n".join([*done, self._gated(title, rest)])
            if kind == "solution-end":
                before, self.folded, self._ends = self.folded, None, True
                text = "\n\n".join(done)
                done = [_fold(f"{before}, continued", text)] if before and text.strip() else []
            else:
                done.append(self._directive(kind, title, inside))
            i = end + 1
        return "\n\n".join(done)

    def _gated(self, label, rest):
        """A solution that holds code cells: its text is folded here, its cells by whoever writes them."""
        self.folded, self._ends = f"Solution to {self.look.name(label)}", True
        closing = next((j for j, line in enumerate(rest) if line.strip().startswith(":::{solution-end}")), None)
        if closing is None:
            return _fold(self.folded, self._blocks(rest))
        summary, self.folded = self.folded, None
        after = next(j for j in range(closing + 1, len(rest)) if rest[j].strip() == ":::") + 1
        return _fold(summary, self._blocks(rest[:closing])) + "\n\n" + self._blocks(rest[after:])

    def _directive(self, kind, title, lines):
        options = {}
        while lines and (option := _OPTION.fullmatch(lines[0].strip())):
            options[option[1]], lines = option[2], lines[1:]
        label, body = options.get("label"), self._blocks(lines)
        anchor = f'<a id="{label}"></a>' if label else ""
        title = self._inline(title)
        if kind == "admonition":
            return _quote(f"**{title}**\n\n{body}")
        if kind == "prf:proof":
            return _quote(f"*Proof.* {body.strip()} ∎")
        if kind.startswith("prf:") or kind == "exercise":
            named = f" ({title})" if title else ""
            return _quote(f"{anchor}**{self.look.name(label)}**{named}\n\n{body}")
        if kind == "solution":
            return _fold(f"Solution to {self.look.name(title)}", body)
        raise ValueError(f"no plain form of the directive {{{kind}}} is known")

    def _inline(self, text):
        """Labels, equation numbers, roles and links of a piece of text; code is left alone."""
        kept = []

        def keep(match):
            kept.append(match[0])
            return f"\0{len(kept) - 1}\0"

        text = _ROLE.sub(lambda m: self._role(m[1], m[2]), text)
        text = _CODE.sub(keep, text)
        text = re.sub(_LABEL.pattern + r"[ \t]*$", r'<a id="\1"></a>\n', text, flags=re.MULTILINE)
        text = _DISPLAY.sub(self._equation, text)
        text = _LINK.sub(self._link, text)
        return re.sub(r"\0(\d+)\0", lambda m: kept[int(m[1])], text)

    def _role(self, role, content):
        titled = re.fullmatch(r"(.*?)\s*<([^<>]+)>", content, re.DOTALL)
        title, target = titled.groups() if titled else (None, content)
        return self.look.role(role, target, title)

    def _equation(self, match):
        formula, label = match.groups()
        if label is None:
            return match[0]
        return f"$${formula.rstrip()} \\tag{{{self.look.number(label)}}}$$"

    def _link(self, match):
        text, file = match.groups()
        page = self.look.page(file)
        return f"[{text}]({page})" if page else text


def _quote(text):
    """A box. A formula in it stands on one line, since some readers take the marks of the quote for part of it."""
    text = _MATH.sub(lambda m: " ".join(m[0].split()), re.sub(r"\n{3,}", "\n\n", text.strip()))
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _fold(summary, text):
    return f"<details>\n<summary><b>{summary}</b></summary>\n\n{text.strip()}\n\n</details>"
