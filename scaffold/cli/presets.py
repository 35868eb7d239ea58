"""`scaffold presets`: what there is to start from."""

from typing import Annotated

import typer

from scaffold.cli.options import Output, OutputOption


def presets(
    name: Annotated[str | None, typer.Argument(help="Print this preset's file.")] = None,
    output: OutputOption = Output.TEXT,
) -> int:
    """List the presets, or print one."""
    from scaffold.cli.exit_codes import Exit
    from scaffold.cli.output import console, print_json
    from scaffold.presets import find_preset, load_presets
    from scaffold.report.documents.catalogue import PresetDocument, PresetEntry, PresetsDocument
    from scaffold.report.text import show_presets

    if name is not None:
        preset = find_preset(name)
        if output is Output.JSON:
            answers = dict(preset.source.data)
            print_json(PresetDocument(name=preset.name, date=preset.date, about=preset.about, answers=answers))
        else:
            typer.echo(preset.text, nl=False)
        return Exit.CLEAN
    entries = [PresetEntry(preset.name, preset.date, preset.about) for preset in load_presets()]
    document = PresetsDocument(presets=entries)
    if output is Output.JSON:
        print_json(document)
    else:
        show_presets(console(), document)
    return Exit.CLEAN
