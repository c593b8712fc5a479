internal import Glibc

/// Keeps datasets as they are while a job that relies on one is stored.
///
/// Jobs are accepted beside each other; a dataset changes alone. Both wait for a commit inside, so this
/// is a lock for the threads of requests, which may block, and for none of the cooperative pool.
///
/// `@unchecked Sendable`: the lock's memory is made and freed here, and only pthreads touches it.
final class DatasetGate: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_rwlock_t>

    init() {
        lock = .allocate(capacity: 1)
        let code = pthread_rwlock_init(lock, nil)
        precondition(code == 0, "no lock can be made: \(code)")
    }

    deinit {
        pthread_rwlock_destroy(lock)
        lock.deallocate()
    }

    /// Runs `body` while no dataset changes.
    func reading<Result>(_ body: () throws -> Result) rethrows -> Result {
        pthread_rwlock_rdlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        return try body()
    }

    /// Runs `body`, which changes a dataset, while no job is accepted and none else changes.
    func changing<Result>(_ body: () throws -> Result) rethrows -> Result {
        pthread_rwlock_wrlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        return try body()
    }
}
