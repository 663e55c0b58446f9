#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
static const int noted[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGCONT, SIGTSTP};
enum { CRASHES = sizeof crashes / sizeof *crashes, NOTED = sizeof noted / sizeof *noted };
static struct sigaction before_crash[CRASHES], before_noted[NOTED];
static atomic_int flags, last, yielding, is_installed, crashing;
static int wake_counter = -1, chains;

static void restore_all(void) {
    system_terminal_restore();
    system_output_return();
}

static void poke(void) {
    uint64_t one = 1;
    if (wake_counter >= 0) (void)!write(wake_counter, &one, sizeof one);
}

static void on_noted(int number) {
    int error = errno;
    if (atomic_load(&yielding) && (number == SIGINT || number == SIGQUIT)) return;
    int flag = number == SIGWINCH ? SYSTEM_RESIZED
        : number == SIGCONT       ? SYSTEM_CONTINUED
        : number == SIGTSTP       ? SYSTEM_STOP_REQUESTED
                                  : SYSTEM_TERMINATED;
    if (flag == SYSTEM_TERMINATED && atomic_exchange(&last, number) != 0) {
        // The second request: the loop does not answer, so end here and now.
        restore_all();
        system_die_of(number);
    }
    atomic_fetch_or(&flags, flag);
    poke();
    errno = error;
}

static void on_crash(int number, siginfo_t *info, void *machine) {
    if (!atomic_exchange(&crashing, 1)) {
        restore_all();
        system_output_print_tail();
    }
    if (chains) {
        for (int i = 0; i < CRASHES; i++) {
            if (crashes[i] == number && (before_crash[i].sa_flags & SA_SIGINFO)
                && before_crash[i].sa_sigaction) {
                before_crash[i].sa_sigaction(number, info, machine);
                return;
            }
        }
    }
    system_die_of(number);
}

void system_signals_use_stack(void) {
    enum { SIZE = 64 * 1024 };
    stack_t stack;
    memset(&stack, 0, sizeof stack);
    stack.ss_sp = malloc(SIZE);  // For the thread's life, which is the process's.
    stack.ss_size = SIZE;
    if (stack.ss_sp) sigaltstack(&stack, NULL);
}

void system_signals_unblock(void) {
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
}

void system_signals_install(int wake, int chain) {
    static atomic_int registered;
    wake_counter = wake;
    chains = chain;
    atomic_store(&flags, 0);
    atomic_store(&last, 0);
    if (!atomic_exchange(&registered, 1)) atexit(restore_all);
    if (atomic_exchange(&is_installed, 1)) return;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_noted;
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    for (int i = 0; i < NOTED; i++) sigaction(noted[i], &action, &before_noted[i]);
    signal(SIGPIPE, SIG_IGN);
    // `kill %1` of a stopped job continues it in the background with SIGTERM on its way: putting
    // the modes back there must not stop it again.
    signal(SIGTTOU, SIG_IGN);
    action.sa_sigaction = on_crash;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (int i = 0; i < CRASHES; i++) sigaction(crashes[i], &action, &before_crash[i]);
}

void system_signals_remove(void) {
    if (!atomic_exchange(&is_installed, 0)) return;
    for (int i = 0; i < NOTED; i++) sigaction(noted[i], &before_noted[i], NULL);
    for (int i = 0; i < CRASHES; i++) sigaction(crashes[i], &before_crash[i], NULL);
    wake_counter = -1;
}

int system_signals_take(void) { return atomic_exchange(&flags, 0); }
int system_signals_is_terminated(void) { return (atomic_load(&flags) & SYSTEM_TERMINATED) != 0; }
int system_signals_last(void) { return atomic_load(&last); }

void system_signal_default(int number) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigaction(number, &action, NULL);
}

void system_signals_yield(int on) {
    static struct sigaction kept;
    atomic_store(&yielding, on);
    if (on) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = SIG_DFL;
        sigaction(SIGTSTP, &action, &kept);
    } else {
        sigaction(SIGTSTP, &kept, NULL);
    }
}

void system_stop_self(void) {
    struct sigaction stop, kept;
    memset(&stop, 0, sizeof stop);
    stop.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &stop, &kept);
    atomic_fetch_and(&flags, ~SYSTEM_CONTINUED);
    kill(0, SIGTSTP);
    // The signal may be delivered to another thread after the handler is back, so wait for SIGCONT
    // first. In an orphaned process group the kernel drops SIGTSTP, so the wait is bounded.
    struct timespec moment = {0, 2000000};
    for (int i = 0; i < 50 && !(atomic_load(&flags) & SYSTEM_CONTINUED); i++)
        nanosleep(&moment, NULL);
    sigaction(SIGTSTP, &kept, NULL);
}

void system_die_of(int number) {
    system_signal_default(number);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
    raise(number);
    kill(getpid(), number);
    _exit(128 + number);
}
