#!/usr/bin/env python3
"""Draws a terminal's screen as an SVG picture: reads what `tmux capture-pane -ep` prints.

usage: screen_svg.py COLUMNS ROWS < screen > picture.svg
"""
import re
import sys
import unicodedata
from xml.sax.saxutils import escape

WIDTH, HEIGHT, SIZE = 8.4, 18, 14
GROUND, TEXT = "#14161b", "#d8dee9"
BASE = ["#2e3440", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d8dee9",
        "#8a94a6", "#ff7b86", "#b5e08f", "#ffd78a", "#84c5ff", "#dd9bff", "#7fd7e3", "#ffffff"]


def colour(number):
    if number < 16:
        return BASE[number]
    if number >= 232:
        level = 8 + 10 * (number - 232)
        return f"#{level:02x}{level:02x}{level:02x}"
    number -= 16
    levels = [0, 95, 135, 175, 215, 255]
    return "#%02x%02x%02x" % (levels[number // 36], levels[number // 6 % 6], levels[number % 6])


class Style:
    def __init__(self):
        self.foreground, self.background, self.flags = None, None, frozenset()

    def apply(self, text):
        codes = [int(code or 0) for code in re.split("[;:]", text)]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.__init__()
            elif code in (1, 2, 3, 4, 7, 9):
                self.flags |= {code}
            elif code in (22, 23, 24, 27, 29):
                self.flags -= {22: {1, 2}, 23: {3}, 24: {4}, 27: {7}, 29: {9}}[code]
            elif code in (38, 48):
                value, kind = None, codes.pop(0) if codes else 0
                if kind == 5 and codes:
                    value = colour(codes.pop(0))
                elif kind == 2 and len(codes) >= 3:
                    value = "#%02x%02x%02x" % tuple(codes.pop(0) for _ in range(3))
                self.set(code == 38, value)
            elif code in (39, 49):
                self.set(code == 39, None)
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.set(True, colour(code - 30 if code < 90 else code - 82))
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.set(False, colour(code - 40 if code < 100 else code - 92))

    def set(self, is_foreground, value):
        if is_foreground:
            self.foreground = value
        else:
            self.background = value

    def look(self):
        foreground, background = self.foreground or TEXT, self.background
        if 7 in self.flags:
            foreground, background = background or GROUND, foreground
        return foreground, background, self.flags


def runs(line):
    """Pieces of one look: column, columns, text, look."""
    style, column, pieces = Style(), 0, []
    for part in re.split(r"(\x1b\[[0-9;:]*m|\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)|[\x0e\x0f])", line):
        if part.startswith("\x1b["):
            style.apply(part[2:-1])
        elif part and part[0] not in "\x1b\x0e\x0f":
            columns = sum(2 if unicodedata.east_asian_width(c) in "WF" else
                          0 if unicodedata.combining(c) else 1 for c in part)
            pieces.append((column, columns, part, style.look()))
            column += columns
    return pieces


def main():
    columns, rows = int(sys.argv[1]), int(sys.argv[2])
    lines = sys.stdin.read().split("\n")[:rows]
    width, height = columns * WIDTH + 24, rows * HEIGHT + 24
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
          f'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{SIZE}">')
    print(f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>')
    for row, line in enumerate(lines):
        y = 12 + row * HEIGHT
        for column, count, text, (foreground, background, flags) in runs(line):
            x = 12 + column * WIDTH
            if background:
                print(f'<rect x="{x:.1f}" y="{y}" width="{count * WIDTH:.1f}" height="{HEIGHT}" '
                      f'fill="{background}"/>')
            if not text.strip():
                continue
            look = "".join(value for flag, value in {
                1: ' font-weight="bold"', 2: ' opacity="0.65"', 3: ' font-style="italic"',
                4: ' text-decoration="underline"'}.items() if flag in flags)
            print(f'<text x="{x:.1f}" y="{y + 13}" textLength="{count * WIDTH:.1f}" '
                  f'xml:space="preserve" fill="{foreground}"{look}>{escape(text)}</text>')
    print("</svg>")


main()
