"""The command that follows the golden thread of plans: told as a tree, drawn as SVG."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from toolkit import intake
from toolkit.cli.door import Named, found_shelf, main, unknown


@main.command()
@click.option("--client", "clients", multiple=True, metavar="ID", help="Only this client (may be repeated).")
@click.option("--payer", default="default", show_default=True, help="The payer whose rules apply.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d", "%m/%d/%Y"]), help="Follow it as on this day.")
@click.option("-o", "--output", type=Named(path_type=Path), help="Also draw each map as SVG, into this folder.")
@click.argument("source", metavar="INPUT", type=Named(path_type=Path))
@click.pass_context
def thread(
    ctx: click.Context, source: Path, clients: tuple[str, ...], payer: str, today: datetime | None, output: Path | None
) -> None:
    """Follow each plan from diagnosis to discharge criterion, and mark where the thread is broken.

    What is named in the plan is told as a tree; a × stands where a link is missing, with the code of its rule
    (plankit rule GT004). Scripts see exit code 1 where one is. The same as a page for the packet, in Word and PDF:
    plankit make INPUT -d thread_map.

    Example: plankit thread clients.xlsx --client 0041 -o maps
    """
    from toolkit.batch import threads
    from toolkit.thread.told import told

    found = found_shelf(ctx)
    found.payer(payer)
    records = intake.read(source, found.all())
    if clients:
        known = {record.id for record in records}
        for name in clients:
            if name not in known:
                raise unknown("client", name, known, "The ids stand on the sheet Clients.")
    title = next((item.title for item in found.all().documents.values() if item.drawing == "thread"), "Thread map")
    svgs = threads.Svgs(found, output) if output else None
    plans, gaps = 0, 0
    day = today.date() if today else date.today()
    for one in threads.follow(records, found, today=day, payer=payer, clients=clients):
        plans, gaps = plans + 1, gaps + one.thread.gaps
        said = f"{one.thread.gaps} to mend" if one.thread.gaps else "whole"
        click.echo(f"{one.who} · {one.title}: {said}")
        for line in told(one.thread):
            click.echo(f"  {line}")
        for path in svgs.write(one, title) if svgs else ():
            click.echo(f"Wrote {path}", err=True)
    if not plans:
        click.echo("No plan is dated, so there is no thread to follow. Type the plan date on the sheet Plan.", err=True)
    ctx.exit(1 if gaps or not plans else 0)
