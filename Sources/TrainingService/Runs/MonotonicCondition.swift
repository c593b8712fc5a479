internal import Foundation

/// A lock with a condition, whose waits end after the time that they were given whatever the wall clock
/// is set to meanwhile.
///
/// `NSCondition` waits until an instant of the wall clock: where that is set back by an hour, a wait of a
/// second takes an hour more.
///
/// `@unchecked`: the system's lock and condition may be used by every thread; they stay where they are.
package final class MonotonicCondition: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// Makes a condition for which nobody waits.
    package init() {
        mutex.initialize(to: pthread_mutex_t())
        condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Takes the lock; waits while another thread has it.
    package func lock() {
        pthread_mutex_lock(mutex)
    }

    /// Lets go of the lock.
    package func unlock() {
        pthread_mutex_unlock(mutex)
    }

    /// Wakes a thread that waits; the lock must be held.
    package func signal() {
        pthread_cond_signal(condition)
    }

    /// Wakes all threads that wait; the lock must be held.
    package func broadcast() {
        pthread_cond_broadcast(condition)
    }

    /// Lets go of the lock until it is woken, which may also be for nothing.
    package func wait() {
        pthread_cond_wait(condition, mutex)
    }

    /// Lets go of the lock until it is woken, which may also be for nothing, or until `deadline`.
    ///
    /// - Parameter deadline: When the wait ends.
    /// - Returns: Whether it was woken before.
    @discardableResult
    package func wait(until deadline: ContinuousClock.Instant) -> Bool {
        let rest = max(deadline - .now, .zero).components
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        let nanoseconds = end.tv_nsec + Int(rest.attoseconds / 1_000_000_000)
        // A wait that is longer than a year is as good as one without an end.
        end.tv_sec += Int(min(rest.seconds, 31_536_000)) + nanoseconds / 1_000_000_000
        end.tv_nsec = nanoseconds % 1_000_000_000
        return pthread_cond_timedwait(condition, mutex, &end) == 0
    }
}
