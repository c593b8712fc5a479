// The Linux calls about processes that Swift's Glibc module does not carry.

#ifndef CPROCESSES_H
#define CPROCESSES_H

// Declared by hand: the system hides these unless _GNU_SOURCE was set first. `actions` is a
// posix_spawn_file_actions_t, a type that no second module may define.
extern int prctl(int option, ...);
extern int pipe2(int ends[2], int flags);
extern int posix_spawn_file_actions_addchdir_np(void *actions, const char *path);
extern int posix_spawn_file_actions_addclosefrom_np(void *actions, int from);

// What the processes below this one leave behind becomes this one's to wait for (PR_SET_CHILD_SUBREAPER).
static inline int cprocesses_become_reaper(void) { return prctl(36, 1UL, 0UL, 0UL, 0UL); }

// A pipe whose ends no program that is started inherits (O_CLOEXEC).
static inline int cprocesses_pipe(int ends[2]) { return pipe2(ends, 02000000); }

// Starts a process in a folder.
static inline int cprocesses_start_in(void *actions, const char *path) {
    return posix_spawn_file_actions_addchdir_np(actions, path);
}

// Closes every descriptor from a number on in a process that is started.
static inline int cprocesses_close_from(void *actions, int number) {
    return posix_spawn_file_actions_addclosefrom_np(actions, number);
}

#endif
