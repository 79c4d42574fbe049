"""Write the types of the compiled module beside it, as the module itself tells them."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

FILE = Path(__file__).parents[1] / "planner/kernel/src/gancang_planner_kernel/_kernel.pyi"


def told() -> str:
    """The stub that nanobind makes of the module, without what only its arrays' layout says."""
    import gancang_planner_kernel._kernel as module  # noqa: PLC0415 - need not be there
    from nanobind.stubgen import StubGen  # noqa: PLC0415

    generator = StubGen(module)
    generator.put(module)
    tree = _Plain().visit(ast.parse(generator.get()))
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


class _Plain(ast.NodeTransformer):
    """Annotated[X, …] is X; docstrings stay in the sources."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node.value) == "Annotated" and isinstance(node.slice, ast.Tuple):
            return node.slice.elts[0]
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        node.names = [name for name in node.names if name.name != "Annotated"]
        return node if node.names else None

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) and node.value.value != ... else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.body = node.body or [ast.Expr(ast.Constant(...))]
        return node


def same(one: str, other: str) -> bool:
    """Whether two stubs say the same, however they are laid out."""
    return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))


if __name__ == "__main__":
    if not same(text := told(), FILE.read_text("utf-8")):
        FILE.write_text(text, "utf-8")
        sys.stdout.write(f"{FILE.name} written anew\n")
