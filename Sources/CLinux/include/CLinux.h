// What Swift cannot import from the C library or must not do itself: GNU-only calls, and code that
// runs inside signal handlers or between fork and exec.
#pragma once
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

// MARK: Waiting

enum {
    SYSTEM_READABLE = 1, SYSTEM_AWAKENED = 2, SYSTEM_CLOSED = 4, SYSTEM_TIMED_OUT = 8,
    SYSTEM_WRITABLE = 16
};
/// Waits until `tty` can be read (or written, when `writing`), `wake` was written, or `ns` passed
/// (< 0: for ever).
int system_wait(int tty, int wake, int writing, int64_t ns);
/// An event counter that does not block and is closed on exec; -1 on error.
int system_eventfd(void);
/// Waits for many descriptors at once; -1 on error.
int system_poller(void);
/// Has a poller tell when `descriptor` can be read, until it is closed. 0 or -1.
int system_poller_add(int poller, int descriptor);
/// Waits at most `milliseconds` (< 0: for ever) and says how many of up to 256 descriptors, put
/// into `ready`, can be read.
int system_poller_wait(int poller, int *ready, int milliseconds);
/// A file that lives in memory only; -1 on error.
int system_memory_file(const char *name);
/// Monotonic nanoseconds.
int64_t system_now(void);
/// Columns of a code point by the C library's UTF-8 tables, whatever the process's locale; -1
/// unknown.
int system_columns(uint32_t scalar);
/// Makes the process's character set UTF-8. 0 done, -1 the person chose another character set.
int system_use_utf8(void);

// MARK: The terminal

/// A description of the terminal behind `fd` that nobody else shares: its own non-blocking flag. -1
/// on error.
int system_open_terminal(int fd);
/// Rows and columns of a terminal; -1 when it is none.
int system_window_size(int fd, int *rows, int *columns);
int system_set_window_size(int fd, int rows, int columns);

/// Remembers the terminal, its line settings and the bytes that put its modes back. 0 or -1.
int system_terminal_adopt(int fd, const uint8_t *restore, size_t count);
/// Raw mode: every byte arrives as typed, no echo, no signals from keys. Arms the restore. 0 or -1.
int system_terminal_raw(void);
/// Puts modes and line settings back if they are armed. Safe in a signal handler and more than
/// once.
void system_terminal_restore(void);
/// Only the modes, so that late reports of the terminal can be read before echo returns.
void system_terminal_restore_modes(void);
/// Whether this process's group has the terminal.
int system_terminal_is_foreground(int fd);
/// The byte the terminal sends for Backspace by its line settings.
uint8_t system_terminal_erase_byte(void);
/// Forgets the terminal (its descriptor is about to close).
void system_terminal_release(void);

// MARK: Standard output and error while the screen is ours

/// Sends descriptors 1 and 2 to `log` until `system_output_return`. 0 or -1.
int system_output_divert(int log);
/// Gives descriptors 1 and 2 back. Safe in a signal handler.
void system_output_return(void);
/// Writes the end of what was diverted to standard error, control characters replaced. Safe in a
/// handler.
void system_output_print_tail(void);

// MARK: Signals

enum {
    SYSTEM_RESIZED = 1, SYSTEM_TERMINATED = 2, SYSTEM_CONTINUED = 4, SYSTEM_STOP_REQUESTED = 8
};
/// Installs handlers for SIGWINCH TERM HUP INT QUIT CONT TSTP (they note a flag and write `wake`)
/// and for crashes (they restore the terminal, then die of the same signal, or run the handler
/// before when `chain`).
void system_signals_install(int wake, int chain);
/// Puts the handlers back that were there before.
void system_signals_remove(void);
/// An alternate signal stack for the calling thread, so that a stack overflow is handled too.
void system_signals_use_stack(void);
/// Lets every signal reach the calling thread (dispatch workers block them and the mask is
/// inherited).
void system_signals_unblock(void);
/// Flags since the last call.
int system_signals_take(void);
/// Whether a signal that ends the process is waiting.
int system_signals_is_terminated(void);
/// The last signal that asked the process to end; 0 none.
int system_signals_last(void);
/// While another program has the terminal: Ctrl+C and Ctrl+\ are its business, SIGTSTP stops us as
/// usual.
void system_signals_yield(int on);
/// Stops this process group as Ctrl+Z would, and returns once it continues (or cannot be stopped).
void system_stop_self(void);
/// Ends the process with a signal's default action.
void system_die_of(int signal);
/// Replaces a signal's handler by its default action.
void system_signal_default(int signal);

// MARK: Processes

/// The flag of `posix_spawnattr_setflags` that gives a child a session of its own.
enum { SYSTEM_SPAWN_SESSION = 0x80 };
/// Has a child begin without the descriptors from `first` on. 0 or an error number.
int system_spawn_closing_others(posix_spawn_file_actions_t *actions, int first);
/// Both ends of a pipe, above the standard descriptors and closed on exec. 0 or -1.
int system_pipe(int *read_end, int *write_end);
/// A descriptor that becomes readable when a process ends; -1 on error.
int system_process_descriptor(pid_t pid);

// MARK: Threads and tests

/// Starts a detached thread with its own stack size. 0 or an error number.
int system_thread(void (*body)(void *), void *argument, size_t stack);
/// An id that no other living thread has.
uint64_t system_thread_id(void);
/// Runs a program on a new pseudo-terminal. `extra` becomes descriptor 3 when >= 0. The pid, or -1.
pid_t system_fork_terminal(int *master, int rows, int columns, const char *path,
                           char *const arguments[], char *const environment[], int extra);
/// Opens the program's side of a pseudo-terminal without making it the controlling terminal. -1 on
/// error.
int system_open_program_side(int master);
