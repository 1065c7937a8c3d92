"""Runs a command at a pseudo-terminal: waits for a text, types, and prints all that the terminal showed.
What is typed has a part for each time that the text is shown, with a record separator (0x1e) in between."""
import os
import pty
import sys

awaited, typed, *command = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
shown = b""
answers = typed.split("\x1e")
answered = 0
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
    if answered < len(answers) and shown.count(awaited.encode()) > answered:
        os.write(terminal, answers[answered].encode())
        answered += 1
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
