"""Runs the command line and turns what happens into an exit code and, for errors, two lines or one JSON object."""

from __future__ import annotations

import json
import locale
import os
import sys
import traceback

from zhinan.core import UserError

__all__ = ["complain", "language", "run"]

INTERNAL = 4
USER = 3


def run(arguments: list[str]) -> int:
    """The exit code of `zhinan ARGUMENTS…`; see COMMANDS in docs/commands.md."""
    import click

    from zhinan.cli.commands import app

    lang = _asked_language(arguments)
    as_json = "--json" in arguments
    try:
        code = app(arguments, standalone_mode=False, prog_name="zhinan")
    except UserError as error:
        return complain(error, as_json=as_json, lang=lang)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "zhinan"
        usage = UserError("E317", what=error.format_message(), command=command)
        return complain(usage, as_json=as_json, lang=lang)
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # noqa: BLE001 — the last line of defence: a bug is told as one, whole, and has its own exit code
        from zhinan.steps.mask import redact

        print(redact(traceback.format_exc()), file=sys.stderr)  # a message may hold what somebody wrote
        return INTERNAL
    return code if isinstance(code, int) else 0


def language() -> str:
    """ "zh" or "en", by the locale of the environment."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if not named and sys.platform == "win32":
        named = locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


def _asked_language(arguments: list[str]) -> str:
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            return "zh" if arguments[place + 1] == "zh" else "en"
        if argument.startswith("--lang="):
            return "zh" if argument == "--lang=zh" else "en"
    return language()


def complain(error: UserError, *, as_json: bool, lang: str) -> int:
    """Tells what is wrong and how to mend it, and gives the exit code for that."""
    if as_json:
        print(json.dumps({"error": error.as_dict(lang)}, ensure_ascii=False))
    print(error.text(lang), file=sys.stderr)
    return USER
