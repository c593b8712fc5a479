import Foundation
import Synchronization
import TestSupport

/// What makes real processes meet a failing fsync and a wall clock that is set: a library that is built
/// from `Tests/FaultShim/FaultShim.c` and preloaded, and the file by which it is told what to do.
///
/// The faults are made between the program and the system, so that the program under test is the one that
/// people run, and has no switch for them.
final class FaultShim: Sendable {
    /// Why there is no library.
    struct Failure: Error {
        let description: String
    }

    private let folder: TemporaryFolder
    /// The file, mapped; its layout is that of `struct control`.
    ///
    /// Written here and read there, word by word.
    nonisolated(unsafe) private let control: UnsafeMutableRawPointer
    /// What a process needs in its environment to meet the faults.
    let environment: [String: String]

    /// Builds the library and makes the file.
    init() throws {
        folder = try TemporaryFolder()
        let source = URL(filePath: #filePath)
            .appending(path: "../../../FaultShim/FaultShim.c").standardized
        let library = folder.url.appending(path: "faults.so").path
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["clang", "-shared", "-fPIC", "-O2", source.path, "-o", library]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else {
            throw Failure(description: "clang cannot build \(source.path)")
        }
        let file = folder.url.appending(path: "faults").path
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let size = 4_096
        guard descriptor >= 0, ftruncate(descriptor, off_t(size)) == 0,
            let control = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            control != MAP_FAILED
        else { throw Failure(description: "\(file) cannot be mapped") }
        self.control = control
        environment = ["LD_PRELOAD": library, "LEHR_TEST_FAULTS": file]
    }

    deinit { munmap(control, 4_096) }

    /// Sets the wall clock of the processes so far from the true time, at once.
    func setClock(_ seconds: Int64) {
        control.storeBytes(of: seconds * 1_000_000_000, as: Int64.self)
    }

    /// Makes the next flushes of checkpoints and artifacts to disk fail.
    func failSyncs(_ count: Int32) {
        control.storeBytes(of: count, toByteOffset: 8, as: Int32.self)
    }

    /// How many flushes have failed.
    var failedSyncs: Int { Int(control.load(fromByteOffset: 12, as: Int32.self)) }

    /// How often a process has read a wall clock that was set.
    var steppedReads: Int { Int(control.load(fromByteOffset: 16, as: Int64.self)) }
}
