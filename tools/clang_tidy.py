#!/usr/bin/env python3
"""clang-tidy over every source file of a build folder, in groups.

A file by itself spends most of its time in headers that the next file reads again: all files one by one take hours.
So files that are compiled alike are included, GROUP at a time, into one unit. Files that cannot stand in one unit
(two that name a helper of theirs alike) are found by compiling it: those complained about make the next unit.

    clang_tidy.py [--build build] [--jobs 2]
"""

import argparse
import concurrent.futures
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("src", "tests", "tools")
GROUP = 10


def options_of(entry):
    """How a file is compiled, without the file and what is made of it."""
    words = shlex.split(entry["command"])[1:]
    return tuple(words[:words.index("-o")])


def alike(build):
    """The source files of a build folder, by their room and how they are compiled."""
    groups, seen = {}, set()
    for entry in json.loads((build / "compile_commands.json").read_text()):
        file = Path(entry["file"])
        room = file.relative_to(ROOT).parts[0] if file.is_relative_to(ROOT) else None
        if room in ROOMS and file not in seen:
            seen.add(file)
            groups.setdefault((room, options_of(entry)), []).append(file)
    return groups


def complained_about(unit, files, options, build):
    """Those of its files that keep a unit from compiling, never all of them; none when it compiles."""
    command = ["clang++-14", "-fsyntax-only", "-Wno-everything", "-ferror-limit=0", *options, str(unit)]
    done = subprocess.run(command, cwd=build, stderr=subprocess.PIPE, text=True)
    # A header that breaks after a file before it only has a note on that file.
    for kind in ("error", "note") if done.returncode else ():
        named = set(re.findall(rf"^(/.*\.cpp):\d+:\d+: {kind}", done.stderr, re.MULTILINE))
        if bad := [file for file in files if str(file) in named]:
            return bad[:len(files) - 1]
    return []


def write_units(folder, options, files, build):
    """Shares files out among units that compile; returns the units."""
    units, left = [], files
    while left:
        files, left = left, []
        unit = folder / f"unit_{len(units)}.cpp"
        bad = files
        while bad:
            unit.write_text("".join(f'#include "{file}"\n' for file in files))
            bad = complained_about(unit, files, options, build)
            files = [file for file in files if file not in bad]
            left += bad
        units.append(unit)
    return units


def tidy(unit, options, build):
    """What clang-tidy says of a unit; nothing when it is content."""
    # A unit does include source files; nobody else does.
    command = ["clang-tidy-14", "--quiet", "--checks=-bugprone-suspicious-include", str(unit), "--", *options]
    done = subprocess.run(command, cwd=build, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return done.stdout or (done.stderr if done.returncode else "")


def lint(work):
    """What clang-tidy says of one group of files that are compiled alike."""
    folder, options, files, build = work
    folder.mkdir(parents=True)
    return "".join(tidy(unit, options, build) for unit in write_units(folder, options, files, build))


def groups_of(build):
    """Each group as lint() takes it, its folder below build-lint: inside of the project, whose .clang-tidy holds there."""
    out = ROOT / "build-lint"
    shutil.rmtree(out, ignore_errors=True)
    for number, ((room, options), files) in enumerate(sorted(alike(build).items())):
        files.sort()
        for start in range(0, len(files), GROUP):
            yield out / room / f"{number}_{start}", options, files[start:start + GROUP], build
        if (ROOT / room / ".clang-tidy").exists():
            (out / room).mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / room / ".clang-tidy", out / room)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=ROOT / "build", type=Path)
    parser.add_argument("--jobs", default=os.cpu_count(), type=int)
    chosen = parser.parse_args()
    groups = list(groups_of(chosen.build.resolve()))
    clean = True
    with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
        for said in pool.map(lint, groups):
            print(said, end="", flush=True)
            clean = clean and not said
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
