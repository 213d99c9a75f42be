"""From the ES modules of `frontend/` to the single module a notebook loads. No bundler, no Node.

A module is joined with what it imports: each becomes a function that runs once and returns its exports. Only the
forms the front-end uses are understood, anything else is an error: `import { a, b as c } from "./x.js"` and
`export const | function | class | async function`, `export default`.
"""

import re
from importlib.resources import files

_IMPORT = re.compile(r'^import \{ ([^}]*?),? \} from "\./([\w.]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|const|class) (\w+)", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
FRONTEND = files("mlpbook") / "frontend"


def read(name):
    """The text of a front-end file. FileNotFoundError where there is none."""
    return (FRONTEND / name).read_text(encoding="utf-8")


def join(entry):
    """The source of one module that needs no other: `entry` after everything it imports, each once."""
    done = {}

    def add(name):
        if name in done:
            return
        done[name] = None  # marks it as under way: a circle ends here
        source = read(name)
        for _, wanted in _IMPORT.findall(source):
            add(wanted)
        body = _IMPORT.sub(lambda m: f"const {{ {m[1].replace(' as ', ': ')} }} = {_variable(m[2])};", source)
        exports = [found[1] for found in _EXPORT.findall(body)]
        body, defaults = _DEFAULT.subn("const byDefault = ", _EXPORT.sub(r"\1 \2", body))
        exports += ["byDefault"] * defaults
        if re.search(r"^(import|export)\b", body, re.MULTILINE):
            raise ValueError(f"{name} has an import or export that the joiner does not know")
        del done[name]
        done[name] = f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {', '.join(exports)} }};\n}})();\n"

    add(entry)
    return "".join(done.values()) + f"export default {_variable(entry)}.byDefault;\n"


def classic(entry, call):
    """`entry` joined for a classic script: nothing exported, then `call`, which may use `module`, its exports. All of it in a
    block of its own, since the classic scripts of a page share their names, and two of them may hold the same module."""
    source = join(entry)
    return f"{{\n{source[:source.rindex('export default')]}const module = {_variable(entry)};\n{call}\n}}\n"


def _variable(name):
    return "m_" + name.removesuffix(".js").replace(".", "_")
