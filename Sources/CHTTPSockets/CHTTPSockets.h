// The Linux calls that Swift's Glibc module does not carry: epoll, eventfd and accept4.

#ifndef CHTTPSOCKETS_H
#define CHTTPSOCKETS_H

// No header that Glibc's module covers: a type must not be defined by two modules.
#include <sys/epoll.h>
#include <sys/eventfd.h>

struct sockaddr;

// Declared by hand: the system's declaration is hidden unless _GNU_SOURCE was set first.
extern int accept4(int descriptor, struct sockaddr *address, unsigned int *length, int flags);

#define CHTTP_READABLE 1u
#define CHTTP_WRITABLE 2u
#define CHTTP_PEER_CLOSED 4u
#define CHTTP_FAILED 8u

#define CHTTP_BATCH 128

// One ready descriptor. Unlike struct epoll_event it has the same layout on every architecture.
struct chttp_event {
    uint64_t token;
    uint32_t readiness;
};

static inline int chttp_poll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline uint32_t chttp_epoll_mask(uint32_t readiness) {
    uint32_t mask = 0;
    if (readiness & CHTTP_READABLE) mask |= EPOLLIN;
    if (readiness & CHTTP_WRITABLE) mask |= EPOLLOUT;
    if (readiness & CHTTP_PEER_CLOSED) mask |= EPOLLRDHUP;
    return mask;
}

static inline int chttp_poll_add(int poll, int descriptor, uint32_t readiness, uint64_t token) {
    struct epoll_event event = {.events = chttp_epoll_mask(readiness), .data = {.u64 = token}};
    return epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
}

static inline int chttp_poll_change(int poll, int descriptor, uint32_t readiness, uint64_t token) {
    struct epoll_event event = {.events = chttp_epoll_mask(readiness), .data = {.u64 = token}};
    return epoll_ctl(poll, EPOLL_CTL_MOD, descriptor, &event);
}

// Fills `events`, which has room for CHTTP_BATCH, with what is ready, or becomes so within the
// milliseconds.
static inline int chttp_poll_collect(int poll, struct chttp_event *events, int milliseconds) {
    struct epoll_event ready[CHTTP_BATCH];
    int count = epoll_wait(poll, ready, CHTTP_BATCH, milliseconds);
    for (int i = 0; i < count; i++) {
        uint32_t mask = ready[i].events, readiness = 0;
        if (mask & EPOLLIN) readiness |= CHTTP_READABLE;
        if (mask & EPOLLOUT) readiness |= CHTTP_WRITABLE;
        if (mask & EPOLLRDHUP) readiness |= CHTTP_PEER_CLOSED;
        if (mask & (EPOLLERR | EPOLLHUP)) readiness |= CHTTP_FAILED;
        events[i].token = ready[i].data.u64;
        events[i].readiness = readiness;
    }
    return count;
}

static inline int chttp_wakeup_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

static inline void chttp_wakeup_signal(int descriptor) {
    // Fails only when 2^64 - 2 signals wait, which wake the reader as well.
    (void)eventfd_write(descriptor, 1);
}

static inline void chttp_wakeup_clear(int descriptor) {
    // Fails only when no signal waits.
    eventfd_t count;
    (void)eventfd_read(descriptor, &count);
}

// Accepts one connection, non-blocking and close-on-exec; -1 and errno when there is none.
// `address` is a struct sockaddr_storage.
static inline int chttp_accept(int listener, void *address, unsigned int *length) {
    // Linux defines the flags of sockets and of event descriptors alike, by those of open().
    return accept4(listener, (struct sockaddr *)address, length, EFD_NONBLOCK | EFD_CLOEXEC);
}

#endif
