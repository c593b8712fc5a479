import ArgumentParser
import Foundation
import Glibc
import TrainingService

/// Makes a token for a person or a program.
struct Token: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a token, which is shown once, and its line for the server's token file.",
        discussion: """
            lehrd token ann --scope write --file tokens     appends the line, prints the token
            lehrd token node7 --scope worker                prints both
            lehrd token dashboard --scope read --rate 20

            Scopes: read reads; write submits and changes, and reads; worker is for lehrd work; admin
            may do everything. The file holds SHA-256 of the token, not the token. A running server
            reads its file again at SIGHUP; taking a line away takes the token away.
            """
    )

    @Argument(help: "Whose token it is: 1 to 64 letters, digits and -_.@")
    var name: String

    @Option(help: "What it allows: read, write, worker or admin; several times for several.")
    var scope: [Scope]

    @Option(help: "The most requests a second; by default what the server says.")
    var rate: Int?

    @Option(
        help: "The file to append the line to; made where it is not there, for its owner alone."
    )
    var file: String?

    func validate() throws {
        guard TokenFile.isName(name) else {
            throw ValidationError("a name has 1 to 64 letters, digits and -_.@, got \"\(name)\"")
        }
        guard !scope.isEmpty else { throw ValidationError("--scope must be given at least once") }
        if let rate, rate < 1 { throw ValidationError("--rate must be at least 1, got \(rate)") }
    }

    func run() throws {
        let secret = AccessToken.makeSecret()
        var token = AccessToken(secret, name: name, scopes: Set(scope))
        token.requestsPerSecond = rate
        let line = TokenFile.line(token)
        if let file {
            try append(line, to: file)
            print(secret)
        } else {
            print("token  \(secret)\nline   \(line)")
        }
    }

    private func append(_ line: String, to file: String) throws {
        let url = URL(filePath: file)
        if FileManager.default.fileExists(atPath: file) {
            let known = try TokenFile.read(String(contentsOf: url, encoding: .utf8))
            guard !known.contains(where: { $0.name == name }) else {
                throw ValidationError("\(file) has a token of the name \(name) already")
            }
        }
        let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ValidationError("\(file) cannot be written: \(String(cString: strerror(errno)))")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data("\(line)\n".utf8))
    }
}

extension Scope: ExpressibleByArgument {}
