"""Runs a command at a pseudo-terminal of 80 columns and answers it: `[[awaited, typed], …]` as JSON, then the command. Each text is waited
for behind the one before; all that the terminal showed is printed."""
import fcntl
import json
import os
import pty
import struct
import sys
import termios
import time

steps = json.loads(sys.argv[1])
command = sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
shown = b""
seen = 0
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
    while steps:
        awaited, typed = steps[0]
        at = shown.find(awaited.encode(), seen)
        if at == -1:
            break
        seen = at + len(awaited.encode())
        steps.pop(0)
        # A prompt is drawn first and listens then.
        time.sleep(0.3)
        os.write(terminal, typed.encode())
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
