"""`milieu`, the whole command: what needs no pages (`milieu.cli`), and `serve` and `demo`, which need them."""

import sys
from pathlib import Path
from typing import Any

import click

from milieu import cli


@cli.milieu.command()
@click.option("--host", help="The address to listen on; 127.0.0.1 unless set, so that only this machine can see it.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen on (0: any that is free).")
@click.pass_context
def serve(ctx: click.Context, host: str | None, port: int | None) -> None:
    """Serve the pages and run the clock, in one process."""
    from web.server.serving import serve_installation

    given: dict[str, Any] = {"host": host, "port": port}
    settings = cli.settings_of(ctx)
    serve_installation(settings.model_copy(update={name: each for name, each in given.items() if each is not None}))


@cli.milieu.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Where the demo keeps its data.")
@click.option(
    "--community",
    type=click.Choice(["alder", "linden", "rowan"]),
    default="linden",
    show_default=True,
    help="Alder House (30 beds), Linden Court (120 beds) or Rowan Village (300 beds); all made up.",
)
@click.option("--fresh", is_flag=True, help="Forget what was entered and begin anew.")
@click.option("--seconds", type=click.IntRange(1, 600), help="How long to search for each week; else about 15.")
@click.option(
    "--weeks", type=click.IntRange(1, 26), default=1, show_default=True, help="How many past weeks to plan in turn."
)
@click.option("--no-serve", is_flag=True, help="End when the weeks are planned, without serving them.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def demo(
    port: int,
    data: Path | None,
    community: str,
    fresh: bool,
    seconds: int | None,
    weeks: int,
    no_serve: bool,
    no_browser: bool,
) -> None:
    """Plan and publish the week of a made-up community, and serve it."""
    from web.server.demo import plan_demo, serve_demo

    if no_serve:
        plan_demo(community, data=data, is_fresh=fresh, seconds=seconds, weeks=weeks)
    else:
        serve_demo(
            community,
            port=port,
            data=data,
            is_fresh=fresh,
            seconds=seconds,
            weeks=weeks,
            opens_browser=not no_browser,
        )


def main() -> int:
    """The console script."""
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
