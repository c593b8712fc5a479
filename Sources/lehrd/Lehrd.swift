import ArgumentParser

/// The server and its workers.
@main struct Lehrd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lehrd",
        abstract: "Trains models under learning-rate schedules, as an HTTP service.",
        discussion: """
            lehrd serve                                  on 127.0.0.1:8080, data in ./lehr-data
            lehrd serve --listen 127.0.0.1:0 --workers 2 --data /var/lib/lehr
            lehrd serve --listen 0.0.0.0:8443 --token-file tokens \
                --tls-certificate server.pem --tls-key server.key
            lehrd work --server http://127.0.0.1:8080    another worker for a running server
            lehrd backup --data /var/lib/lehr /mnt/backup/monday
            lehrd token ann --scope write --file tokens  a token for a person or a program
            """,
        subcommands: [Serve.self, Work.self, Backup.self, Token.self]
    )
}
