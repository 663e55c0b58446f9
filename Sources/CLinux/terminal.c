#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

// One terminal per process. Everything a signal handler reads is set before `armed`.
static struct termios saved;
static int terminal = -1;
static uint8_t restore_bytes[512];
static size_t restore_count;
static atomic_int armed, modes_armed;

// A stalled terminal must not keep a dying process for ever.
enum { RESTORE_PATIENCE_MS = 500, TAIL_BYTES = 4096 };

int system_open_terminal(int fd) {
    char name[256];
    if (ttyname_r(fd, name, sizeof name) != 0) strcpy(name, "/dev/tty");
    int own = open(name, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    return own >= 0 ? own : open("/dev/tty", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int system_window_size(int fd, int *rows, int *columns) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size)) return -1;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int system_set_window_size(int fd, int rows, int columns) {
    struct winsize size = {(unsigned short)rows, (unsigned short)columns, 0, 0};
    return ioctl(fd, TIOCSWINSZ, &size);
}

int system_terminal_adopt(int fd, const uint8_t *restore, size_t count) {
    if (count > sizeof restore_bytes || tcgetattr(fd, &saved)) return -1;
    memcpy(restore_bytes, restore, count);
    restore_count = count;
    terminal = fd;
    return 0;
}

int system_terminal_raw(void) {
    struct termios raw = saved;
    cfmakeraw(&raw);
    raw.c_oflag |= OPOST & saved.c_oflag;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    atomic_store(&modes_armed, 1);
    atomic_store(&armed, 1);
    return tcsetattr(terminal, TCSADRAIN, &raw);
}

static void write_all(int fd, const uint8_t *bytes, size_t count) {
    int waited = 0;
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        } else if (written < 0 && errno == EAGAIN && waited < RESTORE_PATIENCE_MS) {
            struct pollfd polled = {fd, POLLOUT, 0};
            poll(&polled, 1, 20);
            waited += 20;
        } else if (!(written < 0 && errno == EINTR)) {
            return;
        }
    }
}

void system_terminal_restore_modes(void) {
    // Once only: a second time would pop titles and key modes that others pushed.
    if (terminal >= 0 && atomic_exchange(&modes_armed, 0))
        write_all(terminal, restore_bytes, restore_count);
}

void system_terminal_restore(void) {
    int error = errno;
    if (terminal >= 0 && atomic_exchange(&armed, 0)) {
        // In the background these calls would stop us instead of putting things back.
        sigset_t background, before;
        sigemptyset(&background);
        sigaddset(&background, SIGTTOU);
        pthread_sigmask(SIG_BLOCK, &background, &before);
        system_terminal_restore_modes();
        // What was typed but not read goes too: it may be half a mouse report.
        tcsetattr(terminal, TCSAFLUSH, &saved);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    errno = error;
}

int system_terminal_is_foreground(int fd) { return tcgetpgrp(fd) == getpgrp(); }

uint8_t system_terminal_erase_byte(void) { return saved.c_cc[VERASE]; }

void system_terminal_release(void) {
    system_terminal_restore();
    terminal = -1;
}

// MARK: Standard output and error

static int diverted_log = -1, kept_output = -1, kept_error = -1;
static off_t log_start;
static atomic_int is_diverted;

int system_output_divert(int log) {
    if (kept_output < 0) kept_output = fcntl(1, F_DUPFD_CLOEXEC, 3);
    if (kept_error < 0) kept_error = fcntl(2, F_DUPFD_CLOEXEC, 3);
    if (kept_output < 0 || kept_error < 0) return -1;
    if (log != diverted_log) {
        diverted_log = log;
        log_start = lseek(log, 0, SEEK_END);
    }
    atomic_store(&is_diverted, 1);
    if (dup2(log, 1) < 0 || dup2(log, 2) < 0) return -1;
    return 0;
}

void system_output_return(void) {
    if (!atomic_exchange(&is_diverted, 0)) return;
    dup2(kept_output, 1);
    dup2(kept_error, 2);
}

void system_output_print_tail(void) {
    static uint8_t tail[TAIL_BYTES];
    int log = diverted_log;
    if (log < 0) return;
    diverted_log = -1;
    off_t end = lseek(log, 0, SEEK_END);
    if (end <= log_start) return;
    off_t from = end - log_start > TAIL_BYTES ? end - TAIL_BYTES : log_start;
    ssize_t count = pread(log, tail, TAIL_BYTES, from);
    if (count <= 0) return;
    for (ssize_t i = 0; i < count; i++)
        if ((tail[i] < 32 && tail[i] != '\n' && tail[i] != '\t') || tail[i] == 127) tail[i] = '?';
    write_all(2, tail, (size_t)count);
}

// MARK: Pseudo-terminals

pid_t system_fork_terminal(int *master, int rows, int columns, const char *path,
                           char *const arguments[], char *const environment[], int extra) {
    struct winsize size = {(unsigned short)rows, (unsigned short)columns, 0, 0};
    pid_t child = forkpty(master, NULL, NULL, &size);
    if (child == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
        if (extra >= 0) dup2(extra, 3);
        close_range(extra >= 0 ? 4 : 3, ~0U, 0);
        execve(path, arguments, environment);
        _exit(127);
    }
    if (child > 0) fcntl(*master, F_SETFD, FD_CLOEXEC);
    return child;
}

int system_open_program_side(int master) {
    char name[128];
    if (ptsname_r(master, name, sizeof name) != 0) return -1;
    return open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
}
