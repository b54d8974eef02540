"""Each floor imports only floors below it; rooms on one floor do not import each other."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "exposure"

FLOOR = {
    "errors": 1.0, "calendar": 1.1, "units": 1.1, "once": 1.1, "model": 1.2, "io": 2.0, "check": 2.0, "graph": 2.0, "policy": 2.0,
    "load": 2.5, "lp": 3.0, "response": 4.0, "studies": 5.0, "report": 6.0, "plot": 6.5, "app": 7.0, "cli": 7.1, "__main__": 8.0,
    "__init__": 8.0,
}  # fmt: skip


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    tree = ast.parse(path.read_text())
    lazy = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        or (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING")
        for inner in ast.walk(node)
        if isinstance(inner, ast.ImportFrom)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("exposure.") and id(node) not in lazy:
            yield node.module.split(".")[1]


def test_no_floor_reaches_up():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {target}"
        for path in PACKAGE.rglob("*.py")
        for target in imports(path)
        if target != room(path) and FLOOR[target] >= FLOOR[room(path)]
    ]
    assert wrong == []


def test_only_lp_imports_pulp_and_only_the_session_imports_solvers():
    users = {"pulp": set(), "highspy": set(), "cbcbox": set()}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                if name.split(".")[0] in users:
                    users[name.split(".")[0]].add(str(path.relative_to(PACKAGE)))
    assert all(path.startswith("lp/") for path in users["pulp"])
    assert users["highspy"] == users["cbcbox"] == {"lp/session.py"}
