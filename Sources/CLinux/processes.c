#define _GNU_SOURCE
#include "CLinux.h"
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(SYSTEM_SPAWN_SESSION == POSIX_SPAWN_SETSID, "the flag of the C library");

int system_spawn_closing_others(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

// A standard descriptor that was closed must not become an end: the child's would overwrite it.
static int above_standard(int fd) {
    if (fd > 2) return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    close(fd);
    return moved;
}

int system_pipe(int *read_end, int *write_end) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) return -1;
    *read_end = above_standard(ends[0]);
    *write_end = above_standard(ends[1]);
    if (*read_end >= 0 && *write_end >= 0) return 0;
    if (*read_end >= 0) close(*read_end);
    if (*write_end >= 0) close(*write_end);
    return -1;
}

int system_process_descriptor(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }
