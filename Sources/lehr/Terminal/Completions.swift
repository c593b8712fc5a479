import ArgumentParser
import Schedules
import TrainingAPI
import TrainingClient

/// What the shell offers where a command wants something that only a server or a file knows.
///
/// Where that cannot be had within a second, it offers nothing: a key was pressed, and nobody asked for an
/// error.
enum Completions {
    /// The newest jobs: their names, ids and `@last`.
    static let jobs = CompletionKind.custom { words, _, _ in
        await offer(words) { client in
            let jobs = try await client.jobs(JobQuery(limit: 50)).value.items
            var seen: Set<String> = []
            let names = jobs.compactMap(\.name).filter { seen.insert($0).inserted }
            return ["@last"] + names + jobs.map(\.id)
        }
    }

    /// The names of stored schedules.
    static let schedules = CompletionKind.custom { words, _, _ in
        await offer(words) { client in try await client.storedSchedules().value.items.map(\.name) }
    }

    /// The kinds of schedules.
    static let scheduleTypes = CompletionKind.custom { _, _, _ in
        ScheduleCatalogue.types.map(\.name)
    }

    /// The names of profiles.
    static let profiles: @Sendable ([String], Int, String) -> [String] = { _, _, _ in
        guard let profiles = try? ProfileFile(.process)?.read() else { return [] }
        return profiles.profiles.keys.sorted()
    }

    private static func offer(
        _ words: [String],
        _ read: (LehrClient) async throws -> [String]
    ) async -> [String] {
        func value(of option: String) -> String? {
            guard let place = words.firstIndex(of: option), place + 1 < words.count else {
                return nil
            }
            return words[place + 1]
        }
        var options = ServerChoice.Arguments()
        options.server = value(of: "--server")
        options.profile = value(of: "--profile")
        guard
            let choice = try? ServerChoice(
                options,
                .process,
                profiles: { try ProfileFile(.process)?.read() ?? Profiles() }
            )
        else { return [] }
        var configuration = TransportConfiguration()
        configuration.timeouts = ClientTimeouts(connect: .seconds(1), total: .seconds(1))
        let (client, transport) = choice.connect(configuration)
        let found = try? await read(client)
        await transport.close()
        return found ?? []
    }
}
