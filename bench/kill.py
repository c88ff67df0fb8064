"""`kill -9` of web, worker, PostgreSQL and Valkey in turn, while people and programs write: `./cradle bench kill`.

A new installation on the durable embedded servers, in a folder of its own; mails go to a mail server on this machine that
keeps them. Afterwards every acknowledged write must be there, once; the usage figures must be those of the
acknowledged events, computed from sets; and every comment must have brought its mail, one Message-ID each.

A mail may arrive twice under the same Message-ID when its sender was killed between the mail server's yes and the note
of it; mailboxes show it once. That is counted apart, and may happen once for each process that was delivering.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from bench.load import WRITERS, Events, Stage, Writer
from bench.measure import tell
from devservices.tree import Tree
from tests.jobs.post_office import PostOffice

SERVERS = False
VICTIMS = ("web", "worker", "PostgreSQL", "Valkey")
RECOVERY = 30.0  # seconds; an aim
PATIENCE = 150  # seconds until all is quiet again
COMMENT = re.compile(r"comment (\d+) ")
SENDERS = 2  # mails that may be under way as something is killed: a worker has at least so many processes


def main() -> int:
    options = parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="cradle-kill-") as name, PostOffice() as office:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user under root
        hurried = {"EMAIL_URL": office.url, "USAGE_PLAN_EVERY": "1", "JOB_SWEEP": "1", "JOB_LEASE": "4"}
        with Tree(folder / "data", "--empty", env=hurried) as tree:
            os.environ.update(tree.environment, DATABASE_POOL="0")
            from bench import aftermath  # noqa: PLC0415 - needs the servers

            stage = aftermath.set_the_stage(tree.url)
            writers = run_and_kill(tree, stage, office, options.seconds, options.rounds)
            quiet = settled(aftermath.is_quiet)
            tell("all quiet after the last kill", "yes" if quiet else "no", "yes", quiet)
            good = report_writes(aftermath, writers)
            good = report_usage(aftermath, next(one for one in writers if isinstance(one, Events))) and good
            good = report_mails(aftermath, writers, office, options.rounds) and good
            if not (quiet and good):
                print(tree.output[-3000:])
    return int(not (quiet and good))


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="./cradle bench kill", description=__doc__)
    options.add_argument("--seconds", type=float, default=5, help="of load before each kill (5)")
    options.add_argument("--rounds", type=int, default=2, help="how often each is killed (2)")
    return options


def run_and_kill(tree: Tree, stage: Stage, office: PostOffice, seconds: float, rounds: int) -> list[Writer]:
    writers = [kind(stage) for kind in WRITERS]
    for writer in writers:
        writer.start()
    wait_for_all(writers, office, since=time.monotonic())
    for _round in range(rounds):
        for victim in VICTIMS:
            time.sleep(seconds)
            killed = time.monotonic()
            os.kill(tree.running.children[victim], signal.SIGKILL)
            wait_for_all(writers, office, since=killed)
            took = time.monotonic() - killed
            tell(f"{victim} killed: all write again after, s", took, f"<= {RECOVERY:.0f}", took <= RECOVERY)
    time.sleep(seconds)
    for writer in writers:
        writer.stop()
    for writer in writers:
        writer.join(60)
    return writers


def wait_for_all(writers: list[Writer], office: PostOffice, since: float) -> None:
    """Until every writer has had an acknowledgement since, and a mail about a comment written since has arrived."""
    comments = next(writer for writer in writers if writer.kind == "comment")
    before = comments.count
    end = time.monotonic() + PATIENCE
    while newest_comment(office) <= before or any(writer.last <= since for writer in writers):
        if time.monotonic() > end:
            late = [writer.kind for writer in writers if writer.last <= since] or ["mails"]
            refused = [one for writer in writers for one in writer.refused][:5]
            sys.exit(f"Nothing for {PATIENCE} s from: {', '.join(late)}. Refused: {refused}")
        time.sleep(0.05)


def newest_comment(office: PostOffice) -> int:
    return max((int(number) for text in texts_of(office.mails[-20:]) for number in COMMENT.findall(text)), default=0)


def texts_of(mails: list[EmailMessage]) -> list[str]:
    return [part.get_content() for mail in mails if (part := mail.get_body(("plain",)))]


def settled(is_quiet: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if is_quiet():
            return True
        time.sleep(0.3)
    return False


def report_writes(aftermath: Any, writers: list[Writer]) -> bool:
    lost, twice, refused = [], [], []
    for writer in writers:
        tell(f"acknowledged: {writer.kind}", len(writer.acknowledged))
        there = aftermath.occurrences(writer)
        lost += [name for name in writer.acknowledged if name not in there]
        lost += [] if aftermath.stands(writer) else [f"{writer.kind}: an older one stands"]
        twice += [name for name, times in there.items() if times > 1]
        refused += writer.refused
    tell("without an answer: may stand or not", sum(len(writer.open) for writer in writers))
    tell("acknowledged writes lost", len(lost), "0", not lost)
    tell("writes that are there twice", len(twice), "0", not twice)
    tell("writes refused", len(refused), "0", not refused)
    for wrong in (lost, twice, refused):
        print(*[f"    {one}\n" for one in wrong[:5]], sep="", end="")
    return not (lost or twice or refused)


def report_usage(aftermath: Any, events: Events) -> bool:
    sent, counted = aftermath.events_sent(events), aftermath.events_counted()
    differing = aftermath.differing_figures(events)
    tell("events sent, each once", sent)
    tell("events counted - events sent", counted - sent, "0", counted == sent)
    tell("usage figures unlike those of sets", ", ".join(differing) or 0, "0", not differing)
    return counted == sent and not differing


def report_mails(aftermath: Any, writers: list[Writer], office: PostOffice, rounds: int) -> bool:
    comments = set(aftermath.occurrences(next(writer for writer in writers if writer.kind == "comment")))
    mails = list(office.mails)
    about = aftermath.named(texts_of(mails), comments)
    lost = comments - set(about)
    as_two = Counter(
        name for name, _id in {(name, mail["Message-ID"]) for name, mail in zip(about, mails, strict=True)}
    )
    split = [name for name, times in as_two.items() if name and times > 1]
    again = len(mails) - len({mail["Message-ID"] for mail in mails})
    possible = SENDERS * rounds * len(VICTIMS)
    tell("comments that bring a mail", len(comments))
    tell("mails lost", len(lost), "0", not lost)
    tell("mails repeated under another Message-ID", len(split), "0", not split)
    tell("mails about nothing that stands", about.count(None), "0", None not in about)
    tell("deliveries repeated under one Message-ID", again, f"<= {possible}", again <= possible)
    tell("jobs that did not end well", aftermath.parked(), "0", not aftermath.parked())
    return not (lost or split or None in about or again > possible or aftermath.parked())


if __name__ == "__main__":
    sys.exit(main())
