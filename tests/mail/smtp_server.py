"""A mail server of a few commands, in a thread: takes what comes, or answers as the test says."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        server = self.server
        self.say("220 ready")
        receiver = ""
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            if command == "RCPT":
                receiver = line.partition("<")[2].partition(">")[0]
                server.asked.set()
                server.go_on.wait(20)
            if command == "DATA" and "DATA" not in server.answers:
                self.say("354 go on")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                message = message_from_bytes(b"".join(lines), policy=policy.default)
                server.taken.append((receiver, message))
                self.say(server.after_data)
                continue
            self.say(server.answers.get(command, "250 OK"))
            if command == "QUIT":
                return

    def say(self, answer):
        self.wfile.write(f"{answer}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """`answers`: command → what is answered instead of yes. `taken`: (receiver, message)."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers, self.after_data, self.taken = {}, "250 OK", []
        self.asked, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    @property
    def port(self):
        return self.server_address[1]


@contextmanager
def mail_server():
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server
        finally:
            server.go_on.set()
            server.shutdown()
