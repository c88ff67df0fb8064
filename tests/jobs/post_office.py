"""A mail server for tests: takes mails over SMTP, can refuse them, and can stall after it has taken one."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage


class PostOffice:
    """`with PostOffice() as office:`; `office.mails` are those it accepted."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses = ""
        self.answers = threading.Event()
        self.answers.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self) -> PostOffice:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.answers.set()
        self.close()

    def close(self) -> None:
        """Take no more calls, as a server that is down."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def _listen(self) -> None:
        while True:
            try:
                caller, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(caller,), daemon=True).start()

    def _talk(self, caller: socket.socket) -> None:
        with caller, caller.makefile("rw", newline="", encoding="utf-8") as line:

            def say(text: str) -> None:
                line.write(text + "\r\n")
                line.flush()

            say("220 test")
            while heard := line.readline():
                word = heard[:4].upper()
                if word == "QUIT":
                    say("221 bye")
                    break
                if word == "RCPT" and self.refuses:
                    say(self.refuses)
                elif word == "DATA":
                    say("354 go on")
                    self._take(line)
                    self.answers.wait(30)
                    say("250 taken")
                else:
                    say("250 ok")

    def _take(self, line) -> None:
        lines = []
        while (heard := line.readline()) not in (".\r\n", ""):
            lines.append(heard)
        self.mails.append(message_from_bytes("".join(lines).replace("\r\n", "\n").encode(), policy=policy.default))
