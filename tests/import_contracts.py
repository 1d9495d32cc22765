"""A contract for the import linter: through which doors one package may be used by others."""

import grimp
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expression_to_modules


class DoorsContract(Contract):
    """Every import from `users` into `package` is one of `doors`, and no door is there that nobody uses.

    A door is `importer -> imported`, wildcards allowed; the importer stands for what lies below it too. Tests
    may look everywhere.
    """

    type_name = "doors"

    users = fields.ModuleField()
    package = fields.ModuleField()
    doors = fields.ListField(subfield=fields.ImportExpressionField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Compare what is imported with what may be."""
        del verbose
        inside = {str(self.package), *graph.find_descendants(str(self.package))}
        used = {
            (importer, imported)
            for importer in graph.find_descendants(str(self.users))
            if "tests" not in importer.split(".")
            for imported in graph.find_modules_directly_imported_by(importer) & inside
        }
        opened: set[tuple[str, str]] = set()
        unused = []
        for door in self.doors:
            through = {
                (importer.name, imported.name)
                for importer in module_expression_to_modules(graph, door.importer, as_packages=True)
                for imported in module_expression_to_modules(graph, door.imported)
            }
            if not through & used:
                unused.append(str(door))
            opened |= through
        return ContractCheck(
            kept=not (used - opened or unused),
            metadata={"forbidden": sorted(used - opened), "unused": unused},
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name every import that is no door, and every door that nobody uses."""
        for importer, imported in check.metadata["forbidden"]:
            output.print_error(f"- {importer} -> {imported} is no door", bold=False)
        for door in check.metadata["unused"]:
            output.print_error(f"- nobody uses the door {door}", bold=False)
