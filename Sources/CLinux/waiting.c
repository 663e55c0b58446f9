#define _GNU_SOURCE
#include "CLinux.h"
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

int system_wait(int tty, int wake, int writing, int64_t ns) {
    struct pollfd polled[2] = {
        {tty, (short)(POLLIN | (writing ? POLLOUT : 0)), 0}, {wake, POLLIN, 0}};
    struct timespec time = {ns / 1000000000, ns % 1000000000};
    int count = ppoll(polled, 2, ns < 0 ? NULL : &time, NULL);
    if (count < 0) return 0;
    if (count == 0) return SYSTEM_TIMED_OUT;
    short seen = polled[0].revents;
    return (seen & POLLIN ? SYSTEM_READABLE : 0) | (seen & POLLOUT ? SYSTEM_WRITABLE : 0)
        | (seen & (POLLHUP | POLLERR | POLLNVAL) ? SYSTEM_CLOSED : 0)
        | (polled[1].revents ? SYSTEM_AWAKENED : 0);
}

int system_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

int system_poller(void) { return epoll_create1(EPOLL_CLOEXEC); }

int system_poller_add(int poller, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN, .data = {.fd = descriptor}};
    return epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event);
}

int system_poller_wait(int poller, int *ready, int milliseconds) {
    struct epoll_event events[256];
    int count = epoll_wait(poller, events, 256, milliseconds);
    for (int i = 0; i < count; i++) ready[i] = events[i].data.fd;
    return count < 0 ? 0 : count;
}

int system_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int64_t system_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static locale_t utf8_locale;
static pthread_once_t utf8_once = PTHREAD_ONCE_INIT;
static void make_utf8_locale(void) {
    utf8_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

int system_columns(uint32_t scalar) {
    pthread_once(&utf8_once, make_utf8_locale);
    if (!utf8_locale) return wcwidth((wchar_t)scalar);
    locale_t before = uselocale(utf8_locale);
    int columns = wcwidth((wchar_t)scalar);
    uselocale(before);
    return columns;
}

int system_use_utf8(void) {
    if (setlocale(LC_CTYPE, "") && strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0) return 0;
    const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (int i = 0; i < 3; i++) {
        const char *chosen = getenv(names[i]);
        if (!chosen || !*chosen) continue;
        // A UTF-8 locale that is not installed still says what the terminal speaks.
        if (strcasestr(chosen, "utf-8") || strcasestr(chosen, "utf8")) break;
        return -1;
    }
    return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

struct start { void (*body)(void *); void *argument; };
static void *run_thread(void *start) {
    struct start copy = *(struct start *)start;
    free(start);
    copy.body(copy.argument);
    return NULL;
}

int system_thread(void (*body)(void *), void *argument, size_t stack) {
    struct start *start = malloc(sizeof *start);
    if (!start) return 12;
    *start = (struct start){body, argument};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    int error = pthread_create(&thread, &attributes, run_thread, start);
    pthread_attr_destroy(&attributes);
    if (error) free(start);
    return error;
}

uint64_t system_thread_id(void) { return (uint64_t)syscall(SYS_gettid); }
