// libvterm for the tests' terminal. The title's type changed after 0.1, so it is read here.
#pragma once
#include <string.h>
#include <vterm.h>

/// Copies a string property (a whole C string in libvterm 0.1) into `text`; the bytes copied.
static inline size_t vterm_title(const VTermValue *value, char *text, size_t limit) {
    const char *title = value->string;
    size_t count = title ? strlen(title) : 0;
    if (count > limit) count = limit;
    if (count) memcpy(text, title, count);
    return count;
}
