// What Swift cannot import from ncurses: macros with arguments, mutable globals, wide-character
// cells.
#pragma once
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <curses.h>
#include <term.h>

static const uint32_t ncurses_bold = A_BOLD, ncurses_dim = A_DIM, ncurses_italic = A_ITALIC,
                      ncurses_underline = A_UNDERLINE, ncurses_reverse = A_REVERSE,
                      ncurses_blink = A_BLINK;

static inline WINDOW *ncurses_screen(void) { return stdscr; }
static inline int ncurses_colors(void) { return COLORS; }

/// Whether the terminal that `setupterm` loaded can place its cursor.
static inline int ncurses_can_move(void) {
    const char *capability = tigetstr("cup");
    return capability != NULL && capability != (const char *)-1;
}

/// Whether the terminal has a second screen to go to.
static inline int ncurses_has_alternate_screen(void) {
    const char *capability = tigetstr("smcup");
    return capability != NULL && capability != (const char *)-1 && capability[0] != 0;
}

/// Loads the description of a terminal; 1 when it is there, else ncurses' reason (0 or -1).
static inline int ncurses_load(const char *name, int fd) {
    int reason = 0;
    if (setupterm(name, fd, &reason) == OK) return 1;
    return reason == 1 ? 0 : reason;
}

/// Fills one cell: up to five code points, attributes, colour pair.
static inline void ncurses_fill(cchar_t *cell, const uint32_t *scalars, int count,
                                uint32_t attributes, int pair) {
    memset(cell, 0, sizeof *cell);
    for (int i = 0; i < count && i < CCHARW_MAX; i++) cell->chars[i] = (wchar_t)scalars[i];
    // Pairs above 255 live in the extended field only; the attribute keeps what fits, as setcchar
    // does.
    cell->attr = attributes | (attr_t)COLOR_PAIR(pair > 255 ? 255 : pair);
    cell->ext_color = pair;
}

/// Makes the next frame rewrite every cell without erasing the display first.
static inline void ncurses_forget_screen(void) {
    clearok(curscr, FALSE);
    redrawwin(stdscr);
}

/// Makes the next frame erase the display and draw everything.
static inline void ncurses_erase_next(void) { clearok(curscr, TRUE); }
