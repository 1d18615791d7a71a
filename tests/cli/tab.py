#!/usr/bin/env python3
"""Types a line into an interactive shell, presses tab, and prints what the line then is.

usage: tab.py SHELL COMPLETION LINE      SHELL is bash, zsh or fish

The shell runs on a pseudo-terminal without anybody's settings; a key of its own makes it write its
line to a file, so that nothing of what it draws has to be understood.
"""

import os
import pathlib
import pty
import select
import shutil
import signal
import sys
import tempfile

PROMPT = "READY:"
KEY = "\x07"  # control-G
SECONDS = 30  # until the shell is given up

SETUP = {
    "bash": """PS1='{prompt}'
        . '{completion}'
        bind 'set bell-style none'
        bind 'set enable-bracketed-paste off'
        write() {{ printf '%s' "$READLINE_LINE" >'{line}'; }}
        bind -x '"\\C-g": write'""",
    "zsh": """PS1='{prompt}'
        fpath=('{folder}' $fpath)
        autoload -Uz compinit
        compinit -u -D
        write() {{ print -rn -- "$BUFFER" >'{line}' }}
        zle -N write
        bindkey '^G' write""",
    "fish": """function fish_prompt; echo -n '{prompt}'; end
        source '{completion}'
        function write; commandline >'{line}'; end
        bind \\cg write""",
}


def command(shell, folder):
    rc = str(folder / "rc")
    return {
        "bash": ["bash", "--noprofile", "--rcfile", rc, "-i"],
        "zsh": ["zsh", "-d", "-i"],
        "fish": ["fish", "--no-config", "-i", "-C", "source '%s'" % rc],
    }[shell]


def prepare(shell, completion, folder):
    """The completion where the shell looks for it, and the settings; the file that the key writes."""
    own = folder / "_tokbill"
    shutil.copy(completion, own)
    line = folder / "line"
    setup = SETUP[shell].format(prompt=PROMPT, completion=own, folder=folder, line=line)
    for name in ("rc", ".zshrc"):
        (folder / name).write_text(setup + "\n")
    return line


def start(shell, folder):
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(ZDOTDIR=str(folder), HOME=str(folder), TERM="dumb", HISTFILE="")
        os.environ.update(XDG_CONFIG_HOME=str(folder), XDG_DATA_HOME=str(folder))
        os.execvp(shell, command(shell, folder))
    return pid, terminal


def wait_for(terminal, seen):
    """Reads what the shell draws until seen(all of it)."""
    drawn = b""
    while not seen(drawn):
        ready, _, _ = select.select([terminal], [], [], SECONDS)
        if not ready:
            sys.exit("the shell is silent after: " + drawn.decode(errors="replace"))
        try:
            drawn += os.read(terminal, 4096)
        except OSError:
            sys.exit("the shell ended after: " + drawn.decode(errors="replace"))


def main(shell, completion, typed):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        line = prepare(shell, completion, folder)
        pid, terminal = start(shell, folder)
        try:
            wait_for(terminal, lambda drawn: PROMPT.encode() in drawn)
            os.write(terminal, (typed + "\t" + KEY).encode())
            while not (line.exists() and line.read_text()):
                # What it draws must be read, or it stops when the terminal is full.
                ready, _, _ = select.select([terminal], [], [], 0.05)
                if ready:
                    os.read(terminal, 4096)
            print(line.read_text().rstrip("\n"))
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


if __name__ == "__main__":
    signal.alarm(SECONDS)
    main(*sys.argv[1:])
