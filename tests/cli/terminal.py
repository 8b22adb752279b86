#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A terminal for tests: runs a program in it and follows a script, or shows what a recording drew.

terminal.py [--size ROWSxCOLUMNS] COMMAND [ARGUMENT...] <SCRIPT
terminal.py [--size ROWSxCOLUMNS] --replay FILE

A line of the script is one of
  expect REGEX     wait until a line of the screen matches
  absent REGEX     wait until no line does
  key TEXT         type it (Python escapes: \\x03 is ^C)
  size ROWSxCOLUMNS
  run COMMAND      in a shell, and wait for its end
  show             print the screen
  sent TEXT        the program has sent that escape sequence (what follows the ESC)
  unsent TEXT      it has not
  status N         wait for the end; the program's exit status must be N
Waiting ends after 300 seconds: status 1, with the screen.
"""
import codecs
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

import pyte

PATIENCE = 300


class Terminal:
    def __init__(self, rows, columns):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""

    def start(self, command, rows, columns):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # The size has to be there before the program asks for it.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvp(command[0], command)

    def feed(self, data):
        self.raw += data
        # pyte 0.8 does not know the alternate screen: what is left there must stay to be looked at.
        self.stream.feed(data.split(b"\x1b[?1049l")[0])

    def read(self, seconds):
        """Take what comes; False at the end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # EIO: the other side is closed
            return False
        self.feed(data)
        return bool(data)

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def wait(self, wanted, what):
        end = time.monotonic() + PATIENCE
        alive = True
        while not wanted(self.lines()):
            if not alive or time.monotonic() > end:
                self.fail(what + ("" if alive else " (the program has ended)"))
            alive = self.read(0.1)

    def fail(self, what):
        print("terminal: no " + what)
        print("\n".join("|" + line for line in self.lines()))
        sys.exit(1)

    def resize(self, rows, columns):
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def status(self):
        end = time.monotonic() + PATIENCE
        while self.read(0.1):
            if time.monotonic() > end:
                self.fail("end of the program")
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return status


def size_of(text):
    rows, columns = text.split("x")
    return int(rows), int(columns)


def step(terminal, word, rest):
    matches = lambda lines: any(re.search(rest, line) for line in lines)
    if word == "expect":
        terminal.wait(matches, "expected line: " + rest)
    elif word == "absent":
        terminal.wait(lambda lines: not matches(lines), "screen without: " + rest)
    elif word == "key":
        os.write(terminal.fd, codecs.decode(rest, "unicode_escape").encode())
    elif word == "size":
        terminal.resize(*size_of(rest))
    elif word == "run":
        subprocess.run(rest, shell=True, check=True)
    elif word == "show":
        print("\n".join(terminal.lines()))
    elif word in ("sent", "unsent"):
        if (("\x1b" + rest).encode() in terminal.raw) != (word == "sent"):
            terminal.fail("output %s escape sequence %s" % (word == "sent" and "with" or "without", rest))
    elif word == "status":
        status = terminal.status()
        if status != int(rest):
            terminal.fail("status %s but %d" % (rest, status))
    else:
        sys.exit("terminal: no such step: " + word)


def main(arguments):
    rows, columns = 24, 80
    if arguments[0] == "--size":
        rows, columns = size_of(arguments[1])
        arguments = arguments[2:]
    terminal = Terminal(rows, columns)
    if arguments[0] == "--replay":
        terminal.feed(open(arguments[1], "rb").read())
        print("\n".join(terminal.lines()))
        return
    terminal.start(arguments, rows, columns)
    for line in sys.stdin:
        word, _, rest = line.rstrip("\n").partition(" ")
        if word:
            step(terminal, word, rest)


main(sys.argv[1:])
