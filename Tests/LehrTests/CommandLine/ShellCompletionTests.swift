import Foundation
import Testing
import TrainingAPI

@testable import lehr

/// The completions as the shells themselves take them.
@Suite struct ShellCompletionTests {
    /// A shell for which there are completions.
    private enum Shell: String, CaseIterable {
        case bash, zsh, fish

        /// Where it is; `nil` where it is not installed.
        var path: String? {
            ["/bin/\(rawValue)", "/usr/bin/\(rawValue)"].first {
                FileManager.default.isExecutableFile(atPath: $0)
            }
        }
    }

    /// What a shell writes that runs `commands`, which find the script as `$FILE` in `$FOLDER`.
    private func output(
        of shell: Shell,
        running commands: String,
        server: String = "http://127.0.0.1:1"
    ) async throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "_lehr")
        // The shell writes the file itself: some scripts are longer than a pipe takes.
        let generate = "lehr --generate-completion-script \(shell.rawValue) > \"$FILE\"\n"
        let ending = try await LehrProcess(
            ["-c", generate + commands],
            executable: shell.path,
            environment: [
                "FILE": file.path, "FOLDER": folder.path, "HOME": folder.path,
                "LEHR_SERVER": server, "PATH": "\(LehrProcess.folder.path):/usr/bin:/bin",
            ]
        ).ending()
        #expect(ending.errors == "")
        return ending.lines.map(String.init)
    }

    @Test(.enabled(if: Shell.bash.path != nil, "bash is not installed"))
    func `bash completes a command, and a job by asking the server`() async throws {
        let service = try JobService([.sample("queued")])
        defer { service.stop() }
        func completed(_ words: [String]) async throws -> [String] {
            let list = words.map { "'\($0)'" }.joined(separator: " ")
            let line = words.joined(separator: " ")
            return try await output(
                of: .bash,
                running: """
                    source "$FILE"
                    COMP_WORDS=(\(list)) COMP_CWORD=\(words.count - 1) COMP_LINE='\(line)'
                    COMP_POINT=\(line.count)
                    _lehr lehr '\(words[words.count - 1])' '\(words[words.count - 2])'
                    printf '%s\\n' "${COMPREPLY[@]}"
                    """,
                server: service.url
            )
        }
        #expect(try await completed(["lehr", "subm"]) == ["submit"])
        let id = JobBody.sample().id
        #expect(try await completed(["lehr", "show", "0197"]) == [id])
        #expect(try await completed(["lehr", "watch", "fash"]) == ["fashion-cosine"])
    }

    @Test(.enabled(if: Shell.zsh.path != nil, "zsh is not installed"))
    func `zsh finds the completions and can load them`() async throws {
        let lines = try await output(
            of: .zsh,
            running: """
                fpath=("$FOLDER" $fpath)
                autoload -Uz compinit
                compinit -u -D
                print -r -- $_comps[lehr]
                autoload +X _lehr
                whence -w _lehr
                """
        )
        #expect(lines == ["_lehr", "_lehr: function"])
    }

    @Test(.enabled(if: Shell.fish.path != nil, "fish is not installed"))
    func `fish completes a command`() async throws {
        let lines = try await output(
            of: .fish,
            running: #"source "$FILE"; complete -C "lehr subm""#
        )
        #expect(lines == ["submit\tSubmit a job."])
    }
}
