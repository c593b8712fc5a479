import ArgumentParser
import Foundation

/// Whether a person is asked before something is done.
struct Confirmation: ParsableArguments {
    /// Nobody can be asked.
    struct Failure: Error, CustomStringConvertible {
        let description = "nobody can be asked here; --yes does it without asking"
    }

    @Flag(name: [.short, .long], help: "Do it without asking.")
    var yes = false

    /// Asks `question` on standard error, so that standard output holds the answer alone.
    ///
    /// - Returns: Whether the person said yes, or `--yes` did.
    /// - Throws: `Failure` where standard input is no terminal.
    func isGiven(_ question: String) throws -> Bool {
        guard !yes else { return true }
        guard isatty(STDIN_FILENO) == 1 else { throw Failure() }
        FileHandle.standardError.write(Data("\(question) [y/N] ".utf8))
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }
}
