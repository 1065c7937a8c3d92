"""Runs a command at a pseudo-terminal: waits for a text, types, and prints all that the terminal showed."""
import os
import pty
import sys

awaited, typed, *command = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
shown = b""
answered = False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
    if not answered and awaited.encode() in shown:
        answered = True
        os.write(terminal, typed.encode())
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
