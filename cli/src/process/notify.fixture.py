"""What systemd listens on: prints each message that arrives at the socket, its lines joined with a blank, until it is ended."""
import socket
import sys

at = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
at.bind(sys.argv[1])
print("listening", flush=True)
while True:
    print(at.recv(4096).decode().strip().replace("\n", " "), flush=True)
